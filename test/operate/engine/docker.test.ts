import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { type Answer, FakeDocker } from "./fake-docker";

let fake: FakeDocker | undefined;
afterEach(() => fake?.remove());

function dockerThat(...answers: readonly Answer[]): Docker {
  fake = new FakeDocker(answers);
  return new Docker(fake.environment);
}

describe("running docker", () => {
  it("gives both outputs and the status", async () => {
    const docker = dockerThat({ when: "ps", stdout: "one\n", stderr: "two\n", code: 3 });
    expect(await docker.run(["ps"])).toEqual({ code: 3, stdout: "one\n", stderr: "two\n", cut: undefined });
  });

  it("gives whole lines while it runs, whatever ends them", async () => {
    const lines: string[] = [];
    await dockerThat({ when: "pull", stdout: "a\r\nb\rc\n\nlast" }).run(["pull"], {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(["a", "b", "c", "last"]);
  });

  it("keeps the end of what is shown line by line, and no more of an error than can be read", async () => {
    const docker = dockerThat({
      when: "pull",
      stdout: `${"x".repeat(300_000)}end`,
      stderr: `${"y".repeat(300_000)}end`,
    });
    const { stdout, stderr } = await docker.run(["pull"], { onLine: () => {} });
    expect([stdout.length, stdout.endsWith("end")]).toEqual([65_536, true]);
    expect([stderr.length, stderr.endsWith("end")]).toEqual([65_536, true]);
  });

  it("does not cut a letter in two", async () => {
    const text = "é".repeat(100_000);
    expect((await dockerThat({ when: "ps", stdout: text }).run(["ps"])).stdout).toBe(text);
  });

  it("stops what takes too long, with everything that it started", async () => {
    const start = performance.now();
    const answer = await dockerThat({ when: "ps", seconds: 30 }).run(["ps"], { timeout: 1 });
    expect([answer.code, answer.cut]).toEqual([undefined, "timeout"]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it("runs in a session of its own, which a closed terminal does not reach", async () => {
    const docker = new Docker({ PATH: process.env.PATH ?? "" }, "sh");
    const { stdout } = await docker.run(["-c", "cat /proc/self/stat"]);
    const [, , , , session] = stdout
      .replace(/\(.*\)/, "x")
      .split(" ")
      .slice(1);
    const own = readFileSync("/proc/self/stat", "utf8")
      .replace(/\(.*\)/, "x")
      .split(" ")[5];
    expect(session).not.toBe(own);
  });
});

const said = async (answer: Omit<Answer, "when">, words = ["compose", "pull", "--quiet"]) => {
  const docker = dockerThat({ when: "", code: 1, ...answer });
  try {
    await docker.must(words);
  } catch (error) {
    if (error instanceof Error && "code" in error) return error;
  }
  throw new Error("it did not fail");
};

/** Said by Docker 28.5.2 with Compose 2.40.3 where no other version is named. */
const FAILURES = {
  "no-compose": [
    "docker: 'compose' is not a docker command.\nSee 'docker --help'",
    "docker: unknown command: docker compose",
  ],
  "no-deployment": ["no configuration file provided: not found"],
  "socket-permission": [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/info": dial unix /var/run/docker.sock: connect: permission denied',
  ],
  "unknown-context": [
    'Failed to initialize: unable to resolve docker endpoint: context "nope": context not found: open /root/.docker/contexts/meta/ca37/meta.json: no such file or directory',
  ],
  "no-engine": [
    "Cannot connect to the Docker daemon at unix:///nonexistent. Is the docker daemon running?",
    'error during connect: Get "http://docker.example.com/v1.51/info": command [ssh -l root -- host docker system dial-stdio] has exited with exit status 255',
  ],
  "disk-full": ["failed to register layer: write /usr/lib/x: no space left on device"],
  "unknown-image": [
    "a Error manifest for 127.0.0.1:5000/no/such:v1 not found: manifest unknown: manifest unknown",
    'failed to resolve reference "127.0.0.1:5000/no/such:v1": 127.0.0.1:5000/no/such:v1: not found',
  ],
  "registry-denied": [
    "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login'",
  ],
  "registry-limit": ["toomanyrequests: You have reached your pull rate limit."],
  "registry-away": [
    'Error response from daemon: Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
    'Error response from daemon: Get "https://localhost.invalid/v2/": dial tcp: lookup localhost.invalid on 10.0.0.1:53: no such host',
  ],
  "port-taken": [
    "Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:9099 failed: port is already allocated",
  ],
  "docker-failed": ["something else"],
};

describe("what is wrong when docker fails", () => {
  it.each(Object.entries(FAILURES).flatMap(([code, texts]) => texts.map((text) => [code, text] as const)))(
    "is told apart: %s",
    async (code, stderr) => {
      const error = await said({ stderr });
      expect(error).toMatchObject({ code, path: "docker compose pull" });
      expect(error.message).toContain(stderr.split("\n")[0]);
    },
  );

  it("says that there is no docker", async () => {
    const docker = new Docker({ PATH: "/nonexistent" });
    await expect(docker.must(["ps"])).rejects.toMatchObject({ code: "no-docker" });
  });

  it("says how long it was waited for", async () => {
    const docker = dockerThat({ when: "", seconds: 30 });
    await expect(docker.must(["ps"], { timeout: 1 })).rejects.toMatchObject({
      code: "docker-timeout",
      reason: "did not end within 1 seconds",
    });
  });

  it("shows the last lines, each once, and none of the command's own words", async () => {
    const stderr = [...Array.from({ length: 50 }, (_, n) => `line ${n}`), "line 49", "line 49"].join("\n");
    const { message } = await said({ stderr }, ["run", "--env", "A=secret", "image"]);
    expect(message).toContain("line 49");
    expect(message).not.toContain("line 43");
    expect(message.split("line 49").length).toBe(2);
    expect(message).not.toContain("secret");
  });
});
