import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment, type DeploymentProps } from "./deployment";
import { Markers } from "./markers";
import { base, everything } from "./stacks";

function survives(name: string, props: DeploymentProps, services: readonly string[]): void {
  describeWith("docker-engine", `the data of ${name}`, () => {
    let stack: Deployment;
    let markers: Markers;
    let sessions: unknown;
    beforeAll(async () => {
      stack = await Deployment.create(props);
      await stack.up();
      markers = new Markers(stack, services);
      expect(Object.values(await markers.read()).filter((found) => found !== null)).toEqual([]);
      await markers.write();
      sessions = await stack.call("openwebui", "GET", "/stand-in/sessions");
    });
    afterAll(() => stack?.remove());

    it("is there after `down` and `up`", async () => {
      await stack.compose("down");
      expect((await stack.compose("ps", "--all", "--quiet")).stdout).toBe("");
      await stack.up();
      expect(await markers.read()).toEqual(markers.written);
    });

    it("is there after every container was replaced", async () => {
      const old = await Promise.all(services.map(async (service) => (await stack.inspect(service)).Id));
      await stack.up("--force-recreate");
      const now = await Promise.all(services.map(async (service) => (await stack.inspect(service)).Id));
      expect(now.filter((id) => old.includes(id))).toEqual([]);
      expect(await markers.read()).toEqual(markers.written);
    });

    it("includes the key that signs Open WebUI's sessions", async () => {
      expect(await stack.call("openwebui", "GET", "/stand-in/sessions")).toEqual(sessions);
    });
  });
}

survives("the base stack", base, ["lamb", "kb", "openwebui"]);
survives("all services together", everything, ["lamb", "kb", "openwebui", "library-manager", "ollama"]);
