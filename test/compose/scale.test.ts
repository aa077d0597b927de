import { describe, expect, it } from "vitest";
import { ComposeError, listVariables, parseDotenv, resolve } from "../../lib/compose";
import { interpolate, references } from "../../lib/compose/template/interpolate";
import { tokenize } from "../../lib/compose/template/tokens";
import { parseDuration, parseSize, splitWords } from "../../lib/compose/types/quantities";
import { parseYaml } from "../../lib/compose/yaml/parser";
import { isLinear, type Scale } from "../support/scale";

const times = (part: string) => (size: number) => part.repeat(size);
const each = (part: (index: number) => string) => (size: number) =>
  Array.from({ length: size }, (_, i) => part(i)).join("");
const config = (text: string) => resolve([{ path: "/p/compose.yaml", text }], {}).toYaml();
const expand = (text: string) => interpolate(text, () => undefined);

const ROWS: readonly Scale[] = [
  { name: "YAML, one long line", input: (size) => `x-a: ${"y ".repeat(size)}\n`, read: config },
  { name: "YAML, blanks", input: (size) => `x-a: y${" ".repeat(size)}y\n`, read: config },
  { name: "YAML, digits", input: (size) => `x-a: ${"1".repeat(size)}\n`, read: config },
  { name: "YAML, many keys", input: each((i) => `x-${i}: ${i}\n`), read: config, size: 2000 },
  {
    name: "YAML, many services",
    input: (size) => `services:\n${each((i) => `  s${i}: {image: i}\n`)(size)}`,
    read: config,
    size: 500,
  },
  {
    name: "YAML, many anchors and aliases",
    input: (size) => `${each((i) => `x-${i}: &a${i} [${i}]\n`)(size)}x-y: [${each((i) => `*a${i}, `)(size)}]\n`,
    read: config,
    size: 2000,
  },
  {
    name: "YAML, handles of tags",
    input: (size) => `${each((i) => `%TAG !a${i}! x:\n`)(size)}---\nx: [${"!c y, ".repeat(size)}]\n`,
    read: parseYaml,
    size: 5000,
  },
  {
    name: "YAML, wide in 400 levels",
    input: (size) => "[".repeat(400) + "a, ".repeat(size),
    read: parseYaml,
    size: 5000,
  },
  { name: "YAML, never closed", input: times("[\n"), read: parseYaml },
  { name: "YAML, comments", input: times("# x\n"), read: parseYaml },
  { name: "YAML, in double quotes", input: (size) => `x: "${"\\n y\n".repeat(size)}"\n`, read: parseYaml },
  { name: "YAML, in single quotes", input: (size) => `x: '${"'' \n".repeat(size)}'\n`, read: parseYaml },
  { name: "YAML, a block", input: (size) => `x: |\n${"  y\n\n".repeat(size)}`, read: parseYaml },
  { name: "YAML, a plain scalar of many lines", input: (size) => `x:\n${"  y\n\n".repeat(size)}`, read: parseYaml },
  { name: "a path of slashes", input: (size) => `services: {a: {build: "./${"/".repeat(size)}x"}}\n`, read: config },
  { name: "`${` on every line", input: times("${a:-x\n"), read: tokenize },
  { name: "`${` that is never closed", input: times("${a:-x"), read: tokenize },
  { name: "`${` in each other", input: (size) => "${a:-".repeat(size) + "}".repeat(size), read: expand },
  {
    name: "`${` in each other, only looked at",
    input: (size) => "${a:-".repeat(size) + "}".repeat(size),
    read: references,
  },
  { name: "many variables", input: times("$a ${b:-${c:-x}} "), read: expand },
  { name: "signs that are no variable", input: times("${a:-x}${ "), read: references },
  { name: ".env, a long value", input: (size) => `A=${"x $B".repeat(size)}\n`, read: (text) => parseDotenv(text) },
  { name: ".env, many lines", input: each((i) => `A${i}="x"\n`), read: (text) => parseDotenv(text) },
  { name: ".env, values of values", input: each((i) => `A${i}=$A${i - 1}\n`), read: (text) => parseDotenv(text) },
  { name: ".env, open quotes", input: times("A='x\n"), read: (text) => parseDotenv(text) },
  { name: ".env, bad lines", input: times("A B\n"), read: (text) => parseDotenv(text) },
  {
    name: "addresses of one host",
    input: (size) =>
      `services: {a: {image: i, extra_hosts: [${each((i) => `"a:1.1.${i >> 8}.${i & 255}",`)(size)}]}}\n`,
    read: config,
    size: 4000,
  },
  { name: "a duration", input: (size) => `${"0".repeat(size)}1.${"1".repeat(size)}s`, read: parseDuration },
  { name: "a duration of many parts", input: times("1ns"), read: parseDuration },
  { name: "a size", input: times("1 "), read: parseSize },
  { name: "a command line", input: times("a 'b' "), read: splitWords },
];

describe("four times the text takes about four times the time", () => {
  it.each(ROWS)("$name", (scale) => expect(isLinear(scale)).toBe(true));

  it("is what the measure tells from a quadratic reader", () => {
    const read = ({ length }: string) => {
      let steps = 0;
      for (let at = 0; at < length; at++) for (let before = 0; before < at; before++) steps = (steps + at) % 7919;
      return steps;
    };
    expect(isLinear({ name: "quadratic", input: times("x"), read, size: 3000 })).toBe(false);
  });
});

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ComposeError) return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("what is deep", () => {
  it.each([500, 10_000])("is refused: %i levels of YAML", (depth) => {
    for (const text of ["[".repeat(depth), "{a: ".repeat(depth), `${"- ".repeat(depth)}x`]) {
      expect(refusalOf(() => config(text))).toContain("yaml: ");
    }
  });

  it("is refused: aliases of aliases", () => {
    const text = `x-0: &a0 x\n${each((i) => `x-${i + 1}: &a${i + 1} [*a${i}]\n`)(1800)}`;
    expect(refusalOf(() => config(text))).toContain("excessive aliasing");
  });

  it.each([30, 10_000])("is refused: a key of %i aliases of aliases", (depth) => {
    const text = `x-0: &a0 [x]\n${each((i) => `x-${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)(depth)}? *a${depth}\n: x\n`;
    expect(refusalOf(() => config(text))).toContain("excessive aliasing");
  });

  it("is refused: defaults in defaults", () => {
    const text = `x-a: "${"${a:-".repeat(10_000)}${"}".repeat(10_000)}"\nservices: {}\n`;
    expect(refusalOf(() => config(text))).toContain("nested more than 200 deep");
    expect([...listVariables([{ path: "/p/compose.yaml", text }]).keys()]).toEqual(["a"]);
  });
});

/** Files that follow each other: `0.yaml`, `1.yaml`, …; the last one declares a service. */
function readingChain(depth: number, body: (next: string) => string) {
  const read = (path: string) => {
    const at = Number(/(\d+)\.yaml$/.exec(path)?.[1] ?? Number.NaN);
    if (at < depth) return body(`${at + 1}.yaml`);
    return at === depth ? "services: {a: {image: i}}\n" : undefined;
  };
  return () => resolve(["/p/0.yaml"], { read }).toYaml();
}

describe("files of files", () => {
  const including = (next: string) => `include: [${next}]\nservices: {}\n`;

  it("are included 200 deep, and refused when they are deeper", () => {
    expect(readingChain(200, including)()).toContain("image: i\n");
    for (const depth of [201, 10_000]) {
      expect(refusalOf(readingChain(depth, including))).toMatch(/201\.yaml: .* more than 200 deep$/);
    }
  });

  it("are refused when each includes the next one twice", () => {
    const twice = (next: string) => `include: [${next}, ./${next}]\nservices: {}\n`;
    expect(readingChain(5, twice)()).toContain("image: i\n");
    expect(refusalOf(readingChain(40, twice))).toContain("documents of the project");
  });

  it("are extended 10,000 deep", () => {
    const extended = (next: string) => `services: {a: {extends: {service: a, file: ${next}}}}\n`;
    expect(readingChain(10_000, extended)()).toContain("image: i\n");
  });

  it("have services that extend each other 10,000 deep", () => {
    const text = `services:\n  s0: {image: i}\n${each((i) => `  s${i + 1}: {extends: s${i}}\n`)(10_000)}`;
    expect(config(text).match(/image: i\n/g)).toHaveLength(10_001);
  });
});

it("documents, each of which goes over all before it, are refused when there are too many", () => {
  const documents = each((i) => `---\nx-${i}: ${i}\n`);
  expect(config(documents(500))).toContain("x-499: 499\n");
  expect(refusalOf(() => config(documents(20_000)))).toContain("documents of the project");
  const long = `services:\n${each((i) => ` s${i}: {image: i}\n`)(5000)}`;
  expect(refusalOf(() => config(long + "---\nx-a: 1\n".repeat(5000)))).toContain("documents of the project");
});

it("pools of addresses, of which each is compared with each, are refused when there are too many", () => {
  const pools = (count: number) => {
    const config = (first: number) => each((i) => `{subnet: ${first + (i >> 8)}.${i & 255}.0.0/16},`)(count);
    const network = (first: number) => `networks: {default: {ipam: {config: [${config(first)}]}}}\n`;
    return `services: {a: {image: i}}\n${network(10)}---\n${network(20)}`;
  };
  expect(config(pools(20))).toContain("subnet: 20.19.0.0/16");
  expect(refusalOf(() => config(pools(2000)))).toBe(
    "networks.default.ipam.config: there are more than 10000 pairs of pools to merge",
  );
}, 5000);

it("values that double each other are refused before they fill the memory", () => {
  const { problems } = parseDotenv(`A0=${"x".repeat(1000)}\n${each((i) => `A${i + 1}=$A${i}$A${i}\n`)(40)}`);
  expect(problems[0]?.message).toBe("the value becomes longer than 64 MB");
});

it("a pattern of a service with many stars is compared at once", () => {
  const [name, stars] = ["a".repeat(200), `${"*a".repeat(12)}*b`];
  const text = `services: {${name}: {image: i}, ${name}b: {image: i}, c: {image: i}}\n`;
  const chosen = (pattern: string) => resolve([{ path: "/p/compose.yaml", text }], { services: [pattern] }).services;
  expect(chosen(stars)).toEqual([`${name}b`]);
  expect(chosen(`a*${"a".repeat(100)}`)).toEqual([name]);
  expect(chosen("[a-b]*?b")).toEqual([`${name}b`]);
  expect(chosen("?")).toEqual(["c"]);
}, 5000);
