import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { Poll } from "./poll";
import { LAMB_HOST, OWI_HOST, prodFromRegistry } from "./stacks";

const SERVICES = ["kb", "lamb", "openwebui"];
/** What people do meanwhile, through Caddy. */
const ASKED = [
  { name: "lamb", port: 443, host: LAMB_HOST, path: "/status" },
  { name: "openwebui", port: 443, host: OWI_HOST, path: "/health" },
  { name: "launches", port: 443, host: LAMB_HOST, path: "/lamb/v1/lti_users/lti", method: "POST" },
] as const;

describeWith("docker-engine", "an upgrade from a registry", () => {
  let stack: Deployment;
  const tags = async () => {
    const containers = await Promise.all(SERVICES.map((service) => stack.inspect(service)));
    return containers.map(({ Config, State }) => `${Config.Image.replace(/^.*:/, "")} ${State.Health?.Status}`);
  };

  beforeAll(async () => {
    stack = await Deployment.create(prodFromRegistry);
    await stack.publishImages();
    await stack.change({ LAMB_VERSION: "v0.7" });
    await stack.publishImages();
    await stack.change({ LAMB_VERSION: "v0.6" });
    await stack.compose("pull", "--quiet", ...SERVICES);
    await stack.start();
    await stack.call("lamb", "PUT", "/stand-in/marker?place=database", "written by the old release");
  });
  afterAll(() => stack?.remove());

  it("starts from what was pulled", async () => {
    expect(await tags()).toEqual(SERVICES.map(() => "v0.6 healthy"));
  });

  it("is one changed variable, `pull` and `up`: nothing is built, the data is there", async () => {
    await stack.change({ LAMB_VERSION: "v0.7" });
    const poll = new Poll(ASKED);
    await stack.compose("pull", "--quiet", ...SERVICES);
    const { stdout, stderr, seconds } = await stack.start();
    const polled = await poll.end();
    console.log(`upgrade: healthy ${seconds.toFixed(1)} s after up`, JSON.stringify(polled));
    // Compose stops all at once, and Caddy holds what is asked. A connection that a service had not accepted when it
    // stopped is reset: what changes nothing is sent again, and for anything else the sender gets an error.
    const { launches, ...pages } = polled;
    for (const page of Object.values(pages)) expect(page).toMatchObject({ failed: 0 });
    const count = Object.values(polled).reduce((sum, row) => sum + row.count, 0);
    expect(launches?.failed).toBeLessThanOrEqual(count * 0.02);
    expect(stdout + stderr).not.toMatch(/\b(Building|Built)\b/);
    expect(await tags()).toEqual(SERVICES.map(() => "v0.7 healthy"));
    expect(await stack.call("lamb", "GET", "/stand-in/marker?place=database")).toEqual({
      text: "written by the old release",
    });
  });

  it("to a release that the registry does not have fails, and leaves the running one alone", async () => {
    await stack.change({ LAMB_VERSION: "v99.0" });
    expect((await stack.tryCompose("pull", "--quiet", ...SERVICES)).code).not.toBe(0);
    const up = await stack.tryCompose("up", "--detach", "--wait");
    expect(up.code).not.toBe(0);
    expect(up.stdout + up.stderr).not.toMatch(/\b(Building|Built)\b/);
    expect(await tags()).toEqual(SERVICES.map(() => "v0.7 healthy"));
  });
});
