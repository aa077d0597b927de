import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment, type DeploymentProps } from "./deployment";
import { base, everything } from "./stacks";
import { standIn } from "./stand-ins";

/** Data of each kind that each service keeps, written through the service and read back through it. */
function markers(services: readonly string[]) {
  return services.flatMap((service) => standIn(service).places.map((place) => ({ service, place })));
}

function survives(name: string, props: DeploymentProps, services: readonly string[]): void {
  describeWith("docker-engine", `the data of ${name}`, () => {
    let stack: Deployment;
    let sessions: unknown;
    const read = async () => {
      const found: Record<string, unknown> = {};
      for (const { service, place } of markers(services)) {
        found[`${service} ${place}`] = await stack.call(service, "GET", `/stand-in/marker?place=${place}`);
      }
      return found;
    };
    const written = Object.fromEntries(
      markers(services).map(({ service, place }) => [
        `${service} ${place}`,
        { text: `kept by ${service} in ${place}` },
      ]),
    );

    beforeAll(async () => {
      stack = await Deployment.create(props);
      await stack.up();
      for (const { service, place } of markers(services)) {
        const path = `/stand-in/marker?place=${place}`;
        expect(await stack.call(service, "GET", path), `${service} ${place} before it is written`).toBeNull();
        await stack.call(service, "PUT", path, `kept by ${service} in ${place}`);
      }
      sessions = await stack.call("openwebui", "GET", "/stand-in/sessions");
    });
    afterAll(() => stack?.remove());

    it("is there after `down` and `up`", async () => {
      await stack.compose("down");
      expect((await stack.compose("ps", "--all", "--quiet")).stdout).toBe("");
      await stack.up();
      expect(await read()).toEqual(written);
    });

    it("is there after every container was replaced", async () => {
      const old = await Promise.all(services.map(async (service) => (await stack.inspect(service)).Id));
      await stack.up("--force-recreate");
      const now = await Promise.all(services.map(async (service) => (await stack.inspect(service)).Id));
      expect(now.filter((id) => old.includes(id))).toEqual([]);
      expect(await read()).toEqual(written);
    });

    it("includes the key that signs Open WebUI's sessions", async () => {
      expect(await stack.call("openwebui", "GET", "/stand-in/sessions")).toEqual(sessions);
    });
  });
}

survives("the base stack", base, ["lamb", "kb", "openwebui"]);
survives("all services together", everything, ["lamb", "kb", "openwebui", "library-manager", "ollama"]);
