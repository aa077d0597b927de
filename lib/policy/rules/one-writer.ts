import type { Deployment } from "../../construct/deployment";
import { mountsOf } from "../mounts";
import { type Rule, servicesOf, type Violation } from "../rule";

/** Service and volume of every mount that says why it writes. */
function reasonsIn(deployment: Deployment): ReadonlySet<string> {
  const mounts = deployment.files.flatMap(({ register }) => register.mounts);
  return new Set(
    mounts
      .filter(({ what }) => what.reason !== undefined)
      .map(({ what, construct }) => `${construct.name} ${what.volume.name}`),
  );
}

export const oneWriter: Rule = {
  id: "one-writer",
  what: "writes a volume that another service writes, too, and nothing says why",
  why: "two programs that each take the files for their own corrupt or lock them",
  fix: 'mount it with { readOnly: true }, or with { reason: "…" }',
  severity: "error",
  *check(deployment): Generator<Violation> {
    const reasons = reasonsIn(deployment);
    const owners = new Map<string, string>();
    for (const { name, spec, at } of servicesOf(deployment)) {
      for (const { type, source, readOnly, index } of mountsOf(spec)) {
        if (type !== "volume" || source === "" || readOnly || reasons.has(`${name} ${source}`)) continue;
        const owner = owners.get(source);
        owners.set(source, owner ?? name);
        if (owner === undefined || owner === name) continue;
        yield {
          path: at("volumes", index),
          value: source,
          reason: `writes the volume of ${owner}, too, and nothing says why`,
        };
      }
    }
  },
};
