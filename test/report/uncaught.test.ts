import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { ConstructError } from "../../lib/report/errors";
import { visible } from "../../lib/report/visible";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The direction turned, nothing that one sees, the terminal cleared. */
const HOSTILE = "a\u202eb\u200bc\u2066d\u001b[2Je";

/** What Node.js prints of a program that nobody holds: with the error's own properties behind its message. */
function printed(program: string): string {
  const path = fileURLToPath(new URL("../../lib/construct/errors.ts", import.meta.url));
  const text = `import { ConstructError, SynthesisError } from ${JSON.stringify(path)};\nconst hostile = ${JSON.stringify(HOSTILE)};\n${program}`;
  const words = ["--import", "tsx", "--input-type=module", "-e", text];
  return spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8" }).stderr;
}

const DETAILS = "{ code: 'x', construct: hostile, path: hostile, value: hostile, reason: hostile, fix: hostile }";

it.each([
  ["ConstructError", `throw new ConstructError(${DETAILS})`],
  ["SynthesisError", `throw new SynthesisError([{ ...${DETAILS}, severity: "error", file: hostile }])`],
])("an uncaught %s steers no terminal", (name, program) => {
  const shown = printed(program);
  expect(shown).toContain(name);
  expect(shown).toContain(visible(HOSTILE));
  // The first lines quote the program itself.
  const behind = shown.slice(shown.indexOf(`${name}: `));
  expect(behind).toBe(visible(behind));
});

it("an error keeps what it says for who asks for it", () => {
  const details = { code: "x", construct: "a", path: "b", value: HOSTILE, reason: "c", fix: "d" };
  const error = new ConstructError(details);
  const { code, construct, path, value, reason, fix } = error;
  expect({ code, construct, path, value, reason, fix }).toEqual(details);
});
