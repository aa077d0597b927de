import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { must } from "./run";
import { killedAtEachStep } from "./signalled";
import { TinyImages } from "./tiny";

const IMAGE = "127.0.0.1:5000/operated/env:1";
const [OLD, NEW, BAD] = ["first-4711-secret-value", "second-0815-secret-value", "bad-1337-secret-value"];

/** `db` has the token; so has `web`, which waits for it and ends at once with a bad one; `other` has none. */
function stack(): string {
  const service = (script: string, more: string) => `
    image: ${IMAGE}
    command: ["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]
    restart: unless-stopped
    init: true
    stop_grace_period: 1s
    tmpfs: [/tmp]
    healthcheck: { test: ["CMD", "/bin/busybox", "test", "-f", "/tmp/ok"], interval: 1s, start_period: 4s, retries: 2 }
    ${more}`;
  const well = "/bin/busybox touch /tmp/ok; exec /bin/busybox sleep 1000000";
  const picky = `case "$$A_TOKEN" in bad*) echo "no good: $$A_TOKEN"; exit 3;; esac; ${well}`;
  const token = 'environment: { A_TOKEN: "${A_TOKEN}" }';
  return `services:
  web:${service(picky, token)}
    depends_on: { db: { condition: service_healthy } }
  db:${service(well, token)}
    volumes: ["data:/data"]
  other:${service(well, 'environment: { A: "1" }')}
volumes: { data: {} }
`;
}

describeWith("docker-engine", "lamb-compose env set, where the deployment runs", () => {
  vi.setConfig({ testTimeout: 400_000 });
  let images: TinyImages;
  let one: Operated;
  beforeAll(async () => {
    images = await TinyImages.create();
    await images.push(IMAGE, "one");
  });
  afterEach(() => one?.remove());
  afterAll(() => images?.remove());

  const tokenOf = async (service: string) => {
    const { Id } = await one.container(service);
    const { stdout } = await must("docker", ["inspect", "--format", "{{json .Config.Env}}", Id]);
    const variables: string[] = JSON.parse(stdout);
    return variables.find((entry) => entry.startsWith("A_TOKEN="))?.slice("A_TOKEN=".length);
  };
  const set = (value: string, ...words: readonly string[]) =>
    one.lamb("env set A_TOKEN", "--from-command", `printf ${value}`, ...words);
  const ids = async () => Promise.all(["db", "web", "other"].map(async (name) => (await one.container(name)).Id));
  const envText = () => readFile(join(one.dir, ".env"), "utf8");

  it("starts anew what uses it, in order, keeps the state; goes back by itself; and goes on after a kill", async () => {
    one = await Operated.create({ "compose.yaml": stack(), ".env": `A_TOKEN=${OLD}\n` });
    expect((await one.lamb("up")).code).toBe(0);
    const before = await ids();

    const done = await set(NEW, "--yes");
    expect([done.code, done.stdout], done.stderr).toEqual([
      0,
      expect.stringMatching(/A_TOKEN has a new value, and what runs has it/),
    ]);
    expect(done.stderr.match(/\] starting .*/g)).toEqual(["] starting db", "] starting other", "] starting web"]);
    expect([await tokenOf("db"), await tokenOf("web")]).toEqual([NEW, NEW]);
    expect((await ids())[2]).toBe(before[2]);
    const running = await ids();

    const failed = await set(BAD, "--yes", "--json");
    expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: "returned", error: { code: "service-failed" } });
    expect([await tokenOf("db"), await tokenOf("web")]).toEqual([NEW, NEW]);
    expect(await envText()).toContain(NEW);
    expect((await ids())[2]).toBe(running[2]);

    const words = ["--from-command", `printf ${OLD}`, "--yes"];
    expect(await killedAtEachStep(one.commandLine("env set A_TOKEN", ...words))).toBeGreaterThan(5);
    const other = await one.lamb("up");
    expect([other.code, other.stderr]).toEqual([4, expect.stringContaining("`lamb-compose env set A_TOKEN")]);
    // The value is not wanted again.
    const resumed = await one.lamb("up", "--cut-off", "resume");
    expect([resumed.code, resumed.stdout], resumed.stderr).toEqual([
      0,
      expect.stringMatching(/^3 services are up and well; the state is kept as \d+\n$/),
    ]);
    expect(resumed.stderr).toMatch(/^first: continue it: lamb-compose env set A_TOKEN$[\s\S]*what runs has it/m);
    expect([await tokenOf("db"), await tokenOf("web"), await envText()]).toEqual([
      OLD,
      OLD,
      expect.stringContaining(OLD),
    ]);
    const said = [done, failed, other, resumed].map(({ stdout, stderr }) => stdout + stderr).join("");
    for (const value of [OLD, NEW, BAD]) expect(said).not.toContain(value);
    await must("docker", ["volume", "inspect", `${one.project}_data`]);
  });
});
