import { expect, it } from "vitest";
import { DEPLOYMENTS, lamb } from "../deployments";

/** A service and its port behind the proxy. */
const UPSTREAM = /\breverse_proxy(?: \S+)? ([\w-]+):(\d+) \{/g;

it.each(DEPLOYMENTS.filter(([, { prod }]) => prod))(
  "services state the ports at which the proxy asks them: %s",
  async (_, parts) => {
    const synthesis = lamb(parts);
    const caddyfile = [...synthesis.files]
      .flatMap(([path, text]) => (path.includes("Caddyfile") ? [text] : []))
      .join("");
    const upstreams = new Map([...caddyfile.matchAll(UPSTREAM)].map(([, service = "", port]) => [service, port]));
    expect([...upstreams.keys()].sort()).toEqual(["kb", "lamb", "openwebui"]);
    const environment = synthesis.deployments.at(-1)?.sampleEnvironment() ?? {};
    const { model } = await synthesis.resolve({ environment, profiles: ["*"] });
    for (const [service, port] of upstreams) {
      expect(model).toHaveProperty(["services", service, "expose"], expect.arrayContaining([port]));
    }
  },
);
