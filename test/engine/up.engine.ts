import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { eventually, must, run } from "./run";
import { killedAtEachStep } from "./signalled";
import { TinyImages } from "./tiny";

const IMAGE = "127.0.0.1:5000/operated/tiny:1";
const WELL = { web: "healthy", db: "healthy" };
const SECRET = "do-not-show-this-4711";

/** Of one's own: a database, and who waits for it. `web` comes first, and starts last. */
function stack(web = "sleep 1; touch /tmp/ok; sleep 1000000", db = "touch /tmp/ok; sleep 1000000"): string {
  const service = (command: string) => `
    image: ${IMAGE}
    command: ["/bin/busybox", "sh", "-c", ${JSON.stringify(command)}]
    environment: { A_TOKEN: "\${A_TOKEN}" }
    restart: unless-stopped
    init: true
    stop_grace_period: 1s
    tmpfs: [/tmp]
    healthcheck: { test: ["CMD", "/bin/busybox", "test", "-f", "/tmp/ok"], interval: 1s, start_period: 4s, retries: 2 }`;
  return `services:
  web:${service(web.replaceAll("touch", "/bin/busybox touch").replaceAll("sleep", "/bin/busybox sleep"))}
    depends_on: { db: { condition: service_healthy } }
    volumes: ["./page:/page:ro"]
  db:${service(db.replaceAll("touch", "/bin/busybox touch").replaceAll("sleep", "/bin/busybox sleep"))}
    volumes: ["data:/data"]
volumes: { data: {} }
`;
}

describeWith("docker-engine", "lamb-compose up", () => {
  let images: TinyImages;
  let stacks: Operated[] = [];
  const made = async (compose = stack()) => {
    const one = await Operated.create({ "compose.yaml": compose, page: "first", ".env": `A_TOKEN=${SECRET}\n` });
    stacks.push(one);
    return one;
  };
  beforeAll(async () => {
    images = await TinyImages.create();
    await images.push(IMAGE, "one");
  });
  afterEach(async () => {
    for (const one of stacks) await one.remove();
    stacks = [];
  });
  afterAll(() => images?.remove());

  it("starts what is not there, each after those that it waits for, and keeps the state", async () => {
    await images.forget();
    const one = await made();
    const { code, stdout, stderr } = await one.lamb("up");
    expect([code, stdout]).toEqual([0, "2 services are up and well; the state is kept as 1\n"]);
    expect(stderr.match(/\] .*/g)).toEqual([
      "] pulling the images that are missing",
      "] resuming paused services",
      "] starting db",
      "] starting web",
      "] keeping the state",
    ]);
    expect(await one.conditions()).toEqual(WELL);
    const state = join(one.dir, ".lamb-compose", "history", "0001");
    const record = JSON.parse(await readFile(join(state, "record.json"), "utf8"));
    expect(record).toMatchObject({ operation: "up", project: one.project, images: { db: { name: IMAGE } } });
    expect(await readFile(join(state, "files", ".env"), "utf8")).toContain(SECRET);
    expect((await stat(join(state, "files", ".env"))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(state, "files"))).toContain("compose.yaml");
    expect(await readdir(join(one.dir, ".lamb-compose"))).toEqual(["history"]);
  });

  it("given again, leaves alone what is well, whatever was done by hand meanwhile", async () => {
    const one = await made();
    await one.lamb("up");
    const [db, web] = [await one.container("db"), await one.container("web")];
    await must("docker", ["rename", db.Name.slice(1), `${one.project}-other-name`]);
    await must("docker", ["rm", "--force", web.Id]);
    expect((await one.lamb("up", "--json")).code).toBe(0);
    expect((await one.container("db")).Id).toBe(db.Id);
    expect(await one.conditions()).toEqual(WELL);
  });

  it("goes on with what a cut off `docker compose up` leaves, and with what was only made", async () => {
    const one = await made();
    await one.compose("create");
    expect(await one.conditions()).toEqual({ web: "created", db: "created" });
    expect((await one.lamb("up")).code).toBe(0);
    await one.compose("stop", "db");
    expect((await one.lamb("up")).code).toBe(0);
    expect(await one.conditions()).toEqual(WELL);
  });

  it("lets what is paused go on, and waits for the probe that says that it is well", async () => {
    const one = await made();
    await one.lamb("up");
    const { Id } = await one.container("db");
    await one.compose("pause", "db");
    // Compose itself fails here: `dependency failed to start: container … is unhealthy`, or waits for ever.
    const { code, stderr } = await one.lamb("up");
    expect([code, stderr]).toEqual([0, expect.stringContaining("resuming paused services")]);
    expect((await one.container("db")).Id).toBe(Id);
    expect(await one.conditions()).toEqual(WELL);
  });

  it("names within seconds the service that ends again and again, with the end of its log and without secrets", async () => {
    const one = await made(stack("echo began with $$A_TOKEN; sleep 0.2; exit 3"));
    const { code, stdout, stderr, seconds } = await one.lamb("up");
    expect([code, stdout]).toEqual([6, ""]);
    expect(stderr).toContain("service-failed at web: ends again and again; the end of its log:");
    expect(stderr).toContain("began with <A_TOKEN>");
    expect(stderr).not.toContain(SECRET);
    const [, began = "0"] = /(\d+) s {2}\[4\/5\] starting web/.exec(stderr) ?? [];
    expect(seconds - Number(began)).toBeLessThan(25);
    expect((await one.conditions()).db).toBe("healthy");
    await one.write({ "compose.yaml": stack() });
    expect((await one.lamb("up")).code).toBe(0);
    expect(await one.conditions()).toEqual(WELL);
  });

  it("names the service that is not healthy, as data for programs", async () => {
    const one = await made(stack("echo no luck today; sleep 1000000"));
    const { code, stdout } = await one.lamb("up", "--json");
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "stuck",
      status: 6,
      error: { code: "service-failed", path: "web", reason: expect.stringContaining("fails its healthcheck") },
    });
  });

  it("begins nothing where another project has the data", async () => {
    const [one, other] = [await made(), await made()];
    await one.lamb("up");
    const shared = stack().replace("volumes: { data: {} }", `volumes: { data: { name: ${one.project}_data } }`);
    await other.write({ "compose.yaml": shared });
    const { code, stdout } = await other.lamb("up");
    expect([code, stdout]).toEqual([4, expect.stringContaining(`of the project ${one.project} mounts it`)]);
    expect((await run("docker", ["compose", "ps", "--all", "--quiet"], { cwd: other.dir })).stdout).toBe("");
  });

  it("refuses to lose what a container of older files holds in its own layer, and says how to take it out and back", async () => {
    const folder = "/app/backend/static/public";
    const write = `mkdir -p ${folder}/2; echo kept > ${folder}/2/notes.txt; `;
    const lamb = (volumes: string, before: string) => `services:
  lamb:
    image: ${IMAGE}
    command: ["/bin/busybox", "sh", "-c", ${JSON.stringify(`${before}/bin/busybox sleep 1000000`.replaceAll(/mkdir/g, "/bin/busybox mkdir"))}]
    init: true
    stop_grace_period: 1s
${volumes}`;
    const one = await made(lamb("", write));
    await one.compose("up", "--detach", "--wait");
    const old = await one.container("lamb");
    await one.write({
      "compose.yaml": lamb(`    volumes: ["lamb-static:${folder}"]\nvolumes: { lamb-static: {} }\n`, ""),
    });
    const refused = await one.lamb("up");
    expect([refused.code, refused.stdout]).toEqual([4, expect.stringContaining("and in no volume")]);
    expect((await one.container("lamb")).Id).toBe(old.Id);

    const [, out = "", back = ""] =
      /take them out: (.*) — run this again, and when all is up: (.*) — or/.exec(refused.stdout) ?? [];
    await must("sh", ["-c", out], { cwd: one.dir });
    expect((await one.lamb("up")).code).toBe(0);
    await must("sh", ["-c", back], { cwd: one.dir });
    await must("docker", ["compose", "up", "--detach", "--wait", "--force-recreate"], { cwd: one.dir });
    const { stdout } = await one.compose("exec", "lamb", "/bin/busybox", "cat", `${folder}/2/notes.txt`);
    expect(stdout).toBe("kept\n");
    expect((await one.container("lamb")).Id).not.toBe(old.Id);
  });

  it("does not start with an empty volume beside the full one of another project, unless it is told to", async () => {
    const one = await made();
    const label = (project: string) => ["--label", `com.docker.compose.project=${project}`];
    const other = `${one.project}-before`;
    const volume = ["--label", "com.docker.compose.volume=data"];
    await must("docker", ["volume", "create", ...label(one.project), ...volume, `${one.project}_data`]);
    await must("docker", ["volume", "create", ...label(other), ...volume, `${other}_data`]);
    try {
      const writing = ["/bin/busybox", "sh", "-c", "echo full > /data/file"];
      await must("docker", ["run", "--rm", "--volume", `${other}_data:/data`, IMAGE, ...writing]);
      const { code, stdout } = await one.lamb("up");
      const told = `${one.project}_data: is empty, and ${other}_data of the project ${other} is not`;
      expect([code, stdout]).toEqual([4, expect.stringContaining(told)]);
      expect((await one.lamb("up", "--yes")).code).toBe(0);
    } finally {
      await must("docker", ["volume", "rm", `${other}_data`]);
    }
  });

  describe("whatever becomes of it", () => {
    it("killed as it begins each of its steps, goes on there when it is given again", async () => {
      const one = await made();
      const noted = async () => expect(await readdir(join(one.dir, ".lamb-compose"))).toContain("operation.json");
      await killedAtEachStep(one.commandLine("up"), { after: noted });
      const { code, stderr } = await one.lamb("up");
      expect([code, await one.conditions()], stderr).toEqual([0, WELL]);
      expect(await readdir(join(one.dir, ".lamb-compose"))).toEqual(["history"]);
    });

    it("goes on when its terminal is closed", async () => {
      const one = await made();
      expect(await one.signalled("SIGHUP", "[3/5]", "up")).toBe(0);
      expect(await one.conditions()).toEqual(WELL);
    });

    it("says who is at work on the deployment", async () => {
      const one = await made();
      const first = one.lamb("up");
      const state = () => readdir(join(one.dir, ".lamb-compose")).catch((): string[] => []);
      await eventually(30, state, (names) => names.includes("operation.json"));
      const second = await one.lamb("up");
      expect([second.code, second.stderr]).toEqual([
        75,
        expect.stringContaining("is being changed by another run, process"),
      ]);
      expect((await first).code).toBe(0);
    });
  });

  describe("doctor, beside it", () => {
    const found = async (one: Operated) => {
      const { checks } = JSON.parse((await one.lamb("doctor", "--json")).stdout);
      const rows: { id: string; state: string }[] = checks;
      return rows
        .filter(({ state }) => state === "error" || state === "warning")
        .map(({ id, state }) => `${state} ${id}`);
    };

    it("finds nothing, and then each thing that is broken", async () => {
      const one = await made();
      await one.lamb("up");
      expect(await found(one)).toEqual([]);
      await one.compose("pause", "db");
      expect(await found(one)).toEqual(["error services-well"]);
      await one.compose("unpause", "db");
      await one.write({ page: "second" });
      expect(await found(one)).toContain("error mounts-current");
      await one.write({ "compose.yaml": stack().replace("interval: 1s", "interval: 2s") });
      expect(await found(one)).toContain("warning deployed-files");
      await must("docker", ["rm", "--force", (await one.container("web")).Id]);
      expect(await found(one)).toContain("error all-running");
      await one.write({ "compose.yaml": "services: { web: { imag: x } }\n" });
      expect(await found(one)).toContain("error files-valid");
    });
  });
});
