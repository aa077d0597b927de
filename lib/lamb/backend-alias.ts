import { compareVersions } from "../compose/version";
import { ComposeConstruct } from "../construct/compose-construct";
import { ConstructError } from "../construct/errors";
import { FORMER_LAMB } from "./facts/former-lamb";
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
  /** @throws ConstructError `not-in-release` from the release on in which the old name is gone */
  constructor(lamb: LambService, id: string = FORMER_LAMB.name) {
    refuseWhereGone(lamb);
    super(lamb, id);
    lamb.by(this, () =>
      lamb.addAlias(
        id,
        `LAMB's name in the old stack, for the addresses stored in Open WebUI. Goes with LAMB ${FORMER_LAMB.goneIn}.`,
      ),
    );
  }
}

function refuseWhereGone({ release }: LambService): void {
  const { name, goneIn } = FORMER_LAMB;
  if (compareVersions(release.version, goneIn) < 0) return;
  throw new ConstructError({
    code: "not-in-release",
    path: "BackendAlias",
    reason: `is for the old name \`${name}\`, which goes with LAMB ${goneIn}, and this is LAMB ${release.version}`,
    fix: "leave it out, in `init` by --no-alias, after `lamb-compose relink`: that writes LAMB's name of today into the address that Open WebUI has saved",
  });
}
