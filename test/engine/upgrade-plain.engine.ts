import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { TEST_PROJECT } from "./project";
import { must } from "./run";
import { killedAtEachStep } from "./signalled";

const QUICK = ["--yes", "--watch", "1"];
const IMAGES = ["postgres:17.6-alpine", "registry.example/shop:4.2.0", "registry.example/shop:4.3.0"];
const ORDERS = "/var/lib/postgresql/data/orders";
/** Stands for the images of the example: a database that keeps a file, and a page. None has Python. */
const DOCKERFILE = `FROM operated/plain-base
RUN printf '#!/bin/sh\\ntest -d /var/lib/postgresql/data\\n' > /usr/bin/pg_isready && chmod +x /usr/bin/pg_isready
CMD ["sh", "-c", "if test -d /var/lib/postgresql/data; then trap 'exit 0' TERM; sleep 1000000 & wait; fi; exec caddy respond --listen :8000 ready"]
`;

describeWith(["docker-engine", "restic"], "examples/plain.ts: a stack of one's own, without Python", () => {
  vi.setConfig({ testTimeout: 240_000 });
  let one: Operated;
  let place: string;
  const env = (version: string) => ({
    ".env": `DB_PASSWORD_FILE=./db-password.txt\nSHOP_VERSION=${version}\n`,
    "db-password.txt": "do-not-show-this-4711\n",
  });
  const inDb = (script: string) => one.compose("exec", "--no-TTY", "db", "sh", "-c", script);
  const orders = async () => (await inDb(`cat ${ORDERS}`)).stdout.trim().split("\n");
  const shop = async () => {
    const { stdout } = await one.compose("ps", "--format", "{{.Service}} {{.Image}}", "web");
    return stdout.trim().replace(/^.*:/, "");
  };
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    vi.stubEnv("RESTIC_CACHE_DIR", join(place, "cache"));
    await writeFile(join(place, "Dockerfile"), DOCKERFILE);
    await must("docker", ["tag", inject("standIns")?.caddy ?? "", "operated/plain-base"]);
    const tags = IMAGES.flatMap((name) => ["--tag", name]);
    await must("docker", ["buildx", "build", "--quiet", "--load", "--provenance=false", ...tags, place]);
    one = await Operated.create(env("4.2.0"));
    await must("npx", ["tsx", "examples/plain.ts", "--out", one.dir]);
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
    await inDb(`echo one >> ${ORDERS}; chown 70:70 ${ORDERS}; chmod 640 ${ORDERS}`);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await one?.remove();
    await rm(place, { recursive: true, force: true });
    await must("docker", ["image", "rm", ...IMAGES, "operated/plain-base"]);
  });

  // One deployment lives through all of this, one test after the other.

  it("is looked at by the commands, which know of it what its constructs say", async () => {
    const said = async (command: string, ...words: readonly string[]) => {
      const { code, stdout, stderr } = await one.lamb(command, ...words);
      expect(code, `${command}: ${stdout}${stderr}`).toBe(0);
      expect(stdout).not.toContain("do-not-show-this-4711");
      return stdout;
    };
    expect(await said("status", "--check")).toMatch(
      /^\S+: all is well, state 1 of .*\n.*\ndb {3,}healthy.*\nweb {2,}healthy/,
    );
    expect(await said("verify")).toBe("ok      the shop is ready\n");
    expect(await said("diff --deployed")).toBe("what runs is what the files say\n");
    expect(await said("graph")).toContain("db-data<br/>db: /var/lib/postgresql/data");
    const { checks } = JSON.parse((await one.lamb("doctor", "--json")).stdout);
    const rows: { id: string; state: string }[] = checks;
    expect(rows.filter(({ state }) => state === "error")).toEqual([]);
  });

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
  ])("upgraded to %s has touched nothing, and says what the registry says", async (_, repository, words) => {
    const { Id } = await one.container("web");
    const text = await readFile(join(one.dir, "compose.yaml"), "utf8");
    await one.write({ "compose.yaml": text.replaceAll("registry.example/shop", repository) });
    const { code, stdout, stderr } = await one.lamb("upgrade", ...QUICK);
    await one.write({ "compose.yaml": text });
    expect([code, stdout], stderr).toEqual([1, "nothing was touched: what runs is as it was\n"]);
    expect(stderr).toContain(words);
    expect(stderr).toContain(repository.slice(0, 14));
    expect((await one.container("web")).Id).toBe(Id);
    expect(await readdir(join(one.dir, ".lamb-compose"))).not.toContain("operation.json");
  });

  it("is upgraded: its data are copied with the shell of its image, and it says that they are copied whole", async () => {
    await one.write(env("4.3.0"));
    const { code, stdout, stderr } = await one.lamb("upgrade", ...QUICK);
    expect([code, stdout], stderr).toEqual([0, "upgraded; the state is kept as 2, and 1 is the way back\n"]);
    expect(stderr).toContain("no image has Python");
    expect(await shop()).toBe("4.3.0");
    await inDb(`echo two >> ${ORDERS}`);
    expect(await orders()).toEqual(["one", "two"]);
  });

  it("is rolled back, killed as it begins each of its steps, and ends whole", async () => {
    await killedAtEachStep(one.commandLine("rollback", ...QUICK));
    const { code, stdout, stderr } = await one.lamb("rollback", ...QUICK);
    expect([code, stdout], stderr).toEqual([0, expect.stringContaining("rolled back")]);
    expect([await shop(), await orders()]).toEqual(["4.2.0", ["one"]]);
    expect((await one.lamb("diff", "--deployed")).stdout).toBe("what runs is what the files say\n");
    expect(await readdir(join(one.dir, ".lamb-compose"))).not.toContain("operation.json");
  });

  it("goes on with an upgrade when its terminal is closed, and its connection is gone", async () => {
    await one.write(env("4.3.0"));
    expect(await one.signalled("SIGHUP", "starting web", "upgrade", ...QUICK)).toBe(0);
    expect([await shop(), await orders()]).toEqual(["4.3.0", ["one"]]);
  });

  it("is backed up whole, and restored", async () => {
    const words = ["--to", join(place, "kept"), "--key-kept", "a safe"];
    const { code, stdout, stderr } = await one.lamb("backup", ...words);
    expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^backed up .* as \w{8} into /)]);
    expect(stderr).toContain("the data are copied whole while services are held, and databases not checked");
    await inDb(`echo later >> ${ORDERS}`);
    const restored = await one.lamb("restore", ...QUICK);
    expect(restored.code, restored.stdout + restored.stderr).toBe(0);
    expect([await shop(), await orders()]).toEqual(["4.3.0", ["one"]]);
    expect((await inDb("stat -c '%u:%g %a' /var/lib/postgresql/data/orders")).stdout).toBe("70:70 640\n");
  });
});
