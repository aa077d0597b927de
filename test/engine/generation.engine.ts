import { App, ComposeFile, DataVolume, Image, Service, Volume } from "lamb-compose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { run } from "./run";
import { TinyImages } from "./tiny";

const IMAGE = "127.0.0.1:5000/generation/tiny";

/** A stack whose data are in a plain volume, as before there were generations, or in one that carries a generation. */
function stack(kind: "plain" | "generation"): string {
  const app = new App();
  const file = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  const data = kind === "plain" ? new Volume(file, "data") : new DataVolume(file, "data");
  new Service(file, "db", { image: new Image(IMAGE, { tag: "1" }), init: true, volumes: [data.at("/data")] });
  return app.synth().files.get("compose.yaml") ?? "";
}

describeWith("docker-engine", "the generation of the data", () => {
  let images: TinyImages;
  let one: Operated;
  const exec = (...words: readonly string[]) => one.compose("exec", "--no-TTY", "db", "/bin/busybox", ...words);
  const kept = async () => (await exec("cat", "/data/kept")).stdout;

  beforeAll(async () => {
    images = await TinyImages.create();
    await images.push(`${IMAGE}:1`, "one");
    one = await Operated.create({ "compose.yaml": stack("plain") });
    await one.compose("up", "--detach", "--wait");
    await exec("sh", "-c", "echo old > /data/kept");
  });
  afterAll(async () => {
    await one?.remove();
    await images?.remove();
  });

  it("changes nothing for a project that exists: no question, no new container, the same data", async () => {
    const { Id } = await one.container("db");
    await one.write({ "compose.yaml": stack("generation") });
    const ran = await run("docker", ["compose", "up", "--detach", "--wait"], { cwd: one.dir });
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("Running")]);
    expect(ran.stdout + ran.stderr).not.toMatch(/recreate|doesn't match|data will be lost/i);
    expect([(await one.container("db")).Id, await kept()]).toEqual([Id, "old\n"]);
  });

  it("is the next one by a line of the .env, and the one before by taking it away", async () => {
    await one.write({ ".env": "DATA_GENERATION=-g2\n" });
    await one.compose("up", "--detach", "--wait");
    await exec("sh", "-c", "echo new > /data/kept");
    await one.write({ ".env": "" });
    const ran = await one.compose("up", "--detach", "--wait");
    expect(ran.stdout + ran.stderr).not.toMatch(/doesn't match|data will be lost/i);
    expect(await kept()).toBe("old\n");
    await one.write({ ".env": "DATA_GENERATION=-g2\n" });
    await one.compose("up", "--detach", "--wait");
    expect(await kept()).toBe("new\n");
  });
});
