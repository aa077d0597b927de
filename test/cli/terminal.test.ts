import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { builtProgram, commandWords } from "../support/command";
import { run } from "../support/tools";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-terminal-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const lamb = (words: readonly string[], cwd = scratch, input = "") =>
  run(process.execPath, commandWords(...words), { cwd, input });

/** Hides what was printed, writes the clipboard, turns the direction of text, and is not to be seen. */
const ATTACK = "\u001b[8m\u001b]52;c;ZXZpbA==\u0007\u009b2J\u202e\u2066\u200b\u007f";
/** The same in a YAML text. */
const IN_YAML = "\\e[8m\\e]52;c;ZXZpbA==\\a\\u009b2J\\u202e\\u2066\\u200b\\x7f";
const OBEYED = /[^\P{Cc}\n\t]|\p{Cf}|\p{Cs}|[\u2028\u2029]/u;
let count = 0;

/** A folder with files, in which the tool wrote all of them. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = join(scratch, String(count++));
  mkdirSync(path);
  const digests: [string, string[]][] = [];
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(path, name), text);
    digests.push([name, [`sha256:${createHash("sha256").update(text).digest("hex")}`]]);
  }
  writeFileSync(join(path, ".lamb-compose.json"), JSON.stringify({ files: Object.fromEntries(digests) }));
  return path;
}

const service = (rest: string) => `services:\n  a:\n    ${rest}\n`;
const HOSTILE_IMAGE = service(`image: "\${A}${IN_YAML}x"`);

/** What is wrong → files, words. Each has to say something of what it read. */
const SAYINGS: readonly (readonly [what: string, files: Readonly<Record<string, string>>, words: readonly string[]])[] =
  [
    ["a value", { "c.yaml": service(`image: "x${IN_YAML}:latest"`) }, ["audit", "c.yaml"]],
    ["a mount", { "c.yaml": service(`volumes: ["/var/run/docker.sock${IN_YAML}:/x"]`) }, ["audit", "c.yaml"]],
    ["a key", { "c.yaml": `services:\n  a:\n    image: x\n    "u${IN_YAML}": 1\n` }, ["audit", "c.yaml"]],
    ["a name of a file", { [`c${ATTACK}.yaml`]: service("image: x:latest") }, ["audit", `c${ATTACK}.yaml`]],
    ["a file of no kind", { [`c${ATTACK}`]: "" }, ["audit", `c${ATTACK}`]],
    ["a file that is not there", {}, ["audit", `c${ATTACK}.yaml`]],
    ["YAML that is none", { "c.yaml": 'a: "\u202e\u2066\u200b' }, ["audit", "c.yaml"]],
    ["a name in a template", { ".env": `A${ATTACK}=change-me\nSECRET${ATTACK}=change-me\n` }, ["audit", ".env"]],
    ["an image in a lock", { "c.yaml": HOSTILE_IMAGE }, ["lock", "--check", "--offline"]],
    ["the same that is to be locked", { "c.yaml": HOSTILE_IMAGE }, ["lock"]],
    ["a folder of a deployment", {}, ["env", "check", "--dir", `d${ATTACK}`]],
    ["a variable", {}, ["env", "explain", `V${ATTACK}`]],
    ["a command", {}, [`c${ATTACK}`]],
    ["an option", {}, ["audit", `--o${ATTACK}`, "x"]],
    ["an option's value", {}, ["audit", "--report", `r${ATTACK}`, "x"]],
    ["a kind of TLS", {}, ["init", "--tls", `t${ATTACK}`]],
    ["a release", {}, ["init", "--release", `r${ATTACK}`]],
    ["a checkout", {}, ["dependencies", "--checkout", `c${ATTACK}`]],
    [
      "a message of Compose's",
      { "c.yaml": service(`environment: {A: "\${B:?${IN_YAML}}"}`) },
      ["config", "-f", "c.yaml"],
    ],
    ["a word of config", {}, ["config", `--x${ATTACK}`]],
  ];

it("goes to the streams of the process in one file only", () => {
  const files = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" });
  const writers = files.filter((file) => {
    const isSource = file.endsWith(".ts") && !file.startsWith("spec/generated/");
    return (
      isSource &&
      /write\(process\.std|process\.std(out|err)\.write|^\s+console\./m.test(
        readFileSync(join(ROOT, "lib", file), "utf8"),
      )
    );
  });
  expect(writers).toEqual(["cli/streams.ts"]);
});

describe("what others wrote", () => {
  it.each(SAYINGS)("does not steer the terminal: %s", (_, files, words) => {
    const { status, stdout, stderr } = lamb(words, folder(files));
    expect([status, stdout + stderr]).not.toEqual([0, ""]);
    expect(stdout + stderr).not.toMatch(OBEYED);
    expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it("is in a report for programs as it is", () => {
    const cwd = folder({ "c.yaml": service(`"u${IN_YAML}": 1`) });
    for (const format of ["json", "sarif"]) {
      const { stdout } = lamb(["audit", "--report", format, "c.yaml"], cwd);
      expect(stdout).not.toMatch(OBEYED);
      expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(ATTACK).slice(1, -1));
    }
  });

  it("is on one line where it is a value, so that it cannot be taken for a finding", () => {
    const cwd = folder({ "c.yaml": service('volumes: ["/var/run/docker.sock:/x\\nerror forged at c.yaml"]') });
    const { stdout } = lamb(["audit", "c.yaml"], cwd);
    expect(stdout).toContain("no-engine-socket");
    expect(stdout).not.toMatch(/^error forged/m);
  });
});

describe("what config shows", () => {
  const files = { "c.yaml": service('environment: {A: "x\\u202ey"}\n    image: x') };

  it("is Compose's bytes for a file or a pipe, which other programs read", () => {
    expect(lamb(["config", "-f", "c.yaml"], folder(files)).stdout).toContain("A: x\u202ey\n");
    const cwd = folder(files);
    lamb(["config", "-f", "c.yaml", "-o", "out.yaml"], cwd);
    expect(readFileSync(join(cwd, "out.yaml"), "utf8")).toContain("A: x\u202ey\n");
  });

  it("steers no terminal", async () => {
    const { printExactly } = await import("../../lib/cli/streams");
    const { isTTY } = process.stdout;
    const written: string[] = [];
    const { write } = process.stdout;
    process.stdout.isTTY = true;
    process.stdout.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
    try {
      printExactly("A: x\u202ey\n");
    } finally {
      process.stdout.write = write;
      process.stdout.isTTY = isTTY;
    }
    expect(written).toEqual(["A: x\\u202ey\n"]);
  });
});

describe("a program", () => {
  it.each([
    ["a finding", 'new Service(file, "a", { image: "x", depends_on: [HOSTILE] })'],
    ["a finding of Compose's", 'new Service(file, "a", { image: "x", cpus: HOSTILE })'],
    ["a mistake of one construct", "new Service(file, HOSTILE, {})"],
  ])("that is run says nothing that steers the terminal: %s", (_, line) => {
    const path = join(scratch, `${count++}.mjs`);
    const index = JSON.stringify(builtProgram("lib/index.ts"));
    const text = `import { App, ComposeFile, run, Service } from ${index};
const HOSTILE = ${JSON.stringify(ATTACK)};
const app = new App();
const file = new ComposeFile(app, "web", { fileName: "compose.yaml" });
try { ${line} } catch (error) { console.error(error.message); process.exit(1); }
await run(app);
`;
    writeFileSync(path, text);
    const { status, stdout, stderr } = run(process.execPath, [path], { cwd: scratch });
    expect(status).toBe(1);
    expect(stdout + stderr).not.toBe("");
    expect(stdout + stderr).not.toMatch(OBEYED);
  });
});
