import { describe, expect, it } from "vitest";
import { envContract } from "../../lib/env/contract";
import { Stack } from "./env-stack";

describe("the contract", () => {
  const { contract } = new Stack();
  const variable = (name: string) => contract.variables.find((candidate) => candidate.name === name);

  it("has each variable once, in the order of the program", () => {
    expect(contract.variables.map(({ name }) => name)).toEqual([
      ...["TOKEN", "MAIL", "URL", "WEB_PORT", "API_KEY", "PREFIX", "PUBLIC_HOST"],
    ]);
  });

  it("says who uses a variable, and which files mention it", () => {
    expect(variable("TOKEN")).toMatchObject({ usedBy: ["web", "worker"], files: ["docker-compose.next.yaml"] });
    expect(variable("PUBLIC_HOST")).toMatchObject({ usedBy: ["web"], files: ["docker-compose.next.prod.yaml"] });
  });

  it("has the defaults as Compose reads them", () => {
    expect(variable("URL")?.default).toBe("http://localhost:${WEB_PORT:-8080}");
    expect(variable("TOKEN")?.default).toBeUndefined();
  });

  it("knows what is mentioned as text, profiles and retired names", () => {
    expect(contract.unexplained).toEqual(["TAG"]);
    expect(contract.profiles).toEqual([{ name: "work", services: ["worker"], enabled: false }]);
    expect(contract.retired.map(({ name }) => name)).toEqual(["DATA_PATH", "OLD_HOST", "PROJECT_PATH"]);
  });

  it("is plain data but for the types", () => {
    const { variables, ...rest } = contract;
    const plain = variables.map(({ type: _, ...data }) => data);
    const stored = JSON.parse(JSON.stringify({ variables: plain, ...rest }));
    expect(stored).toEqual({ variables: plain, ...rest });
  });

  it("of all files is that of the app", () => {
    const { app } = new Stack();
    expect(envContract(app.synth().context).variables).toEqual(contract.variables);
  });

  it("of one file has only what that file mentions", () => {
    const { app, base } = new Stack();
    const names = envContract(app.synth().context, { files: [base] }).variables.map(({ name }) => name);
    expect(names).not.toContain("PUBLIC_HOST");
  });
});
