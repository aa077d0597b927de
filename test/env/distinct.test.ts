import { domainToASCII } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { type Comparison, meanSame } from "../../lib/construct/env-distinct";
import { EnvVar } from "../../lib/construct/env-var";
import { Overlay } from "../../lib/construct/overlay";
import { Service } from "../../lib/construct/service";
import { checkEnv } from "../../lib/env/check";
import { EnvTemplate } from "../../lib/env/template";
import { SEED } from "../support/property";

describe("two values mean the same", () => {
  it.each<[Comparison, string, string, boolean]>([
    ["text", "a", "a", true],
    ["text", "a", "A", false],
    ["number", "080", "80", true],
    ["number", "80", "8080", false],
    ["number", "eighty", "eighty", false],
    ["host", "one.campus.test", "One.CAMPUS.test", true],
    ["host", "one.campus.test", "one.campus.test.", true],
    ["host", " one.campus.test", "one.campus.test\t", true],
    ["host", "one.campus.test", "one.campus.test:443", true],
    ["host", "https://one.campus.test/", "one.campus.test", true],
    ["host", "bücher.test", "xn--bcher-kva.test", true],
    ["host", "BÜCHER.test", "xn--bcher-kva.test.", true],
    ["host", "ｏｎｅ.test", "one.test", true],
    ["host", "one.campus.test", "two.campus.test", false],
    ["host", "a b", "a b", false],
    ["host", "", "", false],
    ["origin", "https://one.test", "https://ONE.test:443", true],
    ["origin", "https://one.test/a", "https://one.test./b", true],
    ["origin", "http://one.test:80", "http://one.test", true],
    ["origin", "http://localhost:9099", "http://localhost:8080", false],
    ["origin", "https://one.test", "http://one.test", false],
    ["origin", "one", "one", false],
  ])("as %s: %j and %j: %s", (as, one, other, same) => {
    expect(meanSame(one, other, as)).toBe(same);
    expect(meanSame(other, one, as)).toBe(same);
  });

  it("for every spelling of a host name", () => {
    const label = fc.string({ unit: fc.constantFrom(..."abz0ßäñ"), minLength: 1, maxLength: 6 });
    const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => `h${labels.join(".h")}`);
    const spelling = fc.constantFrom<(name: string) => string>(
      (name) => name.replace(/[a-zäñ]/g, (sign) => sign.toUpperCase()),
      (name) => `${name}.`,
      domainToASCII,
      (name) => `${name}:8443`,
      (name) => `  ${name}\n`,
    );
    fc.assert(
      fc.property(host, spelling, spelling, (name, write, writeOther) => {
        fc.pre(domainToASCII(name) !== "");
        expect(meanSame(write(name), writeOther(name), "host")).toBe(true);
        expect(meanSame(write(name), writeOther(`x${name}`), "host")).toBe(false);
      }),
      SEED,
    );
  });
});

describe("variables that must differ", () => {
  const front = new EnvVar("FRONT", { meaning: "name of the front", required: true });
  const back = new EnvVar("BACK", {
    meaning: "name of the back",
    required: true,
    distinctFrom: [{ variable: front, as: "host", reason: "one name leads to one place" }],
  });
  const first = new EnvVar("FIRST_PORT", { meaning: "a port", default: 80 });
  const second = new EnvVar("SECOND_PORT", {
    meaning: "another port",
    default: 81,
    distinctFrom: [{ variable: first, as: "number", reason: "one port leads to one service" }],
  });

  function contract() {
    const app = new App();
    const base = new ComposeFile(app, "base");
    new Service(base, "web", { image: "web:1", environment: { FRONT: front, FIRST: `${first}`, SECOND: `${second}` } });
    const overlay = new Overlay(app, "over", { over: base });
    new Service(overlay, "back", { image: "back:1", environment: { BACK: back } });
    const template = new EnvTemplate(app, "env", { fileName: ".env.example" });
    return template.contract(app.synth().context);
  }
  const found = async (text: string) =>
    (await checkEnv(contract(), text)).map(({ code, name, other, line }) => [code, name, other, line]);

  it("are one problem, at the line of the one that says so", async () => {
    expect(await found("FRONT=a.test\nBACK=A.test.\n")).toEqual([["same-value", "BACK", "FRONT", 2]]);
    expect(await found("FRONT=a.test\nBACK=b.test\n")).toEqual([]);
  });

  it("count with their defaults", async () => {
    const rest = "FRONT=a.test\nBACK=b.test\n";
    expect(await found(`${rest}FIRST_PORT=81\n`)).toEqual([["same-value", "FIRST_PORT", "SECOND_PORT", 3]]);
    expect(await found(`${rest}FIRST_PORT=81\nSECOND_PORT=80\n`)).toEqual([]);
  });

  it("do not count where one of them is not used", async () => {
    const [base = ""] = contract().files.map(({ fileName }) => fileName);
    expect(await found(`COMPOSE_FILE=${base}\nFRONT=a.test\nBACK=a.test\n`)).toEqual([]);
  });

  it("show no value", async () => {
    const problems = await checkEnv(contract(), "FRONT=quitesecret.test\nBACK=quitesecret.test\n");
    expect(JSON.stringify(problems)).not.toContain("quitesecret");
  });
});
