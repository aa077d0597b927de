import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, ComposeFile, EnvVar, Image, ImageLock, Service } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../engine/run";
import { type Content, FakeServer, INDEX, INDEX_TEXT, serve, sha256 } from "../operate/registry/server";
import { commandWords } from "../support/command";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let dir: string;
let registry: FakeServer;
let content: Record<string, Content[string]>;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-cli-lock-"));
  const other = { type: INDEX, text: INDEX_TEXT.replace("arm64", "riscv64") };
  content = { "web/manifests/v1": { type: INDEX, text: INDEX_TEXT }, "db/manifests/1": other };
  for (const [path, entry] of Object.entries(content)) {
    content[path.replace(/[^/]*$/, sha256(entry.text))] = entry;
  }
  registry = await FakeServer.start((request) => serve(content, request));
  await synthesize();
});
afterEach(async () => {
  await FakeServer.stopAll();
  rmSync(dir, { recursive: true });
});

/** The command as its user runs it, in a directory that a program wrote. */
const lock = (...words: readonly string[]) =>
  run(process.execPath, commandWords("lock", "--dir", dir, ...words), { cwd: ROOT });

/** What a program writes: with the lock that is there. */
async function synthesize(): Promise<void> {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const version = new EnvVar("VERSION", { meaning: "version", default: "v1" });
  new Service(file, "web", { image: new Image(`${registry.host}/web`, { tag: version }) });
  new Service(file, "db", { image: `${registry.host}/db:1` });
  let known: ImageLock | undefined;
  try {
    known = ImageLock.parse(readFileSync(join(dir, ImageLock.fileName), "utf8"));
  } catch {
    known = undefined;
  }
  await app.synth({ lock: known }).write(dir);
}

const short = (text: string) => sha256(text).slice(0, 19);

describe("lamb-compose lock", () => {
  it("goes the way of a maintainer: lock, synthesize, check, a tag that moves, update", async () => {
    const first = await lock("--check");
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(
      /^error no-lock at .*images\.lock\.json\n {2}there is no lock\n {2}fix: run `lamb-compose lock`\n/,
    );

    const added = await lock();
    expect([added.code, added.stderr]).toEqual([0, ""]);
    expect(added.stdout).toBe(
      [
        `added    ${registry.host}/db:1  ${sha256(INDEX_TEXT.replace("arm64", "riscv64")).slice(0, 19)}  linux/amd64, linux/riscv64/v8`,
        `added    ${registry.host}/web:v1  ${short(INDEX_TEXT)}  linux/amd64, linux/arm64/v8`,
        `wrote ${dir}/images.lock.json`,
        "next:",
        `  the program that wrote ${dir}, again: it names the images by these digests`,
        `  cd ${dir} && docker compose up -d --wait`,
        "",
      ].join("\n"),
    );
    const unpinned = await lock("--check", "--offline");
    expect(unpinned.code).toBe(1);
    expect(unpinned.stdout).toMatch(/^error not-pinned at docker-compose\.next\.yaml · .*\/db:1\n/);
    expect(unpinned.stdout).toContain("2 difference(s) between the files and");

    await synthesize();
    const text = readFileSync(join(dir, "docker-compose.next.yaml"), "utf8");
    expect(text).toContain(`image: "${registry.host}/web:v1@${sha256(INDEX_TEXT)}"\n`);
    const asked = registry.seen.length;
    const offline = await lock("--check", "--offline");
    expect([offline.code, offline.stderr, registry.seen.length]).toEqual([0, "", asked]);
    expect(offline.stdout).toContain("no registry was asked");
    const fine = await lock("--check");
    expect([fine.code, fine.stderr]).toEqual([0, ""]);
    expect(fine.stdout).toBe(
      `the files name every image by the digest in ${dir}/images.lock.json\n2 of 2 tag(s) still mean what is locked\n`,
    );
    const again = await lock();
    expect(again).toMatchObject({
      code: 0,
      stdout: `2 image(s) stay as they were locked\n${dir}/images.lock.json is up to date\nthe files name the images by these digests\n`,
    });

    const moved = INDEX_TEXT.replace("amd64", "s390x");
    content["web/manifests/v1"] = { type: INDEX, text: moved };
    const shown = await lock("--check");
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(
      `moved at ${registry.host}/web:v1\n  the tag means ${short(moved)} now, and ${short(INDEX_TEXT)} is locked\n`,
    );
    expect(shown.stdout).toContain(`lamb-compose lock --update ${registry.host}/web:v1\n`);
    expect(shown.stdout).toContain("1 of 2 tag(s) still mean what is locked\n");
    expect((await lock("--check", "--strict")).code).toBe(1);
    expect((await lock()).stdout).toContain("2 image(s) stay as they were locked\n");

    const updated = await lock("--update", `${registry.host}/web`);
    expect(updated.code).toBe(0);
    expect(updated.stdout).toContain(
      `updated  ${registry.host}/web:v1  ${short(INDEX_TEXT)} → ${short(moved)}  linux/arm64/v8, linux/s390x\n1 image(s) stay as they were locked\n`,
    );
    expect((await lock("--check", "--offline")).stdout).toMatch(/^error other-digest at /);
    await synthesize();
    content[`web/manifests/${sha256(moved)}`] = { type: INDEX, text: moved };
    expect((await lock("--check", "--strict")).code).toBe(0);
    const all = await lock("--update-all");
    expect(all.stdout).toContain(`same     ${registry.host}/web:v1  ${short(moved)}  as before\n`);

    content["web/manifests/v1"] = { type: INDEX, text: INDEX_TEXT };
    delete content[`web/manifests/${sha256(moved)}`];
    const gone = await lock("--check");
    expect(gone.code).toBe(1);
    expect(gone.stdout).toMatch(
      /^error gone at .*\n.*\n {2}the registry does not have what is locked any more, .*--update/,
    );
    delete content["web/manifests/v1"];
    expect((await lock("--check")).stdout).toContain("\n  the tag is gone from the registry, and ");
  });

  it("says what is wrong with every image, and leaves everything as it was", async () => {
    delete content["web/manifests/v1"];
    const failed = await lock();
    expect([failed.code, failed.stdout]).toEqual([1, ""]);
    expect(failed.stderr).toBe(
      `unknown-image at ${registry.host}/web:v1: ${registry.host} has the repository, and not this tag or digest\n  fix: correct the name or the tag, or publish the image first\n`,
    );
    expect(() => readFileSync(join(dir, ImageLock.fileName))).toThrow("ENOENT");
  });

  it("without a registry, checks what is there, and says so", async () => {
    await lock();
    await synthesize();
    await FakeServer.stopAll();
    const checked = await lock("--check");
    expect(checked.code).toBe(0);
    expect(checked.stderr).toMatch(/^could not ask: no-network at .*\/db:1, .*\/web:v1: .* refuses the connection/);
    expect(checked.stdout).toMatch(/^the files name every image .*\nno registry was asked: /);
    expect((await lock("--check", "--strict")).code).toBe(1);
  });

  it("locks what it can, and warns of what has no name of its own; --check takes that for a difference", async () => {
    const path = join(dir, "docker-compose.next.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace(/image: .*\/db:1"?/, 'image: "db:${DB}"'));
    const { code, stdout, stderr } = await lock();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning open at docker-compose\.next\.yaml · db:\$\{DB\}\n/);
    expect(stdout).toMatch(/^added .*\/web:v1 /);
    const checked = await lock("--check", "--offline");
    expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/^error open at .* · db:\$\{DB\}\n/)]);
  });

  it("says where nothing was synthesized", async () => {
    const { code, stderr } = await run(process.execPath, commandWords("lock", "--dir", join(dir, "nowhere")), {
      cwd: ROOT,
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^nothing-synthesized at .*\n {2}fix: .*lamb-compose init/),
    ]);
  });

  it("names the next step of a deployment that init made", async () => {
    const record = join(dir, ".lamb-compose.json");
    const manifest = JSON.parse(readFileSync(record, "utf8"));
    writeFileSync(record, JSON.stringify({ ...manifest, files: { ...manifest.files, "lamb-init.json": [] } }));
    expect((await lock()).stdout).toContain(`next:\n  lamb-compose init --dir ${dir}\n  cd ${dir} && docker compose`);
  });

  it.each([
    [["--check", "--update", "x"]],
    [["--check", "--update-all"]],
    [["--update", "x", "--update-all"]],
    [["--offline"]],
    [["--strict"]],
    [["--update"]],
    [["stray"]],
    [["--bogus"]],
  ])("ends with 2 for words that make no sense: %j", async (words) => {
    const { code, stdout, stderr } = await lock(...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
  });

  it("says in its help what a moved tag is", async () => {
    const { code, stdout } = await lock("--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/A tag that\s+moved is shown and is no failure/);
  });
});
