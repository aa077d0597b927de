import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** The rooms of `lib` from the ground up, as ARCHITECTURE.md draws them. A room may import itself and those before it. */
const ROOMS = [
  "spec",
  "report",
  "compose",
  "graph",
  "disk",
  "construct",
  "env",
  "guides",
  "policy",
  "images",
  "lamb",
  "operate",
  "cli",
] as const;

/** Rooms that stand beside the others, and what they may import. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  testing: ["spec", "compose", "report", "disk", "construct"],
};

/** Who may touch the machine. All other rooms are pure: they run in a browser. */
const ON_THE_MACHINE: ReadonlySet<string> = new Set(["disk", "operate", "cli", "testing"]);

const LIB = "lib";
const FILES = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter(
  (path) => path.endsWith(".ts") && !path.includes("generated"),
);

interface Import {
  readonly from: string;
  /** Whether it is gone when the program runs. */
  readonly typesOnly: boolean;
}

/** Each file is parsed once. */
const known = new Map<string, readonly Import[]>();

function importsOf(path: string): readonly Import[] {
  const imports = known.get(path) ?? readImports(path);
  known.set(path, imports);
  return imports;
}

function readImports(path: string): readonly Import[] {
  const source = ts.createSourceFile(path, readFileSync(join(LIB, path), "utf8"), ts.ScriptTarget.ESNext);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ from: node.moduleSpecifier.text, typesOnly: node.importClause?.isTypeOnly === true });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ from: node.moduleSpecifier.text, typesOnly: node.isTypeOnly });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      if (name !== undefined && ts.isStringLiteral(name)) found.push({ from: name.text, typesOnly: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `lib/compose.ts` is the face of `lib/compose`. */
const roomOf = (path: string) => (path === "compose.ts" ? "compose" : (path.split("/")[0] ?? ""));
const IN_ROOMS = FILES.filter((path) => path.includes("/"));

/** The file of `lib` that a relative import means; data files and packages are none. */
function target(path: string, from: string): string | undefined {
  if (!from.startsWith(".")) return undefined;
  const base = join(path, "..", from);
  return [`${base}.ts`, `${base}/index.ts`].find((file) => FILES.includes(file));
}

describe("the rooms of lib", () => {
  it("are those that are listed", () => {
    expect([...new Set(IN_ROOMS.map(roomOf))].sort()).toEqual([...ROOMS, ...Object.keys(BESIDE)].sort());
  });

  it.each([...ROOMS, ...Object.keys(BESIDE)])("%s imports only what lies below it", (room) => {
    const rooms: readonly string[] = ROOMS;
    const below = BESIDE[room] ?? rooms.slice(0, rooms.indexOf(room));
    const wrong = IN_ROOMS.filter((path) => roomOf(path) === room).flatMap((path) =>
      importsOf(path)
        .map(({ from }) => target(path, from))
        .filter((file) => file !== undefined)
        .filter((file) => roomOf(file) !== room && !below.includes(roomOf(file)))
        .map((file) => `${path} → ${file}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(ROOMS.filter((room) => !ON_THE_MACHINE.has(room)))("%s runs without Node.js", (room) => {
    const wrong = IN_ROOMS.filter((path) => roomOf(path) === room).filter((path) =>
      importsOf(path).some(({ from }) => from.startsWith("node:")),
    );
    expect(wrong).toEqual([]);
  });
});

describe("circles of imports", () => {
  /** What is left when files that import nothing, or that nothing imports, are taken away again and again. */
  function circles(): string[] {
    const imports = new Map(
      FILES.map((path) => [
        path,
        new Set(
          importsOf(path)
            .filter(({ typesOnly }) => !typesOnly)
            .map(({ from }) => target(path, from))
            .filter((file) => file !== undefined),
        ),
      ]),
    );
    for (let before = -1; before !== imports.size; ) {
      before = imports.size;
      const imported = new Set([...imports.values()].flatMap((files) => [...files]));
      for (const [path, files] of imports) {
        for (const file of files) if (!imports.has(file)) files.delete(file);
        if (files.size === 0 || !imported.has(path)) imports.delete(path);
      }
    }
    return [...imports.keys()].sort();
  }

  it("are one: a file that is included is loaded as the first one is", () => {
    expect(circles()).toEqual(["compose/loader/include.ts", "compose/loader/loader.ts"]);
  });
});

describe("packages are loaded when they are needed", () => {
  function packagesOf(entry: string): string[] {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const open = [entry];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      for (const { from, typesOnly } of importsOf(path)) {
        const file = target(path, from);
        if (typesOnly) continue;
        if (file !== undefined) open.push(file);
        else if (!/^(\.|node:)/.test(from)) packages.add(from);
      }
    }
    return [...packages].sort();
  }

  it.each([
    { what: "a program that imports the library", entry: "index.ts", packages: ["constructs"] },
    { what: "a program that writes its files", entry: "disk/write.ts", packages: [] },
    { what: "the command before it knows what it is asked for", entry: "cli/main.ts", packages: [] },
  ])("$what", ({ entry, packages }) => {
    expect(packagesOf(entry)).toEqual(packages);
  });
});
