import { inDeployment } from "../construct/checks/check";
import { namesIn } from "../construct/checks/model";
import type { Service } from "../construct/service";
import type { Deployment } from "../construct/synth/deployment";
import type { Finding } from "../report/finding";
import { mapOf } from "../spec/value";

/** `{$NAME}`, which Caddy fills from the environment of its container. With `{$NAME:default}` it needs none. */
const PLACEHOLDER = /\{\$([A-Za-z_]\w*)\}/g;

/**
 * Placeholders of a Caddyfile that Caddy's container has no variable for: Caddy would read nothing in their place, and
 * often start all the same.
 */
export function* unknownPlaceholders(
  deployments: readonly Deployment[],
  caddyfile: string,
  caddy: Service,
): Generator<Finding> {
  const mentioned = new Set([...caddyfile.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
  for (const deployment of deployments) {
    const environment = mapOf(deployment.services[caddy.name]).environment;
    const known = new Set(namesIn(environment).map((entry) => entry.split("=")[0]));
    for (const name of mentioned) {
      if (known.has(name)) continue;
      yield inDeployment(deployment, {
        code: "caddy-placeholder",
        path: ["services", caddy.name, "environment"],
        value: name,
        reason: "the Caddyfile mentions a variable that Caddy's container does not have",
        fix: `give it to Caddy: overlay.caddy.setEnvironment("${name}", new EnvVar("${name}", …))`,
      });
    }
  }
}
