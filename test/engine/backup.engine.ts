import { spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { SAMPLES } from "../../lib/lamb/guides/words";
import { CommandsOf } from "../support/guide-commands";
import { typed } from "../support/terminal";
import { describeWith } from "../support/tools";
import { countedStack } from "./counted";
import { Operated } from "./operated";
import { Reader } from "./reader";
import { eventually, must, run } from "./run";
import { killedAtEachStep } from "./signalled";
import { stackImages } from "./switched";

const KEPT = ["--key-kept", "a safe"];

describeWith(["docker-engine", "restic", "python"], "lamb-compose backup and restore", () => {
  vi.setConfig({ testTimeout: 240_000 });
  let one: Operated;
  let place: string;
  const repository = (name = "repository") => join(place, name);
  /** What stands in the databases of a folder or a container: the counters of both. */
  const COUNTERS =
    "import sqlite3, sys; print(*(sqlite3.connect(path).execute('SELECT number FROM counter').fetchone()[0] for path in sys.argv[1:]))";
  const numbers = (text: string) => text.trim().split(" ").map(Number);
  const live = async () => {
    const words = ["exec", "--no-TTY", "writer", "python", "-c", COUNTERS, "/one/one.db", "/two/deep/two.db"];
    return numbers((await one.compose(...words)).stdout);
  };
  /** Whose the file of the stack is, and what is in it, through its link. */
  const file = async () => {
    const words = ["exec", "--no-TTY", "writer", "stat", "--dereference", "--format", "%u:%g %a %s", "/two/link"];
    return (await one.compose(...words)).stdout.trim();
  };
  const restic = (...words: readonly string[]) => {
    const env = { RESTIC_REPOSITORY: repository(), RESTIC_PASSWORD_FILE: join(one.dir, ".lamb-compose/backup.key") };
    return must("restic", words, { env });
  };
  const kept = async () => (await readdir(join(one.dir, ".lamb-compose"))).sort();

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "lamb-compose-backup-"));
    vi.stubEnv("RESTIC_CACHE_DIR", join(place, "cache"));
    const [[image, name] = ["", ""]] = stackImages();
    await must("docker", ["tag", image, name]);
    one = await Operated.create(countedStack({ megabytes: Number(process.env.BACKUP_MEGABYTES ?? 1) }));
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.stubEnv("RESTIC_CACHE_DIR", join(place, "cache"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await one?.remove();
    await run("umount", [repository("full")]);
    await rm(place, { recursive: true, force: true });
    const [[, name] = ["", ""]] = stackImages();
    await must("docker", ["image", "rm", name]);
  });

  it("wants to hear where the key is kept before anything is backed up", async () => {
    const { code, stdout } = await one.lamb("backup", "--to", repository());
    expect([code, stdout]).toEqual([4, expect.stringContaining("it is not recorded where it is kept")]);
    expect((await one.lamb("backup", "key")).stdout).toMatch(/^[\w-]{43}\n$/);
    expect(statSync(join(one.dir, ".lamb-compose/backup.key")).mode & 0o777).toBe(0o600);
    expect(() => statSync(repository())).toThrow("ENOENT");
  });

  it("shows one instant of all stores, while they are written; services are held for a moment", async () => {
    const ran = await one.lamb("backup", "--to", repository(), "--verify", "restore", ...KEPT);
    console.log(ran.stdout, ran.stderr);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^backed up [\d.]+ MB as \w{8} into .*; it was restored, and starts\n$/);
    const [, held = ""] = /paused for (\d+\.\d) s/.exec(ran.stdout) ?? [];
    expect(Number(held)).toBeLessThan(3);
    expect(await one.conditions()).toEqual({ writer: "healthy" });
    expect(await kept()).toEqual(["backup.env", "backup.key", "backups.json", "history"]);
    expect((await must("docker", ["volume", "ls", "--quiet"])).stdout).not.toContain("-tried");
    await restic("restore", "latest", "--target", join(place, "seen"));
    const paths = ["one/one.db", "two/deep/two.db"].map((path) => join(place, "seen/volumes", path));
    const [first = 0, second = 0] = numbers((await must("python3", ["-c", COUNTERS, ...paths])).stdout);
    expect(first - second).toBeOneOf([0, 1]);
    const manifest = JSON.parse(readFileSync(join(place, "seen/manifest.json"), "utf8"));
    expect(manifest.volumes.one.databases["one.db"].rows).toEqual({ ballast: expect.any(Number), counter: 1 });
    expect(readdirSync(join(place, "seen/files")).sort()).toEqual([".env", "compose.yaml"]);
    expect(readdirSync(join(place, "seen/beside/app"))).toEqual(["app.py"]);
    expect((await one.lamb("backup", "check")).stdout).toBe(`${repository()} is intact\n`);
    expect((await one.lamb("backup", "list")).stdout).toContain("restored");
  });

  it("brings the snapshot back into volumes of its own, and what ran stays", async () => {
    const [before = 0] = await live();
    const whose = await file();
    const { code, stdout, stderr } = await one.lamb("restore", "--yes", "--watch", "1");
    console.log(stdout, stderr);
    expect([code, stdout], stderr).toEqual([0, "restored; the state is kept as 2, and 1 is the way back\n"]);
    expect(await file()).toBe(whose);
    expect(whose).toBe("1234:2345 640 4");
    await one.compose("pause", "writer");
    const { stdout: volumes } = await must("docker", ["volume", "ls", "--quiet"]);
    await one.compose("unpause", "writer");
    for (const name of ["one", "one-g2", "two", "two-g2"]) expect(volumes).toContain(`${one.project}_${name}\n`);
    const [now = 0, other = 0] = await live();
    console.log(`before ${before}, now ${now}`);
    expect(Math.abs(now - other)).toBeLessThanOrEqual(2);
    expect(await kept()).not.toContain("restore.data");
    await eventually(
      30,
      () => one.conditions(),
      ({ writer }) => writer === "healthy",
    );
  });

  it("lets services go on with the next command, whichever step it was killed in", { timeout: 900_000 }, async () => {
    const goesOn = async (step: number) => {
      const { code, stderr } = await one.lamb("status");
      expect(code, stderr).toBe(0);
      expect(await kept(), `step ${step}`).toEqual(["backup.env", "backup.key", "backups.json", "history"]);
      expect((await one.container("writer")).State.Status, `step ${step}`).toBe("running");
    };
    expect(await killedAtEachStep(one.commandLine("backup"), { after: goesOn })).toBeGreaterThan(5);
    const { Id } = await one.container("writer");
    const paused = async () => (await must("docker", ["inspect", "--format", "{{.State.Paused}}", Id])).stdout.trim();
    const filters = ["--filter", `container=${Id}`, "--filter", "event=pause"];
    const events = spawn("docker", ["events", ...filters], { stdio: ["ignore", "pipe", "ignore"] });
    const child = spawn(process.execPath, one.commandLine("backup"), { stdio: "ignore" });
    // Services are paused for less than a second: whoever asks again and again can miss it.
    await new Promise((resolve) => events.stdout.once("data", resolve));
    child.kill("SIGKILL");
    events.kill();
    expect(await paused()).toBe("true");
    const { stderr } = await one.lamb("status");
    expect([await paused(), stderr]).toEqual([
      "false",
      expect.stringContaining("these were paused, and run again: writer"),
    ]);
    await eventually(
      30,
      () => one.conditions(),
      ({ writer }) => writer === "healthy",
    );
    expect((await one.lamb("backup")).code).toBe(0);
    await restic("check", "--read-data");
  });

  it("says what is wrong with a repository, and loses nothing", async () => {
    const refused = async (...words: readonly string[]) => {
      const { code, stderr } = await one.lamb("backup", ...words);
      expect(await one.conditions()).toEqual({ writer: "healthy" });
      return [code, stderr];
    };
    vi.stubEnv("RESTIC_PASSWORD", "another-key-than-that");
    expect(await refused()).toEqual([1, expect.stringContaining("wrong-key at restic cat")]);
    vi.unstubAllEnvs();

    renameSync(repository(), repository("away"));
    expect(await refused()).toEqual([1, expect.stringContaining("no-repository at restic cat")]);
    expect(() => statSync(repository())).toThrow("ENOENT");
    renameSync(repository("away"), repository());

    cpSync(repository(), repository("flipped"), { recursive: true });
    const packs = readdirSync(join(repository("flipped"), "data"), { recursive: true, withFileTypes: true });
    const files = packs.flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));
    await must("chmod", ["-R", "u+w", repository("flipped")]);
    for (const path of files) {
      const bytes = readFileSync(path);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }
    vi.stubEnv("RESTIC_REPOSITORY", repository("flipped"));
    expect(await refused("check")).toEqual([1, expect.stringContaining("repository-damaged at restic check")]);
    const { code, stdout, stderr } = await one.lamb("restore", "--yes", "--watch", "1");
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr).toMatch(/repository-damaged at restic restore|not-whole/);
    expect(await kept()).not.toContain("restore.data");
    vi.unstubAllEnvs();

    await mkdir(repository("full"));
    await must("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", repository("full")]);
    expect(await refused("--to", repository("full"))).toEqual([
      1,
      expect.stringContaining("disk-full at restic backup"),
    ]);
    expect((await one.lamb("backup", "check")).stdout).toBe(`${repository()} is intact\n`);
  });

  it("makes the deployment anew from the repository and the key alone", async () => {
    const key = (await one.lamb("backup", "key")).stdout.trim();
    const guide = new CommandsOf("backup");
    const reader = await Reader.create({ [SAMPLES.backups]: repository() });
    await reader.install([process.execPath, ...one.program]);
    const dir = reader.path("lamb");
    const anew = (...words: readonly string[]) => {
      vi.stubEnv("RESTIC_PASSWORD", key);
      return run(process.execPath, [...one.program, "restore", "--new", dir, repository(), "--yes", ...words]);
    };
    expect((await anew()).stderr).toContain(`project-taken at ${one.project}`);
    expect(existsSync(dir)).toBe(false);
    await one.compose("down", "--volumes");
    await must("docker", [
      "volume",
      "prune",
      "--all",
      "--force",
      "--filter",
      `label=com.docker.compose.project=${one.project}`,
    ]);
    vi.unstubAllEnvs();
    vi.stubEnv("RESTIC_CACHE_DIR", join(place, "cache"));
    const answers = [
      ["Key of the repository", typed(key)],
      ["Go on?", ["y"]],
    ] as const;
    const { stdout } = await reader.type(guide.take("operations/restore-new"), { answers });
    expect(stdout).toContain("restored into lamb, and started");
    expect(guide.left).toEqual([]);
    expect((await anew()).stderr).toContain("not-empty");
    const { stdout: found } = await must("docker", ["compose", "ps", "--format", "{{.Service}} {{.Health}}"], {
      cwd: dir,
    });
    expect(found).toBe("writer healthy\n");
    expect(readFileSync(join(dir, "compose.yaml"), "utf8")).toBe(readFileSync(join(one.dir, "compose.yaml"), "utf8"));
    expect(statSync(join(dir, ".env")).mode & 0o777).toBe(0o600);
    await reader.remove();
  });
});
