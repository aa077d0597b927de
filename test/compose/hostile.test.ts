import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ComposeError, diff, listVariables, parseDotenv, resolve } from "../../lib/compose";

const resolveText = (text: string | Uint8Array, more: Record<string, string> = {}) => {
  const files = new Map(Object.entries(more));
  return resolve([{ path: "/p/compose.yaml", text }], { read: (path) => files.get(path) });
};

const refusal = (text: string | Uint8Array, more: Record<string, string> = {}): ComposeError => {
  try {
    resolveText(text, more);
  } catch (error) {
    if (error instanceof ComposeError) return error;
    throw error;
  }
  throw new Error("the project was accepted");
};

const SEEDED = process.env.CI ? { seed: 1, numRuns: 300 } : { numRuns: 300 };

describe("malformed YAML", () => {
  test("has a line and a column", () => {
    const { message, origin } = refusal("services:\n  web:\n    image: a: b\n");
    expect(message).toBe("yaml: line 3: mapping values are not allowed in this context");
    expect(origin).toMatchObject({ file: "/p/compose.yaml", line: 3, column: 13 });
  });

  test("control characters and bytes that are no UTF-8 are refused", () => {
    expect(refusal("a: \u0007").message).toContain("control characters are not allowed");
    expect(refusal(Uint8Array.from([0x61, 0x3a, 0x20, 0xff, 0xfe])).message).toContain("invalid UTF-8");
  });

  test("deep nesting is refused, not a stack overflow", () => {
    expect(refusal("[".repeat(100_000)).message).toContain("exceeded max depth");
    expect(refusal(Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:\n`).join("")).message).toContain(
      "exceeded max depth",
    );
    expect(refusal(`a: ${"- ".repeat(5000)}x`).message).toMatch(/max depth|not allowed/);
  });
});

describe("bombs and cycles", () => {
  test("an alias bomb is refused at once", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `x-${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`);
    const start = performance.now();
    expect(refusal(["x-0: &a0 [x]", ...rows, "services: {}"].join("\n")).message).toContain("excessive aliasing");
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("a bomb of merge keys is refused at once", () => {
    const rows = Array.from({ length: 40 }, (_, i) => `x-${i + 1}: &a${i + 1} {a: *a${i}, b: *a${i}, c: *a${i}}`);
    expect(refusal(["x-0: &a0 {x: y}", ...rows, "services: {}"].join("\n")).message).toContain("excessive aliasing");
  });

  test("an anchor inside itself is a cycle", () => {
    expect(refusal("x-a: &a {b: *a}\n").message).toBe(
      "failed to parse /p/compose.yaml: cycle detected: node at path x-a.b.b references node at path x-a.b",
    );
    expect(refusal("x-a: &a {<<: *a}\n").message).toContain("cycle detected");
    expect(refusal("x-a: &a [*a]\n").message).toContain("cycle detected");
    expect(refusal("x-a: &a {b: !reset {c: *a}, d: *a}\n").message).toContain("cycle detected");
  });

  test("extends and include in circles", () => {
    expect(refusal("services: {a: {extends: b}, b: {extends: a}}\n").message).toBe(
      "Circular reference:\n  a in /p/compose.yaml\n  extends b in /p/compose.yaml\n  extends a in /p/compose.yaml",
    );
    const other = "services: {b: {extends: {service: a, file: compose.yaml}}}\n";
    const own = "services: {a: {extends: {service: b, file: b.yaml}}}\n";
    expect(refusal(own, { "/p/compose.yaml": own, "/p/b.yaml": other }).message).toContain("Circular reference");
    expect(refusal("include: [compose.yaml]\n").message).toBe(
      "include cycle detected:\n/p/compose.yaml\n include /p/compose.yaml",
    );
  });

  test("a chain of 5,000 services that extend each other", () => {
    const rows = Array.from(
      { length: 5000 },
      (_, i) => `  s${i}: {${i === 0 ? "image: i" : `extends: s${i - 1}`}, user: u${i}}`,
    );
    expect(resolveText(`services:\n${rows.join("\n")}\n`).services).toHaveLength(5000);
  });

  test("a chain of 5,000 services that depend on each other", () => {
    const rows = Array.from(
      { length: 5000 },
      (_, i) => `  s${i}: {image: i${i === 0 ? "" : `, depends_on: [s${i - 1}]`}}`,
    );
    const text = `services:\n${rows.join("\n")}\n`;
    expect(resolveText(text).services).toHaveLength(5000);
    const chosen = resolve([{ path: "/p/c.yaml", text }], { services: ["s4999"] });
    expect(chosen.services).toHaveLength(5000);
  });
});

describe("missing and large files", () => {
  test("a missing file is named", () => {
    expect(() => resolve(["/p/none.yaml"], {})).toThrow("open /p/none.yaml: no such file or directory");
    expect(() => resolve([], {})).toThrow("no configuration file provided");
    expect(refusal("include: [none.yaml]\n").message).toBe("open /p/none.yaml: no such file or directory");
  });

  test("50 MB are read in linear time, more than 64 MB are refused", () => {
    const start = performance.now();
    const project = resolveText(`x-a: "${"y".repeat(50 * 2 ** 20)}"\nservices: {}\n`);
    expect(project.services).toEqual([]);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(refusal(`# ${"y".repeat(65 * 2 ** 20)}\n`).message).toContain("larger than 64 MB");
  });
});

describe("keys that are properties of every object", () => {
  const KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

  test.each(KEYS)("%s is a key like any other", (key) => {
    const text = `services: {web: {image: i, labels: {${key}: {}}}}\n`.replace("{}", "x");
    const labels = resolveText(text).model.services;
    expect(JSON.stringify(labels)).toContain(`"${key}":"x"`);
    expect(Reflect.get({}, "x")).toBeUndefined();
  });

  test("__proto__ nowhere reaches a prototype", () => {
    const text =
      "x-a: {__proto__: {polluted: 1}}\nservices: {__proto__: {image: i}, web: {image: i, environment: {__proto__: 1}}}\nvolumes: {__proto__: {}}\n";
    const project = resolveText(text);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(project.services).toEqual(["__proto__", "web"]);
    expect(project.toJson()).toContain('"__proto__"');
    expect(diff(project, project).changes).toEqual([]);
    expect(parseDotenv("__proto__=1\n").values.get("__proto__")).toBe("1");
    expect(listVariables([{ path: "/p/c.yaml", text: "x-a: ${__proto__}\nservices: {}\n" }]).has("__proto__")).toBe(
      true,
    );
  });
});

describe("random input", () => {
  const survives = (text: string | Uint8Array): void => {
    try {
      const project = resolveText(text);
      project.toJson();
      project.toYaml();
    } catch (error) {
      if (!(error instanceof ComposeError)) throw error;
    }
  };

  test("random bytes give a project or a ComposeError", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), SEEDED);
  });

  test("random YAML signs give a project or a ComposeError", () => {
    const sign = fc.constantFrom(
      ..."{}[]:,-?!&*|>'\"%@`#\n \t",
      "a",
      "b: ",
      "- ",
      "services:\n",
      "  web:\n",
      "    image: i\n",
      "<<: *a",
      "&a ",
      "${A}",
      "~",
      "0x1",
      "--- ",
      "!reset ",
      "\\",
      "\r\n",
    );
    fc.assert(
      fc.property(
        fc.array(sign, { maxLength: 40 }).map((parts) => parts.join("")),
        survives,
      ),
      { ...SEEDED, numRuns: 2000 },
    );
  });

  test("a random value at any attribute gives a project or a ComposeError", () => {
    const attribute = fc.constantFrom(
      "image",
      "build",
      "ports",
      "volumes",
      "environment",
      "depends_on",
      "networks",
      "healthcheck",
      "deploy",
      "ulimits",
      "logging",
      "extends",
      "env_file",
      "secrets",
      "gpus",
      "develop",
      "extra_hosts",
      "command",
      "labels",
      "blkio_config",
      "devices",
      "provider",
      "models",
    );
    fc.assert(
      fc.property(attribute, fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 3 }), (name, base, over) => {
        const service = (value: unknown) => `services: {web: {image: i, ${name}: ${JSON.stringify(value)}}}\n`;
        survives(service(base));
        survives(`${service(base)}---\n${service(over)}`);
      }),
      { ...SEEDED, numRuns: 1000 },
    );
  });
});
