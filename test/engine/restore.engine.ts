import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { CommandsOf } from "../support/guide-commands";
import { describeWith } from "../support/tools";
import { countedStack } from "./counted";
import { Operated } from "./operated";
import { Reader } from "./reader";
import { eventually, must, run } from "./run";
import { killedAtEachStep } from "./signalled";

const IMAGE = "operated/python:1";
const SERVER = "restic-rest-server";
const PORT = 18191;
/** The step at whose beginning nobody has written into what was restored. */
const UNSERVED = "] putting the new files";

/** Where the backups go: to a server of restic's own, over HTTP, where this machine has one. Else into a folder. */
async function repositoryIn(place: string): Promise<{ readonly at: string; readonly server?: ChildProcess }> {
  const folder = join(place, "repository");
  if (spawnSync(SERVER, ["--version"]).status !== 0) {
    console.warn(`backups go into a folder: ${SERVER} is missing`);
    return { at: folder };
  }
  const words = ["--path", folder, "--listen", `127.0.0.1:${PORT}`, "--no-auth"];
  const server = spawn(SERVER, words, { stdio: "ignore" });
  const answers = () =>
    fetch(`http://127.0.0.1:${PORT}/`).then(
      () => true,
      () => false,
    );
  expect(await eventually(20, answers, (is) => is)).toBe(true);
  return { at: `rest:http://127.0.0.1:${PORT}/shop`, server };
}

describeWith(["docker-engine", "restic", "python"], "lamb-compose restore", () => {
  vi.setConfig({ testTimeout: 240_000 });
  const guide = new CommandsOf("restore");
  let one: Operated;
  let reader: Reader;
  let place: string;
  let repository: { readonly at: string; readonly server?: ChildProcess };
  let key: string;
  /** Images of two builds, which have one name, one after the other. */
  const [then, now] = [inject("standIns")?.["lamb-kb"] ?? "", inject("standIns")?.lamb ?? ""];
  const idOf = async (image: string) =>
    (await must("docker", ["image", "inspect", "--format", "{{.Id}}", image])).stdout.trim();
  /** What runs: the image, and what the name of it means. */
  const images = async () => {
    const { Id } = await one.container("writer");
    const runs = (await must("docker", ["inspect", "--format", "{{.Image}}", Id])).stdout.trim();
    return [runs, await idOf(IMAGE)];
  };
  const kept = async () => (await readdir(join(one.dir, ".lamb-compose"))).sort();
  const volumes = async () => {
    const filter = `label=com.docker.compose.project=${one.project}`;
    const { stdout } = await must("docker", ["volume", "ls", "--quiet", "--filter", filter]);
    return stdout
      .split("\n")
      .filter((name) => name !== "")
      .map((name) => name.replace(`${one.project}_`, ""))
      .sort();
  };

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "lamb-compose-restore-"));
    vi.stubEnv("RESTIC_CACHE_DIR", join(place, "cache"));
    repository = await repositoryIn(place);
    await must("docker", ["tag", then, IMAGE]);
    one = await Operated.create(countedStack());
    reader = await Reader.create({}, one.dir);
    await reader.install([process.execPath, ...one.program]);
    expect((await one.lamb("up")).code).toBe(0);
    const { code, stderr } = await one.lamb("backup", "--to", repository.at, "--key-kept", "a safe");
    expect(code, stderr).toBe(0);
    key = (await one.lamb("backup", "key")).stdout.trim();
    await must("docker", ["tag", now, IMAGE]);
    await one.compose("up", "--detach", "--wait");
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await one?.remove();
    await reader?.remove();
    repository?.server?.kill();
    await rm(place, { recursive: true, force: true });
    await must("docker", ["image", "rm", IMAGE]);
  });

  it("says in its plan which images come back, and changes nothing", async () => {
    const { stdout } = await reader.type(guide.take("operations/restore-plan"));
    expect(stdout).toContain(`${IMAGE} means again the image that it meant then`);
    expect(await images()).toEqual([await idOf(now), await idOf(now)]);
  });

  it("taken back, leaves the images their names, and nothing of what was fetched", async () => {
    // What one leaves that is killed before its first step.
    await mkdir(join(one.dir, ".lamb-compose/restore.data/volumes/one"), { recursive: true });
    expect((await one.lamb("status")).stderr).toContain("removed what an interrupted restore had fetched");
    expect(await one.signalled("SIGKILL", UNSERVED, "restore", "--yes", "--watch", "1")).toBe("SIGKILL");
    expect(await idOf(IMAGE)).toBe(await idOf(then));
    const { code, stderr } = await one.lamb("restore", "--abort");
    expect(code, stderr).toBe(0);
    expect(await images()).toEqual([await idOf(now), await idOf(now)]);
    expect([await kept(), await volumes()]).toEqual([
      ["backup.env", "backup.key", "backups.json", "history"],
      ["one", "two"],
    ]);
  });

  it("killed as it begins each of its steps, goes on there when it is given again", { timeout: 900_000 }, async () => {
    const words = ["restore", "--yes", "--watch", "1"] as const;
    await killedAtEachStep(one.commandLine(...words));
    await reader.type(guide.take("operations/restore"), { more: "--yes --watch 1" });
    expect(await images()).toEqual([await idOf(then), await idOf(then)]);
    expect(await one.conditions()).toEqual({ writer: "healthy" });
    expect([await kept(), await volumes()]).toEqual([
      ["backup.env", "backup.key", "backups.json", "history"],
      ["one", "one-g2", "two", "two-g2"],
    ]);
    const back = await one.lamb("rollback", "--yes", "--watch", "1");
    expect(back.code, back.stderr).toBe(0);
    expect(await images()).toEqual([await idOf(now), await idOf(now)]);
  });

  it("with --new, killed as it begins each of its steps, begins anew when it is given again", {
    timeout: 900_000,
  }, async () => {
    await one.compose("down", "--volumes");
    for (const volume of await volumes()) await must("docker", ["volume", "rm", `${one.project}_${volume}`]);
    // A host on which the name means nothing yet.
    await must("docker", ["image", "rm", IMAGE]);
    const dir = join(place, "new");
    const words = [...one.program, "restore", "--new", dir, repository.at, "--yes"];
    const env = { RESTIC_PASSWORD: key };
    await killedAtEachStep(words, { environment: env });
    // It knows by then where the backup is.
    const again = [...one.program, "restore", "--new", dir, "--yes"];
    const { code, stdout, stderr } = await run(process.execPath, again, { env });
    expect([code, stdout.trim().split("\n").at(-1)], stderr).toEqual([0, `restored into ${dir}, and started`]);
    expect(await volumes()).toEqual(["one", "two"]);
    expect(await images()).toEqual([await idOf(then), await idOf(then)]);
    expect(existsSync(join(dir, ".lamb-compose/restore.data"))).toBe(false);
    expect(existsSync(join(dir, ".lamb-compose/operation.json"))).toBe(false);
    expect(guide.left).toEqual([]);
  });
});
