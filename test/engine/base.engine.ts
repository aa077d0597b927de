import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { eventually, must, type Ran } from "./run";
import { accepts, listening } from "./sockets";
import { base } from "./stacks";

/** Docker's own limit, after which it kills: a stop that needs it was not graceful. */
const KILL_AFTER_SECONDS = 10;

describeWith("docker-engine", "the base stack", () => {
  let stack: Deployment;
  let started: Ran;
  let before: string[];
  let imagesBefore: string[];
  const services = ["kb", "lamb", "openwebui"];

  const imageIds = async () => (await must("docker", ["image", "ls", "--quiet"])).stdout.split("\n").sort();

  beforeAll(async () => {
    stack = await Deployment.create(base);
    before = await listening();
    imagesBefore = await imageIds();
    started = await stack.up();
    console.log(`base: healthy ${started.seconds.toFixed(1)} s after up`);
  });
  afterAll(() => stack?.remove());

  it("is healthy as soon as its services are: probes run each second while they start", async () => {
    expect(await stack.running()).toEqual(services);
    for (const service of services) {
      const { State, Config } = await stack.inspect(service);
      expect(State.Health?.Status, service).toBe("healthy");
      expect(Config.Healthcheck?.StartInterval, service).toBeLessThanOrEqual(5e8);
    }
    // Open WebUI's stand-in takes one second to migrate and lamb follows it; a first probe after 30 s would show.
    expect(started.seconds).toBeLessThan(25);
  });

  it("starts from images alone: nothing is built", async () => {
    expect(started.stdout + started.stderr).not.toMatch(/\b(Building|Built)\b/);
    const distinct = (ids: readonly string[]) => [...new Set(ids)];
    expect(distinct(await imageIds())).toEqual(distinct(imagesBefore));
  });

  it("mounts named volumes and nothing of the host", async () => {
    for (const service of services) {
      const { Mounts } = await stack.inspect(service);
      expect(Mounts.length, service).toBeGreaterThan(0);
      expect(
        Mounts.filter(({ Type }) => Type !== "volume"),
        service,
      ).toEqual([]);
      for (const { Name } of Mounts) {
        expect(Name).toMatch(new RegExp(`^${stack.project}_`));
      }
    }
  });

  it("finds lamb under its former name `backend`, from another container", async () => {
    const lamb = await stack.call("openwebui", "GET", "/stand-in/resolve?name=lamb");
    expect(lamb).toEqual({ addresses: [expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/)] });
    expect(await stack.call("openwebui", "GET", "/stand-in/resolve?name=backend")).toEqual(lamb);
    expect(await stack.call("openwebui", "GET", "/stand-in/resolve?name=nobody")).toBeNull();
  });

  it("gives both sides of each connection the same secret", async () => {
    expect(await stack.call("lamb", "GET", "/stand-in/reach")).toEqual({ openwebui: 200, kb: 200 });
    expect(await stack.call("openwebui", "GET", "/stand-in/reach")).toEqual({ "http://lamb:9099/v1": 200 });
  });

  it("listens on 127.0.0.1 only", async () => {
    const opened = (await listening()).filter((socket) => !before.includes(socket));
    expect(opened).toEqual(["tcp 127.0.0.1:8080", "tcp 127.0.0.1:9090", "tcp 127.0.0.1:9099"]);
    for (const port of [8080, 9090, 9099]) {
      expect(await accepts("127.0.0.1", port), `127.0.0.1:${port}`).toBe(true);
      expect(await accepts("127.0.0.2", port), `127.0.0.2:${port}`).toBe(false);
    }
  });

  it("keeps logs from filling the disk", async () => {
    for (const service of services) {
      const { LogConfig } = (await stack.inspect(service)).HostConfig;
      expect(LogConfig.Config, service).toMatchObject({
        "max-size": expect.stringMatching(/^\d+[km]$/),
        "max-file": expect.stringMatching(/^[1-9]\d*$/),
      });
    }
  });

  it("comes back by itself when a process dies", async () => {
    for (const service of services) {
      // Not `docker kill`: the engine takes that for the operator's wish and leaves the container stopped.
      process.kill((await stack.inspect(service)).State.Pid, "SIGKILL");
      const ask = () => stack.inspect(service);
      const back = await eventually(30, ask, (now) => now.RestartCount > 0 && now.State.Health?.Status === "healthy");
      expect(back, service).toMatchObject({
        RestartCount: 1,
        State: { Status: "running", Health: { Status: "healthy" } },
      });
    }
  });

  it("stops by itself, before Docker would kill it", async () => {
    const { seconds } = await stack.compose("stop");
    console.log(`base: stopped in ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(KILL_AFTER_SECONDS);
    for (const service of services) {
      const { State, Config } = await stack.inspect(service);
      expect(State, service).toMatchObject({ Status: "exited", ExitCode: 0 });
      // Open streams hold LAMB and the knowledge base longer than Docker's ten seconds. Open WebUI ends within two, and is given no more.
      const shortest = service === "openwebui" ? KILL_AFTER_SECONDS : KILL_AFTER_SECONDS + 1;
      expect(Config.StopTimeout, service).toBeGreaterThanOrEqual(shortest);
    }
  });
});
