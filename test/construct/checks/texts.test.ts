import { Artifact, because, ComposeFile, EnvVar, escapeDollar, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../../support/tools";
import { codesOf, findingOf, program, textOf } from "../support";

describe("a variable with two meanings", () => {
  it("is a finding at the second place, which names the first", () => {
    const { app, file } = program();
    const other = new ComposeFile(app, "other");
    new Service(file, "a", { image: "x:1", environment: { P: new EnvVar("PORT", { meaning: "web", default: 80 }) } });
    new Service(other, "b", {
      image: "x:1",
      environment: { Q: `${new EnvVar("PORT", { meaning: "api", default: 80 })}` },
    });
    expect(findingOf(app, "variable-conflict")).toEqual({
      code: "variable-conflict",
      severity: "error",
      construct: "other/b",
      file: other.fileName,
      path: "services.b.environment.Q",
      value: "PORT",
      reason: "the variable has another meaning, default or rule here than in next/a at services.a.environment.P",
      fix: "use one EnvVar object in both places, or give one of them another name",
    });
  });

  it.each([
    ["default", { default: 1 }, { default: 2 }],
    ["whether it is required", {}, { required: true }],
    ["whether it is secret", {}, { secret: true }],
    ["rule", { type: () => expect.fail() }, {}],
    ["names", { formerNames: ["A"] }, { formerNames: ["B"] }],
  ])("may differ in its %s", (_, one, other) => {
    const { app, file } = program();
    const names = { A: new EnvVar("V", { meaning: "m", ...one }), B: new EnvVar("V", { meaning: "m", ...other }) };
    new Service(file, "a", { image: "x:1", environment: names });
    expect(codesOf(app)[0]).toBe("variable-conflict");
  });

  it("has two types when two functions look alike: what they demand is not in their text", () => {
    const { app, file } = program();
    const atLeast = (length: number) => new EnvVar("V", { meaning: "m", type: (zod) => zod.string().min(length) });
    new Service(file, "a", { image: "x:1", environment: { A: atLeast(1), B: atLeast(50) } });
    expect(codesOf(app)).toEqual(["variable-conflict"]);
    expect(app.synth().deployments[0]?.variable("V")).toBe(app.synth().context.variables()[0]);
  });

  it("is not one that two objects define alike", () => {
    const { app, file } = program();
    const props = { meaning: "m", default: 1, refused: ["x"] };
    new Service(file, "a", { image: "x:1", environment: { A: new EnvVar("V", props), B: new EnvVar("V", props) } });
    expect(codesOf(app)).toEqual([]);
  });
});

describe("a variable where no value can be put", () => {
  const host = new EnvVar("HOST", { meaning: "the host", default: "h" });

  it("is a finding: its mark would be in the file", () => {
    const { app, file } = program({ description: `For ${host}` });
    new Artifact(app, "caddyfile", { fileName: "Caddyfile", content: `{$${host}} and {$${host}}` });
    const other = new ComposeFile(app, "other");
    new Service(other, "a", { image: "x:1", labels: { [`rule.${host}`]: "1" } });
    const last = new ComposeFile(app, "last");
    new Service(last, "a", { image: "x:1", labels: because(`for ${host}`, { a: "1" }) });
    const findings = app.synth().findings.filter(({ code }) => code === "stray-variable");
    expect(findings.map((finding) => [finding.construct, finding.file, finding.value])).toEqual([
      ["next", file.fileName, "HOST"],
      ["other", other.fileName, "HOST"],
      ["last", last.fileName, "HOST"],
      ["caddyfile", "Caddyfile", "HOST"],
    ]);
  });
});

describe("a ${ that Compose cannot read", () => {
  it.each(["${", "${A", "${1}", "${A b}", "${A:-${}", "a $B ${"])("is a finding: %s", (text) => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", environment: { PASSWORD: text } });
    const finding = findingOf(app, "invalid-template");
    expect(finding).toMatchObject({ construct: "next/a", path: "services.a.environment.PASSWORD", severity: "error" });
    expect(finding.value).toBeUndefined();
  });

  it("is not shown, for it could be a password", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", environment: { PASSWORD: "hunter${2" } });
    expect(JSON.stringify(findingOf(app, "invalid-template"))).not.toContain("hunter");
  });

  it("is none as a literal, written twice, or a $ by itself", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", environment: { A: escapeDollar("a$ ${"), B: "a$$ $${", C: "a$ 5$!" } });
    expect(codesOf(app)).toEqual([]);
  });

  describeWith("docker-compose", "to Compose", () => {
    it.each(["${", "${A", "${1}", "${A b}", "${A:-${}", "a $B ${"])("is refused, too: %s", (text) => {
      const { app, file } = program();
      new Service(file, "a", { image: "x:1", environment: { PASSWORD: text } });
      expect(dockerCompose(["-f", "-", "config", "-q"], { input: textOf(app) }).status).not.toBe(0);
    });
  });
});

describe("a text that no YAML file can hold", () => {
  it.each([
    ["half of a surrogate pair", "\ud800", "yaml-text"],
    ["nesting that readers refuse", JSON.parse(`${"[".repeat(120)}1${"]".repeat(120)}`), "yaml-depth"],
  ])("is a finding: %s", (_, value, code) => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", "x-a": value });
    expect(findingOf(app, code)).toMatchObject({
      construct: "next/a",
      severity: "error",
      path: expect.stringMatching(/^services\.a\["?x-a|^services\.a\.x-a/),
    });
  });
});

describe("a patch that hits nothing", () => {
  it("is a finding for each place of it", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", environment: { A: "1" } }).patch({
      ports: null,
      environment: { A: "1", B: null, C: "2" },
    });
    expect(app.synth().findings).toMatchObject([
      { path: "services.a.environment.A", reason: "the patch changes nothing: it is like this already" },
      { path: "services.a.environment.B" },
      {
        code: "patch-misses",
        severity: "error",
        construct: "next/a",
        path: "services.a.ports",
        reason: "the patch changes nothing: it is not there to be removed",
        fix: "remove it from the patch, or patch what is there now",
      },
    ]);
  });
});

describe("the schema", () => {
  it("is asked of every file: all that is wrong, with construct and place", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1" }).patch({ prots: [], restart: 1, environment: { A: [1] } });
    const wrong = app.synth().findings;
    expect(new Set(wrong.map(({ code, construct }) => `${code} ${construct}`))).toEqual(new Set(["schema next/a"]));
    expect(wrong.map(({ path }) => path).sort()).toEqual([
      "services.a.environment.A",
      "services.a.prots",
      "services.a.restart",
    ]);
  });
});
