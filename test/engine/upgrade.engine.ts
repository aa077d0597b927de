import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { fromRegistry } from "./stacks";

const SERVICES = ["kb", "lamb", "openwebui"];

describeWith("docker-engine", "an upgrade from a registry", () => {
  let stack: Deployment;
  const tags = async () => {
    const containers = await Promise.all(SERVICES.map((service) => stack.inspect(service)));
    return containers.map(({ Config, State }) => `${Config.Image.replace(/^.*:/, "")} ${State.Health?.Status}`);
  };

  beforeAll(async () => {
    stack = await Deployment.create(fromRegistry);
    await stack.publishImages();
    await stack.change({ LAMB_VERSION: "v0.7" });
    await stack.publishImages();
    await stack.change({ LAMB_VERSION: "v0.6" });
    await stack.compose("pull", "--quiet");
    await stack.start();
    await stack.call("lamb", "PUT", "/stand-in/marker?place=database", "written by the old release");
  });
  afterAll(() => stack?.remove());

  it("starts from what was pulled", async () => {
    expect(await tags()).toEqual(SERVICES.map(() => "v0.6 healthy"));
  });

  it("is one changed variable, `pull` and `up`: nothing is built, the data is there", async () => {
    await stack.change({ LAMB_VERSION: "v0.7" });
    await stack.compose("pull", "--quiet");
    const { stdout, stderr, seconds } = await stack.start();
    console.log(`upgrade: healthy ${seconds.toFixed(1)} s after up`);
    expect(stdout + stderr).not.toMatch(/\b(Building|Built)\b/);
    expect(await tags()).toEqual(SERVICES.map(() => "v0.7 healthy"));
    expect(await stack.call("lamb", "GET", "/stand-in/marker?place=database")).toEqual({
      text: "written by the old release",
    });
  });

  it("to a release that the registry does not have fails, and leaves the running one alone", async () => {
    await stack.change({ LAMB_VERSION: "v99.0" });
    expect((await stack.tryCompose("pull", "--quiet")).code).not.toBe(0);
    const up = await stack.tryCompose("up", "--detach", "--wait");
    expect(up.code).not.toBe(0);
    expect(up.stdout + up.stderr).not.toMatch(/\b(Building|Built)\b/);
    expect(await tags()).toEqual(SERVICES.map(() => "v0.7 healthy"));
  });
});
