import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { App, ComposeFile, Hardening, Service, type ServiceProps, Volume } from "lamb-compose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { removeProject, TEST_PROJECT } from "./project";
import { must, type Ran, run } from "./run";

/** Images under names that the rules know, with entrypoints that do what those of the real ones do. */
const DATABASE = "127.0.0.1:5000/library/postgres:stand-in";
const PROXY = "127.0.0.1:5000/library/caddy:stand-in";

/** Gives its data to its own user, looks into a folder that only that user may enter, and goes on as that user. */
const ENTRYPOINT = `#!/bin/sh
set -e
chown -R postgres /data
exec su postgres -s /bin/sh -c 'mkdir -p -m 0700 /data/own && : > /data/own/file && exec sleep 1000'
`;

/** Busybox sees by the beginning of its file's name that it is meant itself. */
const WITH_CAPABILITY = "busybox-with-capability";

describeWith("docker-engine", "jobs and capabilities", () => {
  let folder = "";
  let project = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    project = basename(folder).toLowerCase();
    await makeImages(folder);
  });
  afterAll(async () => {
    await removeProject(project);
    await run("docker", ["image", "rm", "--force", DATABASE, PROXY]);
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts a stack of services from nothing, and waits as an operator would, with a bound. */
  async function up(change: (file: ComposeFile) => void): Promise<Ran> {
    await removeProject(project);
    const app = new App();
    const file = new ComposeFile(app, "jobs", { fileName: "compose.yaml", name: project });
    change(file);
    await rm(join(folder, "out"), { recursive: true, force: true });
    await app.synth().write(join(folder, "out"));
    return compose("up", "--detach", "--wait", "--wait-timeout", "20");
  }

  function compose(...words: readonly string[]): Promise<Ran> {
    return run("docker", ["compose", "--file", join(folder, "out", "compose.yaml"), ...words]);
  }

  /** A service that is ready when its process has lived for a while. */
  function database(file: ComposeFile, props: ServiceProps = {}): Service {
    return new Service(file, "db", {
      image: DATABASE,
      volumes: [new Volume(file, "data").at("/data")],
      stop_grace_period: "1s",
      healthcheck: { test: ["CMD", "test", "-f", "/data/own/file"], interval: "1s", timeout: "5s", retries: 5 },
      user: "root",
      ...props,
    });
  }

  it("an entrypoint that gives data away fails without its capabilities", async () => {
    const { code } = await up((file) => database(file, { cap_drop: ["ALL"] }));
    const { stdout, stderr } = await compose("logs", "db");
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain("Operation not permitted");
  });

  it("it starts with those that Hardening adds, and again with the data that it has", async () => {
    const ran = await up((file) => {
      database(file);
      file.with(new Hardening());
    });
    expect(ran).toMatchObject({ code: 0 });
    expect(await compose("restart", "--timeout", "1", "db")).toMatchObject({ code: 0 });
    expect(await compose("up", "--detach", "--wait", "--wait-timeout", "20")).toMatchObject({ code: 0 });
  });

  it("a file with a capability is not run without it, as another user neither, and is with Hardening's", async () => {
    const proxy = (file: ComposeFile, props: ServiceProps) =>
      new Service(file, "proxy", { image: PROXY, stop_grace_period: "1s", ...props });
    for (const user of ["0", "1000"]) {
      const refused = await up((file) => proxy(file, { cap_drop: ["ALL"], user }));
      expect(refused.code).not.toBe(0);
      const { stdout, stderr } = await compose("logs", "proxy");
      expect(`${stdout}${stderr}`).toMatch(/operation not permitted/i);
      const started = await up((file) => {
        proxy(file, { user });
        file.with(new Hardening());
      });
      expect(started).toMatchObject({ code: 0 });
    }
  });

  it("a job that another service waits for runs once, and waiting ends", async () => {
    const ran = await up((file) => {
      const data = new Volume(file, "runs");
      const job = new Service(file, "migrate", {
        image: DATABASE,
        entrypoint: ["sh", "-c", "echo ran >> /runs/list"],
        volumes: [data.at("/runs")],
      });
      new Service(file, "web", {
        image: DATABASE,
        entrypoint: ["sleep", "1000"],
        stop_grace_period: "1s",
        volumes: [data.at("/runs")],
      }).dependsOn(job, "service_completed_successfully");
      file.with(new Hardening());
    });
    expect(ran).toMatchObject({ code: 0 });
    expect(await compose("exec", "--no-TTY", "web", "cat", "/runs/list")).toMatchObject({ code: 0, stdout: "ran\n" });
  });
});

/** Both images are one program: with an entrypoint, and with a file that has a capability. */
async function makeImages(folder: string): Promise<void> {
  const root = join(folder, "root");
  for (const name of ["bin", "etc", "data", "tmp"]) await mkdir(join(root, name), { recursive: true });
  const { stdout } = await must("sh", ["-c", "command -v busybox"]);
  const busybox = join(root, "bin", "busybox");
  await copyFile(stdout.trim(), busybox);
  for (const name of ["sh", "chown", "su", "mkdir", "sleep", "test", "cat"])
    await copyFile(busybox, join(root, "bin", name));
  await writeFile(join(root, "etc", "passwd"), "root:x:0:0::/:/bin/sh\npostgres:x:999:999::/data:/bin/sh\n");
  await writeFile(join(root, "etc", "group"), "root:x:0:\npostgres:x:999:\n");
  await writeFile(join(root, "bin", "entrypoint"), ENTRYPOINT);
  await chmod(join(root, "bin", "entrypoint"), 0o755);
  const capable = join(root, "bin", WITH_CAPABILITY);
  await copyFile(busybox, capable);
  await must("setcap", ["cap_net_bind_service=+ep", capable]);
  const archive = join(folder, "root.tar");
  const kept = ["--xattrs", "--xattrs-include=security.capability", "--owner=0", "--group=0"];
  await must("tar", [...kept, "--create", "--file", archive, "--directory", root, "."]);
  const entrypoints = { [DATABASE]: ["/bin/entrypoint"], [PROXY]: [`/bin/${WITH_CAPABILITY}`, "sleep", "1000"] };
  for (const [image, words] of Object.entries(entrypoints)) {
    const changes = [`ENTRYPOINT ${JSON.stringify(words)}`, "ENV PATH=/bin"].flatMap((change) => ["--change", change]);
    await must("docker", ["import", ...changes, archive, image]);
  }
}
