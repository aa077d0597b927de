/**
 * Packs what Git has of this folder, as `npm pack` does in a fresh clone, and uses the tarball as those who install it
 * do: library as ES module and as CommonJS, types in each way of resolving them, command, and the README's program.
 * Nothing is taken from this folder's `dist`. Run by `npm run package`.
 */
import { equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createdProgramsRun } from "./create";

const here = resolve(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "lamb-compose-package-"));
const clone = join(work, "clone");
const user = join(work, "user");

/** Runs a program, which must succeed, and gives what it said. */
function must(cwd: string, program: string, ...args: readonly string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  equal(status, 0, `${program} ${args.join(" ")}: ${error ?? status}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

function copyOfTheTree(): void {
  const { stdout } = must(here, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  for (const path of stdout.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    cpSync(join(here, path), join(clone, path));
  }
  symlinkSync(join(here, "node_modules"), join(clone, "node_modules"));
}

const TYPES = `
import { App, ComposeFile, EnvVar, LambStack, Service, run } from "lamb-compose";
import { resolve } from "lamb-compose/compose";
import { LambImages } from "lamb-compose/images";
import { expectValid } from "lamb-compose/testing";

export const port = new EnvVar("PORT", { meaning: "the port", type: (z) => z.url().min(1) });
// @ts-expect-error: zod has no such type
export const other = new EnvVar("OTHER", { meaning: "another", type: (z) => z.nonexistent() });
const app = new App();
new Service(new ComposeFile(app, "next"), "web", { image: "x:1", ports: [\`\${port}:80\`] });
new LambImages(app, "images");
new LambStack(app, "lamb");
export const all = [resolve, expectValid, run];
`;

/** Ways of resolving that users have, with the kind of module that each of their files then is. */
const RESOLUTIONS = [
  { name: "main.mts", module: "node16", moduleResolution: "node16" },
  { name: "main.cts", module: "node16", moduleResolution: "node16" },
  { name: "main.mts", module: "nodenext", moduleResolution: "nodenext" },
  { name: "main.ts", module: "esnext", moduleResolution: "bundler" },
] as const;

function typesFit(): void {
  for (const { name, module, moduleResolution } of RESOLUTIONS) {
    const folder = join(user, `types-${module}-${name.replace(".", "-")}`);
    mkdirSync(folder);
    writeFileSync(join(folder, name), TYPES);
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [name] }));
    must(folder, process.execPath, join(here, "node_modules/typescript/bin/tsc"), "--project", ".");
  }
}

function programRuns(): void {
  const readme = readFileSync(join(here, "README.md"), "utf8");
  writeFileSync(join(user, "main.ts"), /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
  cpSync(join(user, "node_modules/lamb-compose/examples/plain.ts"), join(user, "plain.ts"));
  for (const name of ["main", "plain"]) {
    must(user, process.execPath, join(here, "node_modules/tsx/dist/cli.mjs"), `${name}.ts`, "--out", name);
    ok(readdirSync(join(user, name)).length > 2);
  }
}

/** Node's cache of compiled code holds for what is read after the command turned it on: little may be read before. */
function cacheIsOnBeforeTheCode(): void {
  const dist = join(user, "node_modules/lamb-compose/dist");
  const start = readFileSync(join(dist, "cli.js"), "utf8");
  const before = [...start.matchAll(/^import\b[^;]*?["'](\.\/[^"']+)["'];/gm)].map(([, file = ""]) => file);
  for (const file of before) ok(readFileSync(join(dist, file)).length < 2_000, `cli.js loads ${file} at once`);
  match(start, /enableCompileCache/);
}

try {
  copyOfTheTree();
  must(clone, "npm", "pack", "--pack-destination", work);
  const [tarball = ""] = readdirSync(work).filter((name) => name.endsWith(".tgz"));
  const packed = join(work, tarball);
  must(clone, "npx", "publint", "--strict", packed);
  must(clone, "npx", "attw", packed, "--profile", "node16");

  mkdirSync(user);
  must(user, "npm", "init", "-y");
  const install = must(user, "npm", "install", "--prefer-offline", "--no-audit", "--no-fund", packed);
  equal(install.stderr, "", "installing says nothing");

  for (const name of ["use.mjs", "use.cjs"]) cpSync(join(here, "test/package", name), join(user, name));
  must(user, process.execPath, "use.mjs");
  must(user, process.execPath, "use.cjs");
  typesFit();
  programRuns();
  cacheIsOnBeforeTheCode();
  match(must(user, "npx", "--no-install", "lamb-compose", "--version").stdout, /^\d+\.\d+\.\d+\n$/);
  console.log(`${tarball}: packed, installed and used`);
  createdProgramsRun(packed, here, work);
} finally {
  rmSync(work, { recursive: true });
}
