import type { Construct } from "constructs";
import { EnvVar } from "./env-var";
import { Volume } from "./volume";

/** Which generation of the data runs. Empty: the first one. */
export const DATA_GENERATION = new EnvVar("DATA_GENERATION", {
  meaning:
    "which generation of the data runs; empty for the first. What upgrades or restores makes the next one, so that the way back stays open",
  group: "Data",
  type: (z) => z.string().regex(/^(?:-[a-z0-9]+)?$/, "must be empty, or such as -g2"),
});

/**
 * A volume with data that people would miss. Its name carries the generation of the data: an upgrade or a restore copies
 * them to the volumes of the next generation, and changes one line of the `.env`. Without such a line the name is the one
 * that Compose gives to any volume, `<project>_<id>`: a deployment that exists keeps its data.
 *
 * It takes no other keys: Compose offers to make a volume anew, empty, when anything else of its definition changes.
 */
export class DataVolume extends Volume {
  constructor(scope: Construct, id: string) {
    super(scope, id, { name: `\${COMPOSE_PROJECT_NAME}_${id}${DATA_GENERATION}` });
  }
}
