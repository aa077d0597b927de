import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { specification } from "../../schema/load";
import { alternatives, EXTENSION, entriesOf, type SchemaNode, typesOf } from "../../schema/node";
import { officialSchema } from "./judges";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FILE = join(ROOT, "test/spec/sample.ts");

/** What the compiler, with the project's own options, has against a program. */
function complaints(text: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.fileExists = (name) => name === FILE || ts.sys.fileExists(name);
  host.getSourceFile = (name, target) => (name === FILE ? ts.createSourceFile(name, text, target) : read(name, target));
  const program = ts.createProgram([FILE], { ...options, types: [] }, host);
  return [...program.getSemanticDiagnostics(), ...program.getSyntacticDiagnostics()].map(({ start, messageText }) => {
    const line = text.slice(0, start).split("\n").at(-1)?.trim();
    const rest = text.slice(start).split("\n")[0];
    return `${line}${rest} | ${ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 200)}`;
  });
}

interface Sampling {
  /** Whether optional keys are there with the value `undefined`. */
  readonly absent?: boolean;
}

/** Every way in which a node may be written, as TypeScript: each type of each alternative, each choice, each key. */
function samples(root: SchemaNode, node: SchemaNode, how: Sampling): string[] {
  return alternatives(root, node).flatMap((one) => {
    if (one.enum !== undefined) return one.enum.map((value) => JSON.stringify(value));
    const types = typesOf(one);
    return types.length === 0 ? ["[null, {}, 1]"] : types.flatMap((type) => samplesOf(root, type, one, how));
  });
}

const SCALARS: Readonly<Record<string, readonly string[]>> = {
  string: ['"text"'],
  number: ["1.5"],
  integer: ["1"],
  boolean: ["true"],
  null: ["null"],
};

function samplesOf(root: SchemaNode, type: string, node: SchemaNode, how: Sampling): readonly string[] {
  if (type === "array") return ["[]", `[\n${samples(root, node.items ?? {}, how).join(",\n")}\n]`];
  if (type !== "object") return SCALARS[type] ?? [];
  const lines = Object.entries(node.properties ?? {}).flatMap(([key, value]) =>
    node.required?.includes(key) || !how.absent
      ? samples(root, value, how).map((sample) => [key, sample] as const)
      : [[key, "undefined"] as const],
  );
  const free = entriesOf(node);
  const named = free === undefined ? [] : samples(root, free[1], how).map((sample, index) => `name${index}: ${sample}`);
  const extension = node.patternProperties?.[EXTENSION] === undefined ? [] : ['"x-note": [1, { a: null }]'];
  return mappings(lines, [...named, ...extension]);
}

/** Mappings in which every sample of every key stands once. */
function mappings(lines: readonly (readonly [key: string, sample: string])[], always: readonly string[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const [key, sample] of lines) byKey.set(key, [...(byKey.get(key) ?? []), sample]);
  const count = Math.max(1, ...[...byKey.values()].map((all) => all.length));
  return Array.from({ length: count }, (_, index) => {
    const keys = [...byKey].map(([key, all]) => `${JSON.stringify(key)}: ${all[index % all.length]}`);
    return `{\n${[...keys, ...always].join(",\n")}\n}`;
  });
}

/** A document for each mapping of known keys, with one key in it that nobody knows. */
function withUnknownKeys(root: SchemaNode): string[] {
  const found: string[] = [];
  const visit = (node: SchemaNode, around: (inner: string) => string) => {
    for (const one of alternatives(root, node)) {
      const must = (one.required ?? []).map((key) => `${key}: ${samples(root, one.properties?.[key] ?? {}, {})[0]}, `);
      if (one.properties !== undefined) found.push(around(`{ ${must.join("")}unknown_key: 1 }`).replaceAll("\n", " "));
      for (const [key, value] of Object.entries(one.properties ?? {})) {
        const others = must.filter((text) => !text.startsWith(`${key}:`)).join("");
        visit(value, (inner) => around(`{ ${others}${key}: ${inner} }`));
      }
      const free = entriesOf(one);
      if (free !== undefined) visit(free[1], (inner) => around(`{ name: ${inner} }`));
      if (one.items !== undefined) visit(one.items, (inner) => around(`[${inner}]`));
    }
  };
  visit(root, (inner) => inner);
  return found;
}

const program = (documents: readonly string[]): string =>
  `import type { ComposeSpec } from "../../lib/spec";\n${documents
    .map((document, index) => `export const document${index}: ComposeSpec = ${document};`)
    .join("\n")}\n`;

describe("the types", () => {
  it.each([
    ["the official schema in dclint's copy", officialSchema()],
    ["today's specification", specification()],
  ])("take every key, every type and every choice of %s", (_, schema) => {
    const documents = samples(schema, schema, {});
    expect(documents.join().length).toBeGreaterThan(20_000);
    expect(complaints(program(documents))).toEqual([]);
  });

  it("take undefined for whatever is optional", () => {
    expect(complaints(program(samples(specification(), specification(), { absent: true })))).toEqual([]);
  });

  it.each([
    ["the official schema in dclint's copy", officialSchema()],
    ["today's specification", specification()],
  ])("refuse an unknown key in every mapping of %s", (_, schema) => {
    const documents = withUnknownKeys(schema);
    expect(documents.length).toBeGreaterThan(50);
    const refused = complaints(program(documents)).flatMap(
      (complaint) => /^export const document(\d+):.*unknown_key/.exec(complaint)?.[1] ?? [],
    );
    expect([...new Set(refused)].map(Number)).toEqual(documents.map((_, index) => index));
  });

  it("know no type that takes anything", () => {
    const types = readFileSync(join(ROOT, "lib/spec/generated/types.ts"), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    expect(types).not.toMatch(/\bany\b|\bunknown\b|\[k: string\]/);
  });
});
