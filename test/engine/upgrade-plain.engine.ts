import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { App, ComposeFile, DataVolume, Healthcheck, Image, Service } from "lamb-compose";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { must } from "./run";

const IMAGE = "operated/plain";
const QUICK = ["--yes", "--watch", "1"];
/** Steps of a rollback of the stack. */
const STEPS = 8;

/** A stack of somebody's own without Python, which writes down each release that has had its data. */
function stackOf(release: string, image: Image = new Image(IMAGE, { tag: "1" })): Readonly<Record<string, string>> {
  const app = new App();
  const file = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  new Service(file, "shop", {
    image,
    command: ["sh", "-c", `echo ${release} >> /data/releases; exec sleep 1000000`],
    init: true,
    healthcheck: Healthcheck.command(["test", "-s", "/data/releases"]),
    restart: "unless-stopped",
    volumes: [new DataVolume(file, "data", { schema: "1" }).at("/data")],
  });
  return Object.fromEntries(app.synth().files);
}

describeWith("docker-engine", "lamb-compose upgrade of a stack without Python", () => {
  vi.setConfig({ testTimeout: 240_000 });
  let one: Operated;
  const releases = async () => {
    const { stdout } = await one.compose("exec", "--no-TTY", "shop", "cat", "/data/releases");
    return stdout.trim().split("\n");
  };
  beforeAll(async () => {
    await must("docker", ["tag", inject("standIns")?.caddy ?? "", `${IMAGE}:1`]);
    one = await Operated.create(stackOf("one"));
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => {
    await one?.remove();
    await must("docker", ["image", "rm", `${IMAGE}:1`]);
  });

  // One deployment lives through all of this, one test after the other.

  it.each([
    [
      "a registry that went away",
      "127.0.0.1:5999/gone/shop",
      "registry-away at docker compose: a registry does not answer",
    ],
    [
      "a tag that does not exist",
      "127.0.0.1:5000/operated/none",
      "unknown-image at docker compose: the registry does not have an image",
    ],
  ])("to %s has touched nothing, and says what the registry says", async (_, repository, words) => {
    const { Id } = await one.container("shop");
    await one.write(stackOf("two", new Image(repository, { tag: "2" })));
    const { code, stdout, stderr } = await one.lamb("upgrade", ...QUICK);
    expect([code, stdout], stderr).toEqual([1, "nothing was touched: what runs is as it was\n"]);
    expect(stderr).toContain(words);
    expect(stderr).toContain(repository.slice(0, 14));
    expect((await one.container("shop")).Id).toBe(Id);
    expect(await readdir(join(one.dir, ".lamb-compose"))).not.toContain("operation.json");
  });

  it("copies the data with the shell of its image, and says that they are copied whole", async () => {
    await one.write(stackOf("two"));
    const { code, stderr } = await one.lamb("upgrade", ...QUICK);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("no image has Python");
    expect(await releases()).toEqual(["one", "two"]);
  });

  it("is rolled back, killed as it begins each of its steps, and ends whole", async () => {
    for (let step = 1; step <= STEPS; step++) {
      expect(await one.signalled("SIGKILL", `[${step}/${STEPS}]`, "rollback", ...QUICK), `${step}`).toBe("SIGKILL");
    }
    const { code, stdout, stderr } = await one.lamb("rollback", ...QUICK);
    expect([code, stdout], stderr).toEqual([0, expect.stringContaining("rolled back")]);
    // Started anew on the data from before.
    expect(await releases()).toEqual(["one", "one"]);
    expect((await one.lamb("diff", "--deployed")).stdout).toBe("what runs is what the files say\n");
    expect(await readdir(join(one.dir, ".lamb-compose"))).not.toContain("operation.json");
  });

  it("goes on with an upgrade when its terminal is closed, and its connection is gone", async () => {
    await one.write(stackOf("three"));
    expect(await one.signalled("SIGHUP", "starting shop", "upgrade", ...QUICK)).toBe(0);
    expect(await releases()).toEqual(["one", "one", "three"]);
  });
});
