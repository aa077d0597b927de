import { withoutEnd } from "../../compose/tree/gotext";
import { factsOf, type ImageFact } from "../image-facts";
import { mountsOf } from "../mounts";
import type { Rule, Violation } from "../rule";

/** A folder in which a program keeps what must survive. */
export interface KeptFolder {
  readonly path: string;
  readonly holds: string;
}

/**
 * A rule: each folder with data is a volume or a folder of the host.
 *
 * @param table by image, the folders that need a volume
 */
export function dataKept(table: readonly ImageFact<KeptFolder>[]): Rule {
  return {
    id: "data-kept",
    what: "keeps data in its container, not in a volume",
    why: "the next update creates a new container, and what was written into the old one is gone",
    fix: "mount a named volume there",
    severity: "error",
    *check(deployment): Generator<Violation> {
      for (const [service, { path, holds }] of factsOf(deployment, table)) {
        if (service.runsCommand) continue;
        const covered = mountsOf(service).some(({ type, source, target }) => {
          return type !== "tmpfs" && source !== "" && `${path}/`.startsWith(`${withoutEnd(target, "/")}/`);
        });
        if (covered) continue;
        yield { path: service.at("volumes"), value: path, reason: `keeps ${holds} in its container, not in a volume` };
      }
    },
  };
}
