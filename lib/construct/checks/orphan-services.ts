import type { IConstruct } from "constructs";
import type { Finding } from "../../report/finding";
import { fileOf } from "../compose-file";
import { Service } from "../service";

/** Services that no file will hold. */
export function* orphanServices(constructs: readonly IConstruct[]): Generator<Finding> {
  for (const construct of constructs) {
    if (!Service.isService(construct) || fileOf(construct) !== undefined) continue;
    yield {
      code: "no-compose-file",
      severity: "error",
      construct: construct.node.path,
      reason: "the service does not belong to a Compose file, so it is not written",
      fix: "create it below a ComposeFile",
    };
  }
}
