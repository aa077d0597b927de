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

  it("says that no image can copy", async () => {
    const caddy = inject("standIns")?.caddy ?? "";
    await expect(Copier.find(docker, [caddy])).rejects.toMatchObject({ code: "no-copier", fix: /a service/ });
    await expect(Copier.find(docker, ["lamb-compose-test-none:1"])).rejects.toMatchObject({
      code: "no-copier",
      fix: /lamb-compose up/,
    });
  });
});
