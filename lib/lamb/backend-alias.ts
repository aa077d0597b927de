import { ComposeConstruct } from "../construct/compose-construct";
import type { LambService } from "./lamb-service";

/** The release in which the alias goes. It is there for one release cycle. */
const GONE_IN = "0.8";

/**
 * Lets LAMB be found under its old name, too. Installations of the old stack have the address `http://backend:9099`
 * stored in Open WebUI's database, where no variable reaches it.
 *
 * @example
 * ```ts
 * new BackendAlias(stack.lamb);
 * ```
 */
export class BackendAlias extends ComposeConstruct {
  constructor(lamb: LambService, id = "backend") {
    super(lamb, id);
    lamb.by(this, () =>
      lamb.addAlias(
        id,
        `LAMB's name in the old stack, for the addresses stored in Open WebUI. Goes with LAMB ${GONE_IN}.`,
      ),
    );
  }
}
