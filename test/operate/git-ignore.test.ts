import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planGitIgnore, writeGitIgnore } from "../../lib/operate/git-ignore";
import { run } from "../support/tools";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-git-ignore-"));
  run("git", ["init", "-q", "."], { cwd: dir });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Names that commands leave beside an `.env`. */
const NAMES = [".env", ".env.2026-01-01T00-00-00.000Z.bak", ".env.1-2-00000000-000000000000.tmp", ".env.lock"].concat(
  ".lamb-compose.lock",
  ".lamb-compose/history/1.json",
);
/** Which of them Git would take in. */
const seenByGit = () => {
  const { stdout } = run("git", ["check-ignore", "--no-index", "-v", "-n", ...NAMES], { cwd: dir });
  return stdout.split("\n").flatMap((line) => (/^::|:!/.test(line) ? [line.split("\t")[1]] : []));
};
const write = (text: string) => writeFileSync(join(dir, ".gitignore"), text);
const read = () => readFileSync(join(dir, ".gitignore"), "utf8");

/** What is there → whether Git ignores everything already. */
const EARLIER: readonly (readonly [text: string, isEnough: boolean])[] = [
  ["", false],
  ["node_modules\n.env", false],
  ["# .env*\n .env*\nfoo/.env*\n.env/\n", false],
  [".env\n.env.*.bak\n.env.*.tmp\n.env.lock\n.lamb-compose.lock\n.lamb-compose/\n", true],
  [".env\r\n.env.*\r\n/.lamb-compose.lock  \r\n/.lamb-compose\r\n", true],
  [".env*\n.lamb-compose.lock\n", false],
  [".env*\n.lamb-*\n", true],
  ["*\n", true],
  [".??*\n", true],
  ["**\n!.env\n", false],
  ["!.env\n.*\n!.env.example\n", true],
  [`${"*a".repeat(5000)}\n`, false],
];

describe("the .gitignore beside an .env", () => {
  it("is made where there is none", async () => {
    const plan = await planGitIgnore(dir);
    expect(plan.isNew).toBe(true);
    await writeGitIgnore(plan);
    expect(seenByGit()).toEqual([]);
    expect((await planGitIgnore(dir)).text).toBeUndefined();
  });

  it.each(EARLIER)("gets what it lacks, as Git reads it: %j", async (text, isEnough) => {
    write(text);
    expect(seenByGit().length === 0).toBe(isEnough);
    const plan = await planGitIgnore(dir);
    await writeGitIgnore(plan);
    expect(seenByGit()).toEqual([]);
    expect(read().startsWith(text)).toBe(true);
    expect(read() === text).toBe(isEnough);
    expect((await planGitIgnore(dir)).text).toBeUndefined();
  });

  it("says once who wrote into it", async () => {
    await writeGitIgnore(await planGitIgnore(dir));
    write(read().replace(".env.lock\n", ""));
    await writeGitIgnore(await planGitIgnore(dir));
    expect(seenByGit()).toEqual([]);
    expect(read().match(/^# Made by/gm)).toHaveLength(1);
  });

  it("keeps its permissions", async () => {
    write("x\n");
    chmodSync(join(dir, ".gitignore"), 0o640);
    await writeGitIgnore(await planGitIgnore(dir));
    expect(statSync(join(dir, ".gitignore")).mode & 0o777).toBe(0o640);
  });

  it.each<[string, (path: string) => void]>([
    ["a folder", (path) => mkdirSync(path)],
    ["a pipe", (path) => void run("mkfifo", [path])],
    ["a link that leads to nothing", (path) => symlinkSync(join(dir, "nothing"), path)],
    ["Latin-1", (path) => writeFileSync(path, Buffer.from("caf\u00e9\n", "latin1"))],
  ])("is left alone when it is %s, and what is missing is said", async (_, make) => {
    make(join(dir, ".gitignore"));
    expect(await planGitIgnore(dir)).toMatchObject({ text: undefined, lacking: expect.arrayContaining([".env"]) });
  });
});
