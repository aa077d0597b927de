import { formatPath } from "../../spec";
import type { VolumeUse } from "../binding";
import type { Deployment } from "../deployment";
import type { Finding } from "../finding";
import type { Mention } from "../render";

/** Volumes that more than one service writes, where nobody says why. */
export function* writers(deployment: Deployment): Generator<Finding> {
  const byVolume = new Map<VolumeUse["volume"], Map<string, Mention<VolumeUse>>>();
  for (const { register } of deployment.files) {
    for (const mention of register.mounts) {
      const { volume, readOnly } = mention.what;
      if (readOnly) continue;
      const services = byVolume.get(volume) ?? new Map<string, Mention<VolumeUse>>();
      byVolume.set(volume, services.set(mention.construct.name, mention));
    }
  }
  for (const [volume, services] of byVolume) {
    const silent = [...services].filter(([, { what }]) => what.reason === undefined);
    const [owner, ...others] = silent;
    for (const [, { construct, path }] of others) {
      yield {
        code: "second-writer",
        severity: "error",
        construct: construct.node.path,
        file: deployment.name,
        path: formatPath(path),
        value: volume.name,
        reason: `writes a volume that ${owner?.[0]} writes too, and nothing says why`,
        fix: 'mount it with { readOnly: true }, or with { reason: "…" }',
      };
    }
  }
}
