import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, LambRelease, LambStack } from "lamb-compose";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { z } from "zod";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { must } from "./run";
import { answers } from "./stacks";

const FIXTURES = fileURLToPath(new URL("fixtures/", import.meta.url));
const COUNT = readFileSync(join(FIXTURES, "count.py"), "utf8");
/** Written by LAMB itself, the knowledge base and the library manager at a4836f14, and by Open WebUI's migrations. */
const ARCHIVE = join(FIXTURES, "lamb-volumes.tar.gz");
const VOLUMES = ["lamb-data", "lamb-static", "kb-data", "kb-static", "openwebui-data", "library-manager-data"];
/** The user of the stand-in that writes a volume; all others are root's. */
const OWNERS: Readonly<Record<string, string>> = { "library-manager-data": "999" };

const CONTENT = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.record(z.string(), z.number())])));
type Content = z.infer<typeof CONTENT>;

/** What people made: without what programs count for themselves, and without the stand-ins' own table. */
function made(content: Content): Content {
  const rows = (value: string | Record<string, number>) =>
    typeof value === "string"
      ? value
      : Object.fromEntries(Object.entries(value).filter(([table]) => table !== "acquire_write" && table !== "marker"));
  return Object.fromEntries(
    Object.entries(content).map(([volume, files]) => [
      volume,
      Object.fromEntries(Object.entries(files).map(([path, value]) => [path, rows(value)])),
    ]),
  );
}

describeWith(["docker-engine", "python"], "a stack of LAMB 0.7 on the data of an installation of before", () => {
  let stack: Deployment;
  let scratch = "";
  let before: Content = {};
  const name = (volume: string) => `${stack.project}_${volume}`;
  const mounted = (volumes: readonly string[]) => volumes.flatMap((one) => ["--volume", `${name(one)}:/data/${one}`]);
  const inContainer = (volumes: readonly string[], ...words: readonly string[]) =>
    must("docker", ["run", "--rm", ...mounted(volumes), inject("standIns")?.lamb ?? "", ...words]);
  const count = async () => {
    const { stdout } = await inContainer(
      VOLUMES,
      "python",
      "-c",
      COUNT,
      ...VOLUMES.map((one) => `${one}=/data/${one}`),
    );
    return made(CONTENT.parse(JSON.parse(stdout)));
  };

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "lamb-compose-data-"));
    await must("tar", ["--extract", "--gzip", "--file", ARCHIVE, "--directory", scratch]);
    const there = VOLUMES.map((one) => `${one}=${scratch}/volumes/${one}`);
    before = made(CONTENT.parse(JSON.parse((await must("python3", ["-c", COUNT, ...there])).stdout)));
    stack = await Deployment.create({
      write: (directory) => {
        const app = new App();
        new LambStack(app, "next", { release: new LambRelease("0.7") });
        return app.synth().write(directory);
      },
      answers: { ...answers, OWI_ADMIN_EMAIL: "it@uni.edu" },
    });
    for (const volume of VOLUMES) {
      const labels = [`com.docker.compose.project=${stack.project}`, `com.docker.compose.volume=${volume}`];
      await must("docker", ["volume", "create", ...labels.flatMap((label) => ["--label", label]), name(volume)]);
    }
    const fill = VOLUMES.map((one) => {
      const owner = OWNERS[one] ?? "0";
      return `cp -a /before/${one}/. /data/${one}/ && chown -R ${owner}:${owner} /data/${one}`;
    });
    await must("docker", [
      ...["run", "--rm", "--volume", `${scratch}/volumes:/before:ro`, ...mounted(VOLUMES)],
      ...[inject("standIns")?.lamb ?? "", "bash", "-euc", fill.join("\n")],
    ]);
    await stack.up();
  });
  afterAll(async () => {
    await stack?.remove();
    await rm(scratch, { recursive: true, force: true });
  });

  it("becomes healthy, and has all of them: each row, each file, uploads where LAMB's own files have them", async () => {
    expect(Object.keys(before["lamb-static"] ?? {})).toHaveLength(4);
    await stack.compose("stop", "--timeout", "10");
    const uploads = Object.fromEntries(
      Object.entries(before["lamb-static"] ?? {}).map(([path, hash]) => [`public/${path}`, hash]),
    );
    expect(await count()).toEqual({ ...before, "lamb-static": uploads });
  });

  it("finds its uploads after the next start too, and so do LAMB's own files, which mount the whole volume", async () => {
    const list = "cd /app/backend/static/public && find . -type f | sort";
    const listed = ["./2/notes1.txt", "./2/syllabus1.txt", "./3/notes2.txt", "./3/syllabus2.txt", ""].join("\n");
    await stack.start();
    expect((await stack.compose("exec", "--no-TTY", "lamb", "bash", "-c", list)).stdout).toBe(listed);
    await stack.compose("stop", "--timeout", "10");
    const own = ["--volume", `${name("lamb-static")}:/app/backend/static`, inject("standIns")?.lamb ?? ""];
    expect((await must("docker", ["run", "--rm", ...own, "bash", "-c", list])).stdout).toBe(listed);
  });
});
