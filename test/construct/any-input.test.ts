import fc from "fast-check";
import { App, ComposeFile, ConstructError, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { keyOrder } from "../../lib/spec";
import { SEED } from "../support/property";

/** Keys that the specification has, and others; awkward ones included. */
const key = fc.oneof(
  fc.constantFrom(...(keyOrder(["services", "web"]) ?? [])),
  fc.constantFrom("__proto__", "constructor", "10", "x-a", "", "toString", "environment", "networks"),
  fc.string({ maxLength: 5 }),
);
const text = fc.oneof(
  fc.string({ maxLength: 12, unit: "binary" }),
  fc.constantFrom(
    "${A",
    "$",
    "${A:-b}",
    "22:22",
    "yes",
    "null",
    "1e3",
    "!reset",
    "a: b",
    "- a",
    "service:web",
    "\ud800",
  ),
);
const value = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });
const spec = fc.dictionary(key, fc.oneof(value, text, fc.array(text, { maxLength: 3 })), { maxKeys: 6 });
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8, unit: "binary" }),
  key.filter((id) => id !== ""),
);

/** The same data without the order of its keys, which is the specification's in a file. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== "object" || data === null) return Object.is(data, -0) ? 0 : data;
  return Object.entries(data)
    .map(([id, item]) => [id, sorted(item)])
    .sort();
}

describe("whatever comes from JSON as a service", () => {
  it("is in the file as it is, or a finding, or a ConstructError: nothing else is thrown, nothing is lost", () => {
    let whole = 0;
    fc.assert(
      fc.property(name, spec, (id, props) => {
        const app = new App();
        const file = new ComposeFile(app, "f");
        try {
          Reflect.construct(Service, [file, id, props]);
        } catch (error) {
          expect(error).toBeInstanceOf(ConstructError);
          return;
        }
        const { files, findings } = app.synth();
        for (const finding of findings) {
          expect(finding).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/), reason: expect.any(String) });
          expect(finding.fix.length * finding.reason.length).toBeGreaterThan(0);
        }
        const [written = ""] = files.values();
        if (findings.some(({ code }) => code.startsWith("yaml-"))) expect(written).toBe("");
        else {
          whole++;
          const document = parse(written, { maxAliasCount: 0, uniqueKeys: true });
          expect(sorted(document)).toEqual(sorted({ services: Object.fromEntries([[id, props]]) }));
        }
        expect([...app.synth().files.values()]).toEqual([written]);
      }),
      { numRuns: 400, ...SEED },
    );
    expect(whole).toBeGreaterThan(300);
  });

  it("may be patched and extended with anything, too", () => {
    fc.assert(
      fc.property(spec, spec, fc.array(fc.tuple(name, text)), (props, patch, variables) => {
        const app = new App();
        try {
          const service: Service = Reflect.construct(Service, [new ComposeFile(app, "f"), "web", props]);
          for (const [id, item] of variables) service.setEnvironment(id, item);
          const other = new Service(new ComposeFile(app, "g"), "other", { image: "x:1" });
          service.dependsOn(other).addAlias("alias").add("ports", "80:80").patch(patch);
        } catch (error) {
          expect(error).toBeInstanceOf(ConstructError);
          return;
        }
        const first = app.synth();
        expect([...app.synth().files]).toEqual([...first.files]);
        expect(app.synth().findings).toEqual(first.findings);
      }),
      { numRuns: 200, ...SEED },
    );
  });
});

describe("whatever comes as YAML", () => {
  it("is a file with findings, or a ConstructError", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "services:\n",
        "  web:\n",
        "    image: x\n",
        "    ports: [",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!reset ",
        "a: ",
        "- ",
        "\n",
        "'",
        '"',
        "<<: ",
        "? ",
        "| \n",
        "networks: ",
        "null",
        "x-a: ",
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((all) => all.join("")),
          fc.string(),
        ),
        (yaml) => {
          const app = new App();
          try {
            new ComposeFile(app, "f").importYaml(yaml);
          } catch (error) {
            expect(error).toBeInstanceOf(ConstructError);
            return;
          }
          expect(app.synth().files.size).toBe(1);
        },
      ),
      { numRuns: 1_000, ...SEED },
    );
  });
});
