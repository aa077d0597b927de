import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { exportsOf, surfaceOf } from "./surface";

/** The entries of the package, from its own list. */
const ENTRIES = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).exports)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => (name === "." ? "index" : name.slice(2)));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
  ts.sys,
  ".",
);
const program = ts.createProgram(
  ENTRIES.map((name) => `lib/${name}.ts`),
  options,
);
const surfaces = new Map(
  ENTRIES.map((name) => [name, surfaceOf(program, `lib/${name}.ts`).replaceAll(`${process.cwd()}/`, "")]),
);

/** What the examples take as given. */
const GIVENS = {
  app: "App",
  file: "ComposeFile",
  web: "Service",
  stack: "LambStack",
  overlay: "Overlay",
  metrics: "Service",
};

/** Types of Compose's own words, which every entry may use. */
const SHARED: ReadonlySet<string> = new Set(["ComposeMap", "ComposeValue", "Scalar"]);

describe("what the package exports", () => {
  // A change shows in the difference of these files: `npx vitest run --config test/vitest.config.ts test/house -u`
  it.each(ENTRIES)("%s is as it was decided", async (name) => {
    await expect(surfaces.get(name)).toMatchFileSnapshot(`surface/${name}.txt`);
  });

  it("has no name with two meanings", () => {
    const names = [...surfaces.values()].flatMap((text) =>
      [...text.matchAll(/^(?:type of )?(?:class|interface|type|const|namespace|function) (\w+)/gm)].map(
        ([, name = ""]) => name,
      ),
    );
    const twice = names.filter((name, at) => names.indexOf(name) !== at && !SHARED.has(name));
    expect([...new Set(twice)]).toEqual([]);
  });

  it("is at the root what people meet in the first hour", () => {
    const values = [...(surfaces.get("index") ?? "").matchAll(/^(?:class|const|namespace|function) (\w+)/gm)];
    expect(values.length).toBeLessThan(43);
  });
});

describe("the documentation of what is exported", () => {
  const checker = program.getTypeChecker();
  const exported = ENTRIES.flatMap((name) => exportsOf(program, `lib/${name}.ts`).map((symbol) => ({ name, symbol })));

  it("says of each what it is", () => {
    const silent = exported.filter(({ symbol }) => {
      const [declaration] = symbol.declarations ?? [];
      const namespace = symbol.flags & ts.SymbolFlags.ValueModule;
      return !namespace && declaration && symbol.getDocumentationComment(checker).length === 0;
    });
    expect(silent.map(({ name, symbol }) => `${name}: ${symbol.name}`)).toEqual([]);
  });

  /** What a program never makes itself. */
  const GIVEN: ReadonlySet<string> = new Set(["ConstructError", "SynthesisError", "WriteError", "Deployment"]);
  const classes = exported.filter(
    ({ name, symbol }) => name === "index" && symbol.flags & ts.SymbolFlags.Class && !GIVEN.has(symbol.name),
  );
  const examples = classes.map(({ symbol }) => ({
    name: symbol.name,
    text: [
      ...symbol.getJsDocTags(checker).flatMap(({ name, text }) => (name === "example" ? (text ?? []) : [])),
      ...symbol.getDocumentationComment(checker),
    ]
      .flatMap(({ text }) => [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code))
      .join(""),
  }));

  it("shows each class of the root at work", () => {
    expect(examples.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
  });

  it("shows programs that the compiler takes", () => {
    const root = new Set(exportsOf(program, "lib/index.ts").map(({ name }) => name));
    const texts = new Map(
      examples.map(({ name, text }) => {
        const words = new Set(`${text} ${Object.values(GIVENS).join(" ")}`.match(/\b\w+\b/g));
        const used = [...words].filter((word) => root.has(word));
        const givens = Object.entries(GIVENS)
          .filter(([given]) => !new RegExp(`const ${given}\\b`).test(text))
          .map(([given, type]) => `declare const ${given}: ${type};`);
        const imports = `import { ${used.join(", ")} } from "lamb-compose";\nimport { readFile } from "node:fs/promises";`;
        return [resolve(`test/house/${name}-example.ts`), `${imports}\n${givens.join("\n")}\n${text}\nexport {};\n`];
      }),
    );
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile } = host;
    host.fileExists = (path) => texts.has(resolve(path)) || fileExists(path);
    host.readFile = (path) => texts.get(resolve(path)) ?? readFile(path);
    const compiled = ts.createProgram([...texts.keys()], options, host, program);
    const wrong = [...texts.keys()].flatMap((path) => {
      const source = compiled.getSourceFile(path);
      return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map(
        ({ messageText }) => `${basename(path)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
      );
    });
    expect(wrong).toEqual([]);
  });
});
