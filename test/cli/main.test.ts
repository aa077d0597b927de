import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import packageJson from "../../package.json" with { type: "json" };
import { commandWords } from "../support/command";
import { lockOf } from "../support/locks";
import { type RunOptions, run } from "../support/tools";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-cli-"));
const dir = join(scratch, "it's lamb");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The command as its user runs it, without a terminal. */
function lamb(words: readonly string[], options: RunOptions = {}) {
  return run(process.execPath, commandWords(...words), { cwd: ROOT, ...options });
}

const HOSTS = ["--set", "LAMB_PUBLIC_HOST=lamb.uni.edu", "--set", "OWI_PUBLIC_HOST=chat.uni.edu"];
const MAILS = ["--set", "OWI_ADMIN_EMAIL=it@uni.edu", "--set", "CADDY_EMAIL=it@uni.edu"];
/** Long enough, with everything that Compose or a shell could take for something else. */
const KEY = "sk-$1 'x' #2 \\ 4f9A_zQ7";
const values = () => parseDotenv(readFileSync(join(dir, ".env"), "utf8")).values;

describe("lamb-compose", () => {
  it("says its version, and what it can do, with examples", () => {
    expect(lamb(["--version"])).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
    const { status, stdout } = lamb(["--help"]);
    expect(status).toBe(0);
    for (const word of [
      "init",
      "env",
      "lock",
      "config",
      "audit",
      "needs",
      "dependencies",
      "examples:",
      "lamb-compose env rotate",
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it("says which Docker Compose files need, in words and as JSON, and shows no value that can be a secret", () => {
    const file = join(scratch, "needs.yaml");
    writeFileSync(file, "services:\n  web:\n    image: i\n    umask: '0027'\n    environment: {PASSWORD: hunter2}\n");
    const text = lamb(["needs", file]);
    expect(text).toMatchObject({ status: 0, stderr: "" });
    expect(text.stdout).toContain("Docker Compose 5.7.0 or newer\n  5.7.0  services.web.umask");
    const json = lamb(["needs", "--json", file]);
    expect(JSON.parse(json.stdout)).toMatchObject({ lowest: "5.7.0", keys: [{ line: 4, since: "5.7.0" }] });
    expect(text.stdout + json.stdout).not.toContain("hunter2");
    expect(lamb(["needs", join(scratch, "no.yaml")])).toMatchObject({ status: 2 });
  });

  it.each([
    [[]],
    [["bogus"]],
    [["env", "bogus"]],
    [["bogus", "--help"]],
    [["env", "bogus", "-h"]],
    [["--help", "bogus"]],
    [["help", "bogus"]],
    [["init", "--set", "NOVALUE"]],
    [["env", "init", "--set-from-stdin", "A", "--set-from-stdin", "B"]],
    [["env", "init", "--set-from-stdin", "A"]],
  ])("ends with 2 for words that it does not know: %j", (words) => {
    const { status, stdout, stderr } = lamb(words, { cwd: ROOT });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("audits files that include a pipe without waiting for somebody to write into it", () => {
    expect(run("mkfifo", [join(scratch, "pipe.yaml")]).status).toBe(0);
    const file = join(scratch, "with-pipe.yaml");
    writeFileSync(file, "include: [pipe.yaml]\nservices:\n  web:\n    image: i\n");
    const { status, stderr } = run("timeout", ["20", process.execPath, ...commandWords("audit", file)], { cwd: ROOT });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^not-a-file at .*pipe\.yaml: is a pipe, and must be a regular file/m);
  }, 30_000);

  it.each([
    [
      ">/dev/full",
      1,
      "",
      /^level=warning .*\nthe result could not be written: ENOSPC: no space left on device, write\n$/,
    ],
    ["2>/dev/full", 0, "web\n", /^$/],
  ])("goes on without a stack when the disk has no room for what it says: %s", (to, status, stdout, stderr) => {
    const file = join(scratch, "unset.yaml");
    writeFileSync(file, "name: a\nservices:\n  web:\n    image: i\n    environment: {A: $B}\n");
    const words = [
      "-c",
      `exec "$@" ${to}`,
      "sh",
      process.execPath,
      ...commandWords("config", "-f", file, "--services"),
    ];
    expect(run("sh", words)).toEqual({ status, stdout, stderr: expect.stringMatching(stderr) });
  });

  it("names the command that is meant", () => {
    expect(lamb(["lokc", "--help"]).stderr).toContain("unknown command 'lokc'\n(Did you mean lock?)");
    expect(lamb(["env", "chekc", "--help"]).stderr).toContain("(Did you mean check?)");
    for (const words of [
      ["lock", "--help"],
      ["help", "env"],
      ["env", "check", "--help"],
    ]) {
      expect(lamb(words)).toMatchObject({ status: 0, stdout: expect.stringContaining(`Usage: lamb-compose`) });
    }
  });

  it("says how to go on from what is not right yet", () => {
    const folder = join(scratch, "certificates");
    const words = ["--tls", "certificate", "--set", "TLS_FOLDER=./certs", ...HOSTS, ...MAILS.slice(0, 2)];
    const { status, stdout } = lamb(["init", "--dir", folder, ...words]);
    expect(status).toBe(1);
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
      `when that is corrected: lamb-compose env check --dir ${folder}`,
      `  and when nothing is wrong any more: cd ${folder} && docker compose up -d --wait`,
    ]);
  });

  it("goes the way of an administrator: init, check, explain, rotate, init again", () => {
    const refused = lamb(["init", "--dir", dir, ...HOSTS]);
    expect([refused.status, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(
      /^missing-values: [\s\S]*- OWI_ADMIN_EMAIL[\s\S]*- CADDY_EMAIL[\s\S]*\n {2}fix: give them with --set/,
    );
    expect(existsSync(dir)).toBe(false);

    const made = lamb(["init", "--dir", dir, "--release", "0.6", ...HOSTS, ...MAILS]);
    expect([made.status, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain(`wrote ${dir}/docker-compose.next.yaml\n`);
    expect(made.stdout).toContain(`made ${dir}/.env`);
    expect(made.stdout).toMatch(/^ {2}COMPOSE_PROJECT_NAME {2}chosen for this folder/m);
    expect(made.stdout).toMatch(/^ {2}COMPOSE_FILE {2}from the deployment's files$/m);
    expect(made.stdout).toContain(`next: cd '${scratch}/it'\\''s lamb' && docker compose up -d --wait\n`);
    expect(made.stdout).toContain(`: lamb-compose env set OPENAI_API_KEY --dir '${scratch}/it'\\''s lamb'\n`);
    expect(statSync(join(dir, ".env")).mode & 0o777).toBe(0o600);

    const key = lamb(["env", "init", "--dir", dir, "--set-from-stdin", "OPENAI_API_KEY"], { input: `${KEY}\n` });
    expect([key.status, key.stderr]).toEqual([0, ""]);
    expect(key.stdout).toContain("  OPENAI_API_KEY  as given\n");
    expect(values().get("OPENAI_API_KEY")).toBe(KEY);

    const project = values().get("COMPOSE_PROJECT_NAME") ?? "";
    const volumes = "caddy-config caddy-data kb-data kb-static lamb-data lamb-static openwebui-data"
      .split(" ")
      .map((name) => `${project}_${name}`);
    expect(project).toMatch(/^lamb-it-s-lamb/);
    expect(lamb(["env", "check", "--dir", dir])).toEqual({
      status: 0,
      stdout: `project ${project}: its data are in ${volumes.join(", ")}\n${dir}/.env is in order\n`,
      stderr: "",
    });
    const json = JSON.parse(lamb(["env", "check", "--dir", dir, "--json"]).stdout);
    expect(json).toMatchObject({ project: { name: project, volumes }, problems: [] });
    const explained = lamb(["env", "explain", "LTI_SECRET", "--dir", dir]);
    expect(explained.status).toBe(0);
    expect(explained.stdout).toMatch(/^LTI_SECRET: shared with [\s\S]*required, secret; set: line \d+ of \.env\n/);

    const old = values().get("LTI_SECRET") ?? "";
    const envText = readFileSync(join(dir, ".env"), "utf8");
    const unasked = lamb(["env", "rotate", "LTI_SECRET", "--dir", dir], { input: "n\n" });
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toContain("add --yes");
    const once = lamb(["env", "rotate", "OWI_ADMIN_PASSWORD", "--yes", "--dir", dir]);
    expect([once.status, once.stdout]).toEqual([1, ""]);
    expect(once.stderr).toMatch(/^counts-once at OWI_ADMIN_PASSWORD: /);
    expect(readFileSync(join(dir, ".env"), "utf8")).toBe(envText);

    chmodSync(join(dir, ".env"), 0o640);
    const rotated = lamb(["env", "rotate", "LTI_SECRET", "--yes", "--dir", dir]);
    expect(rotated.stdout).toContain("permissions were 640 and are 600 now");
    expect([rotated.status, rotated.stderr]).toEqual([0, ""]);
    const next = `  cd '${scratch}/it'\\''s lamb' && docker compose up -d --wait     recreates lamb\n`;
    expect(rotated.stdout).toContain(next);
    expect(values().get("LTI_SECRET")).not.toBe(old);
    const backup = /^backup with the old one: (.*)$/m.exec(rotated.stdout)?.[1] ?? "";
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(parseDotenv(readFileSync(backup, "utf8")).values.get("LTI_SECRET")).toBe(old);

    const ignored = readFileSync(join(dir, ".gitignore"), "utf8");
    rmSync(join(dir, ".gitignore"));
    expect(lamb(["env", "init", "--dir", dir]).stdout).toContain(`wrote ${dir}/.gitignore\n`);
    expect(readFileSync(join(dir, ".gitignore"), "utf8")).toBe(ignored);

    const again = lamb(["init", "--dir", "it's lamb"], { cwd: scratch });
    expect(again.stdout).toContain("it's lamb/.env has everything: nothing was added\n");
    expect(again.stdout).not.toContain("is a link");
    expect([again.status, again.stderr]).toEqual([0, ""]);
    expect(again.stdout).toContain("5 file(s) were up to date\n");

    const everything = [refused, made, key, explained, rotated, again]
      .map(({ stdout, stderr }) => stdout + stderr)
      .join("");
    for (const secret of [
      old,
      ...[...values()].filter(([name]) => /SECRET|TOKEN|PASSWORD|KEY/.test(name)).map(([, v]) => v),
    ]) {
      expect(secret.length).toBeGreaterThan(8);
      expect(everything).not.toContain(secret);
    }
  });

  it("says with which files a new value counts, when .env names others", () => {
    const folder = mkdtempSync(join(scratch, "other-"));
    lamb(["init", "--dir", folder, "--no-caddy", "--set", "OWI_ADMIN_EMAIL=it@uni.edu"]);
    writeFileSync(join(folder, "compose.yaml"), "services: {}\n");
    const env = { ...process.env, COMPOSE_FILE: "docker-compose.next.yaml", COMPOSE_PROFILES: "mine" };
    const { stdout, stderr } = lamb(["env", "rotate", "LTI_SECRET", "--yes", "--dir", folder], { env });
    expect(stdout).toContain(`cd ${folder} && docker compose up -d --wait`);
    expect(stderr).toContain("note: COMPOSE_PROFILES is set in this shell's environment, too");
    expect(stderr).toContain(`note: ${folder}/compose.yaml is not this deployment's`);
    const other = { ...env, COMPOSE_FILE: join(folder, "compose.yaml") };
    const checked = lamb(["env", "check", "--dir", folder], { env: other });
    expect(checked.stderr).toContain("note: COMPOSE_FILE is set in this shell's environment, too");
  });

  it("goes on when nobody reads to the end, without a stack", () => {
    const script = `"$0" "$@" | true; exit "\${PIPESTATUS[0]}"`;
    const { status, stderr } = run("bash", [
      "-c",
      script,
      process.execPath,
      ...commandWords("env", "check", "--dir", dir),
    ]);
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("names images by digest beside a lock, and says of a version in .env that it moves nothing", () => {
    const names = ["lamb", "lamb-kb", "openwebui"].map((name) => `ghcr.io/lamb-project/${name}:v0.6`);
    const lock = lockOf(Object.fromEntries([...names, "caddy:2.10.2-alpine"].map((name) => [name, "a"])));
    const path = join(dir, "images.lock.json");
    writeFileSync(path, lock.toString());
    const before = readFileSync(join(dir, ".env"), "utf8");
    const locked = lamb(["init", "--dir", dir]);
    expect([locked.status, locked.stderr]).toEqual([0, ""]);
    expect(locked.stdout).toContain(`wrote ${dir}/docker-compose.next.yaml\n`);
    for (const name of ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"])
      expect(readFileSync(join(dir, name), "utf8")).toContain(`@sha256:${"a".repeat(64)}\n`);
    expect(readFileSync(path, "utf8")).toBe(lock.toString());
    expect(readFileSync(join(dir, ".env"), "utf8")).toBe(before);

    writeFileSync(join(dir, ".env"), `${before}LAMB_VERSION=v0.7\n`);
    const checked = lamb(["env", "check", "--dir", dir]);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toMatch(
      /^project .*\nerror retired-value at .*LAMB_VERSION\n.*images\.lock\.json[\s\S]*\n {2}fix: remove the line/,
    );
    const explained = lamb(["env", "explain", "LAMB_VERSION", "--dir", dir]);
    expect(explained.status).toBe(1);
    expect(explained.stderr).toMatch(/^retired-variable at LAMB_VERSION: .*lamb-compose lock/);
    writeFileSync(join(dir, ".env"), before);

    rmSync(path);
    expect(lamb(["init", "--dir", dir]).status).toBe(0);
    expect(readFileSync(join(dir, "docker-compose.next.yaml"), "utf8")).toContain("${LAMB_VERSION:-v0.6}");
    writeFileSync(path, "{}");
    const bad = lamb(["init", "--dir", dir]);
    expect([bad.status, bad.stdout]).toEqual([1, ""]);
    expect(bad.stderr).toMatch(/^bad-lock at .*images\.lock\.json: does not say its version/);
    rmSync(path);
  });

  it("says what is wrong as JSON, and ends with 1", () => {
    const { status, stdout, stderr } = lamb(["env", "check", "--json", "--dir", dir], { env: { LAMB_PORT: "none" } });
    expect([status, stderr]).toEqual([1, ""]);
    expect(JSON.parse(stdout).problems).toEqual([
      expect.objectContaining({ code: "no-effect", severity: "warning", name: "LAMB_PORT", fix: "unset it" }),
      expect.objectContaining({ code: "wrong-type", severity: "error", name: "LAMB_PORT" }),
    ]);
  });

  it("takes no secret from its words, and does not repeat it", () => {
    const { status, stdout, stderr } = lamb(["env", "init", "--dir", dir, "--set", "LTI_SECRET=hunter2hunter2"]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^secret-in-words at LTI_SECRET: [\s\S]*\n {2}fix: use --set-from-stdin LTI_SECRET/);
    expect(stderr).not.toContain("hunter2");
  });

  it("gives a variable another value, which for a secret never stands in its words", () => {
    const place = ["--dir", dir];
    const inWords = lamb(["env", "set", "OPENAI_API_KEY", "hunter2hunter2", ...place]);
    expect([inWords.status, inWords.stdout]).toEqual([1, ""]);
    expect(inWords.stderr).toMatch(/^secret-in-words at OPENAI_API_KEY: [\s\S]*--from-command/);
    const typed = lamb(["env", "set", "OPENAI_API_KEY", ...place], { input: `${KEY}x\n` });
    expect([typed.status, typed.stderr]).toEqual([0, ""]);
    expect(typed.stdout).toMatch(/^OPENAI_API_KEY has a new value in [\s\S]*up -d --wait {5}recreates lamb, kb\n/);
    expect(values().get("OPENAI_API_KEY")).toBe(`${KEY}x`);
    const fetched = lamb([
      "env",
      "set",
      "OPENAI_API_KEY",
      "--from-command",
      "printf 'sk-from a store'",
      "--json",
      ...place,
    ]);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ outcome: "ok", changed: true, restarts: ["lamb", "kb"] });
    expect(values().get("OPENAI_API_KEY")).toBe("sk-from a store");
    expect(lamb(["env", "set", "OWI_ADMIN_NAME=Ada=L", ...place]).status).toBe(0);
    expect(values().get("OWI_ADMIN_NAME")).toBe("Ada=L");
    const pasted = lamb(["env", "set", "OPENAI_API_KEY=hunter2hunter2", ...place]);
    expect([pasted.status, pasted.stderr]).toEqual([1, expect.stringMatching(/^secret-in-words at OPENAI_API_KEY: /)]);
    // Nobody is asked for the value of a name that there is not.
    expect(lamb(["env", "set", "OWI_ADMIN_NAM", ...place]).stderr).toMatch(/^unknown-variable at OWI_ADMIN_NAM/);
    expect(lamb(["env", "set", "OWI_ADMIN_NAME", "Ada", ...place]).status).toBe(0);
    expect(lamb(["env", "set", "OWI_ADMIN_NAME", "Ada", ...place]).stdout).toBe(
      "OWI_ADMIN_NAME has this value already\n",
    );
    expect(lamb(["env", "set", "OPENAI_API_KEY", ...place]).status).toBe(1);
    for (const { stdout, stderr } of [inWords, typed, fetched]) {
      expect(stdout + stderr).not.toMatch(/hunter2|4f9A_zQ7|sk-from/);
    }
  });

  it("shows what Compose makes of files, wherever the word config stands", () => {
    const file = join(dir, "docker-compose.next.yaml");
    const words = [
      ["config", "--services", "-f", file],
      ["-f", file, "config", "--services"],
    ];
    for (const each of words) {
      expect(lamb(each, { cwd: dir })).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^(lamb|kb|openwebui)\n/),
      });
    }
  });
});
