import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { ConstructError } from "../../lib/report/errors";
import { visible } from "../../lib/report/visible";
import { builtProgram } from "../support/command";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The direction turned, nothing that one sees, the terminal cleared. */
const HOSTILE = "a\u202eb\u200bc\u2066d\u001b[2Je";

/** The errors of the package's exports. */
const PLACES = {
  "ConstructError, SynthesisError": "construct/errors.ts",
  ComposeError: "compose/error.ts",
  EmitError: "compose/emit/error.ts",
  VersionError: "compose/version.ts",
  GoldenError: "testing/golden.ts",
  resolve: "compose/project.ts",
} as const;

/** What Node.js prints of a program that nobody holds: with the error's own properties behind its message. */
function printed(program: string): string {
  const imports = Object.entries(PLACES).map(([names, path]) => {
    return `import { ${names} } from ${JSON.stringify(builtProgram(`lib/${path}`))};`;
  });
  const text = `${imports.join("\n")}\nconst hostile = ${JSON.stringify(HOSTILE)};\n${program}`;
  const words = ["--input-type=module", "-e", text];
  return spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8" }).stderr;
}

const DETAILS = "{ code: 'x', construct: hostile, path: hostile, value: hostile, reason: hostile, fix: hostile }";

it.each([
  ["ConstructError", `throw new ConstructError(${DETAILS})`],
  ["SynthesisError", `throw new SynthesisError([{ ...${DETAILS}, severity: "error", file: hostile }])`],
  ["ComposeError", `throw new ComposeError("yaml", hostile, { file: hostile, line: 1, column: 1 })`],
  ["EmitError", `throw new EmitError("yaml-text", [hostile], hostile)`],
  ["VersionError", "throw new VersionError(hostile)"],
  ["GoldenError", `throw new GoldenError("golden-differs", hostile, [{ path: hostile }])`],
])("an uncaught %s steers no terminal", (name, program) => {
  const shown = printed(program);
  expect(shown).toContain(name);
  expect(shown).toContain(visible(HOSTILE));
  // The first lines quote the program itself.
  const behind = shown.slice(shown.indexOf(`${name}: `));
  expect(behind).toBe(visible(behind));
});

it("a message of Compose's is exact for who asks for it", () => {
  const shown = printed(
    `try { resolve([{ path: "/p/c.yaml", text: 'services: {a: {image: "\${A:?' + hostile.replaceAll("\u001b", "\\\\e") + '}"}}' }], { envFiles: [] }); }
     catch (error) { console.error(JSON.stringify([error.message.includes(hostile), error.stack.includes(hostile), error.name])); }`,
  );
  expect(shown).toBe(`${JSON.stringify([true, false, "ComposeError"])}\n`);
});

it("an error keeps what it says for who asks for it", () => {
  const details = { code: "x", construct: "a", path: "b", value: HOSTILE, reason: "c", fix: "d" };
  const error = new ConstructError(details);
  const { code, construct, path, value, reason, fix } = error;
  expect({ code, construct, path, value, reason, fix }).toEqual(details);
});
