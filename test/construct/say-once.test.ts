import { App, because, ComposeFile, EnvVar, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { ask } from "../lamb/compose";
import { describeWith } from "../support/tools";

const HOST = new EnvVar("HOST", { meaning: "name of the host under which people reach it", required: true });
const DEMANDED = "${HOST:?set it in .env: name of the host under which people reach it}";

function textOf(fill: (file: ComposeFile) => void): string {
  const app = new App();
  fill(new ComposeFile(app, "file", { fileName: "compose.yaml", name: "once" }));
  return app.synth().assertValid().files.get("compose.yaml") ?? "";
}

const healthcheck = { test: ["NONE"] };
const two = (file: ComposeFile) => {
  new Service(file, "one", {
    image: "one:1",
    healthcheck,
    environment: { A: HOST, B: `https://${HOST}/b`, C: "$${HOST}" },
  });
  new Service(file, "two", {
    image: "two:1",
    healthcheck,
    environment: because("Others ask it.", { HOST }),
    "x-address": `${HOST}`,
  });
};

describe("long texts of a file", () => {
  it("demand a variable, and say what it means, where it stands first", () => {
    const text = textOf(two);
    expect(text.split("name of the host under which people reach it")).toHaveLength(2);
    expect(text).toContain(`A: "${DEMANDED}"`);
    expect(text).toContain("B: https://${HOST}/b\n");
    expect(text).toContain("HOST: ${HOST}\n");
    expect(text).toContain("C: $${HOST}");
  });

  it("are comments once in a service, and again in the next one", () => {
    const why = (value: string) => because("Old links lead there.", value);
    const text = textOf((file) => {
      for (const name of ["one", "two"])
        new Service(file, name, { image: "one:1", healthcheck, environment: { A: why("a"), B: why("b") } });
    });
    expect(text.split("# Old links lead there.")).toHaveLength(3);
  });
});

// docker compose config, with HOST in the .env and without
describeWith("docker-compose", "what Compose makes of it", () => {
  it("is the same with a value, and without one the message with its meaning, wherever it looks first", () => {
    const text = textOf(two);
    const plain = text.replaceAll(/\$\{HOST:\?[^}]*\}/g, "${HOST}");
    const asked = (content: string, env: string) =>
      ask(new Map([["compose.yaml", content]]), ["config"], { envText: env, folder: "once" });
    expect(asked(text, "HOST=a.test\n").status).toBe(0);
    expect(asked(text, "HOST=a.test\n")).toEqual(asked(plain, "HOST=a.test\n"));
    const missing = "required variable HOST is missing a value: set it in .env: name of the host";
    // Compose looks at services in any order.
    for (let time = 0; time < 8; time++) expect(asked(text, "").stderr).toContain(missing);
  });
});
