import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { Copier } from "../../lib/operate/data/copier";
import { Docker } from "../../lib/operate/engine/docker";
import { describeWith } from "../support/tools";
import { TEST_PROJECT } from "./project";
import { must } from "./run";

const FULL = `${TEST_PROJECT}${process.pid}-full`;
const COPY = `${TEST_PROJECT}${process.pid}-copy`;
const SMALL = `${TEST_PROJECT}${process.pid}-small`;

describeWith("docker-engine", "copying volumes", () => {
  const docker = new Docker(process.env);
  const image = () => inject("standIns")?.lamb ?? "";
  beforeAll(async () => {
    for (const name of [FULL, COPY]) await must("docker", ["volume", "create", name]);
    const small = ["--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=1m"];
    await must("docker", ["volume", "create", ...small, SMALL]);
    const words = ["run", "--rm", "--volume", `${FULL}:/v`, "--entrypoint", "sh", image()];
    await must("docker", [...words, "-c", "head -c 3000000 /dev/zero > /v/large"]);
  });
  afterAll(() => must("docker", ["volume", "rm", FULL, COPY, SMALL]));

  it("says that the disk is full in the middle of it, and what to do", async () => {
    const copier = await Copier.find(docker, [image()]);
    expect(await copier.measure([FULL])).toMatchObject({ files: 1, bytes: expect.closeTo(3e6, -4) });
    await expect(copier.sync([{ from: FULL, to: SMALL, databases: [] }])).rejects.toMatchObject({
      code: "disk-full",
      reason: expect.stringContaining("the disk is full: no space left on device"),
      fix: expect.stringContaining("docker system df"),
    });
  });

  it("shares what is written once with the original: a copy of it takes no room", async () => {
    const copier = await Copier.find(docker, [image()]);
    const once = { from: FULL, writtenOnce: ["large"] };
    const { bytes, shared } = await copier.measure([once]);
    expect([shared, (await copier.measure([FULL])).shared]).toEqual([bytes, 0]);
    expect(await copier.sync([{ ...once, to: COPY, databases: [] }])).toBe(0);
    const both = ["run", "--rm", "--volume", `${FULL}:/a`, "--volume", `${COPY}:/b`, "--entrypoint", "stat", image()];
    const { stdout } = await must("docker", [...both, "--format", "%i %h %s", "/a/large", "/b/large"]);
    const [one, other] = stdout.trim().split("\n");
    expect(one).toBe(other);
    expect(one).toMatch(/ 2 3000000$/);
  });

  it.each(["caddy", "ollama"])("does without Python what it can, with the shell and tools of %s", async (name) => {
    const copier = await Copier.findAny(docker, [inject("standIns")?.[name] ?? ""]);
    expect(copier.isPlain).toBe(true);
    const inBoth = (script: string) => {
      const volumes = ["--volume", `${FULL}:/a`, "--volume", `${COPY}:/b`];
      return must("docker", ["run", "--rm", ...volumes, "--entrypoint", "sh", image(), "-ec", script]);
    };
    await inBoth(
      "cd /a && mkdir -p folder && echo one > folder/.one && chown -R 999:998 folder && chmod 640 folder/.one",
    );
    await inBoth(
      "cd /a && ln -sf folder/.one link && echo two > 'two words' && touch -d 2020-01-01 'two words'; echo x > /b/old",
    );
    const pair = { from: FULL, to: COPY, databases: [] };
    expect(await copier.measure([FULL, FULL])).toMatchObject({ files: 6, bytes: expect.closeTo(6e6, -5), shared: 0 });
    expect(await copier.compare([pair])).toMatchObject([{ removed: 1 }]);
    await copier.sync([pair]);
    const list = "find . -printf '%P %m %U %G %l %y %s %TY\\n' | sort";
    const { stdout } = await inBoth(
      `cd /a; ${list} > /tmp/a; cd /b; ${list} > /tmp/b; diff /tmp/a /tmp/b && cat /tmp/b`,
    );
    expect(stdout).toContain("folder/.one 640 999 998  f 4");
    expect(await copier.compare([pair])).toEqual([{ added: 0, changed: 0, removed: 0 }]);
    await inBoth("echo other > '/a/two words'; echo three > '/a/three'; rm /a/folder/.one");
    expect(await copier.compare([pair])).toEqual([{ added: 1, changed: 1, removed: 1 }]);
    await copier.take([pair]);
    expect(await copier.compare([pair])).toEqual([{ added: 0, changed: 0, removed: 0 }]);
    await inBoth("rm -rf /a/folder /a/link /a/two* /a/three /b/*");
    await expect(copier.sync([{ ...pair, to: SMALL }])).rejects.toMatchObject({ code: "disk-full" });
  });

  it("says that no image can copy", async () => {
    const caddy = inject("standIns")?.caddy ?? "";
    await expect(Copier.find(docker, [caddy])).rejects.toMatchObject({ code: "no-copier", fix: /a service/ });
    await expect(Copier.find(docker, ["lamb-compose-test-none:1"])).rejects.toMatchObject({
      code: "no-copier",
      fix: /lamb-compose up/,
    });
  });
});
