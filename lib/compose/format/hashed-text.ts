import { get, isTrue, itemsOf, type MapNode, type Node, textAt } from "../tree/node";
import { SECTIONS } from "../types/model";
import { orderedFor } from "../types/service-order";
import type { Behaviour } from "../version";
import { compactJson, type Printable, type PrintableMap, typed } from "./render-json";

/** What may change without a container becoming a wrong one. */
export const NOT_HASHED: ReadonlySet<string> = new Set(["build", "pull_policy", "scale", "depends_on", "profiles"]);

/** An env file that has to be there is its path alone. */
function envFile(node: Node, printed: Printable): Printable {
  return isTrue(get(node, "required")) ? textAt(node, "path") : printed;
}

function withoutReplicas(deploy: PrintableMap): PrintableMap {
  return new Map([...deploy].filter(([key]) => key !== "replicas"));
}

/** The JSON of a typed service that Compose takes the SHA-256 of. */
export function hashedText(service: MapNode, behaviour: Behaviour): string {
  const out = new Map<string, Printable>();
  const printed = typed(service, orderedFor(SECTIONS.services, behaviour));
  for (const [key, value] of printed instanceof Map ? printed : []) {
    if (NOT_HASHED.has(key)) continue;
    if (key === "deploy" && value instanceof Map) out.set(key, withoutReplicas(value));
    else if (key === "env_file" && Array.isArray(value) && !behaviour.does("leavesEnvFiles")) {
      const nodes = itemsOf(service.entries.get(key));
      out.set(
        key,
        value.map((item, index) => envFile(nodes[index] ?? service, item)),
      );
    } else out.set(key, value);
  }
  return compactJson(out);
}

/**
 * The JSON of a typed network or volume that Compose labels it with the SHA-256 of when it makes one, since 2.32. As long as
 * the two are equal, `docker compose up` takes what is there.
 */
export function hashedResource(section: "networks" | "volumes", resource: MapNode): string {
  const printed = typed(resource, SECTIONS[section]);
  if (section === "networks" || !(printed instanceof Map)) return compactJson(printed);
  const { name = "", driver = "local", ...rest } = Object.fromEntries(printed);
  return compactJson(new Map(Object.entries({ name, driver, ...rest })));
}
