/**
 * Packs `create-lamb-compose`, and has it make a program under each package manager with the package as it was packed:
 * the program writes, is as it says, and its test runs.
 */
import { equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How each is called, at a version. The second one is taken from the registry for the while. */
const MANAGERS = {
  npm: { command: ["npm"], install: ["install", "--prefer-offline", "--no-audit", "--no-fund"] },
  pnpm: { command: ["npx", "--yes", "pnpm@10.33.0"], install: ["install", "--prefer-offline"] },
  yarn: { command: ["npx", "--yes", "yarn@1.22.22"], install: ["install", "--prefer-offline", "--non-interactive"] },
} as const;

/** @param tarball the packed package; `here` the tree that has the other one; `work` a folder to work in */
export function createdProgramsRun(tarball: string, here: string, work: string): void {
  const folder = join(work, "create");
  mkdirSync(folder);
  must(join(here, "examples/create-lamb-compose"), {}, "npm", "pack", "--pack-destination", folder);
  must(folder, {}, "tar", "xzf", readdirSync(folder)[0] ?? "");
  const create = join(folder, "package", "create.js");
  for (const [name, { command, install }] of Object.entries(MANAGERS)) {
    const env = { npm_config_user_agent: `${name}/1.0.0 node/v22` };
    match(
      must(folder, env, process.execPath, create, `${name}-one`),
      new RegExp(`cd ${name}-one\n  ${name} install\n`),
    );
    const program = join(folder, `${name}-one`);
    const manifest = readFileSync(join(program, "package.json"), "utf8");
    match(manifest, new RegExp(`"name": "${name}-one"`));
    writeFileSync(join(program, "package.json"), manifest.replace("^0.1.0", `file:${tarball}`));
    const manage = (...words: readonly string[]) => {
      const [first, ...rest] = command;
      must(program, {}, first, ...rest, ...words);
    };
    manage(...install);
    manage("run", "write");
    manage("run", "check");
    manage("run", "test");
    equal(existsSync(join(program, ".gitignore")), true);
    match(readFileSync(join(program, ".github/workflows/check.yml"), "utf8"), new RegExp(`run: ${name} run check`));
    console.log(`create-lamb-compose under ${name}: written, checked, tested`);
  }
  const again = spawnSync(process.execPath, [create, "npm-one"], { cwd: folder, encoding: "utf8" });
  equal(again.status, 1);
  match(again.stderr, /npm-one is not empty/);
}

function must(cwd: string, env: Readonly<Record<string, string>>, program: string, ...args: readonly string[]): string {
  const all = { ...process.env, ...env };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env: all, encoding: "utf8" });
  equal(status, 0, `${program} ${args.join(" ")}: ${error ?? status}\n${stdout}${stderr}`);
  return stdout;
}
