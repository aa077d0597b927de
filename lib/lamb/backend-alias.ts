import { ComposeConstruct } from "../construct/compose-construct";
import { FORMER_LAMB } from "./facts/old-services";
import type { LambService } from "./lamb-service";

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
  constructor(lamb: LambService, id: string = FORMER_LAMB.name) {
    super(lamb, id);
    lamb.by(this, () =>
      lamb.addAlias(
        id,
        `LAMB's name in the old stack, for the addresses stored in Open WebUI. Goes with LAMB ${FORMER_LAMB.goneIn}.`,
      ),
    );
  }
}
