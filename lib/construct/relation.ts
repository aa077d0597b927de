import type { Construct } from "constructs";
import { brand } from "./brand";
import { ComposeFile } from "./compose-file";
import { ConstructError } from "./errors";
import { Network } from "./network";
import { Overlay } from "./overlay";
import type { Service } from "./service";

const [mark, isRelation] = brand<Relation>("Relation");

/**
 * A network for two services that talk to each other, and for nobody else:
 *
 * ```ts
 * new Relation(overlay, "lamb-metrics", stack.lamb, metrics);
 * ```
 *
 * A service that names no networks itself leaves the project's default one, where everybody could reach it. An overlay
 * may relate services of the files below it.
 */
export class Relation extends Network {
  static isRelation = isRelation;

  /** @throws ConstructError `not-below` for a service that the file neither has nor changes */
  constructor(scope: Construct, id: string, one: Service, other: Service) {
    super(scope, id);
    mark(this);
    const file = ComposeFile.of(this);
    for (const service of [one, other]) this.take(file, service);
  }

  private take(file: ComposeFile, service: Service): void {
    if (ComposeFile.of(service) === file) {
      service.by(this, () => {
        if (!service.has("networks")) service.set({ networks: [] });
        service.connect(this);
      });
    } else if (Overlay.isOverlay(file)) {
      file.change(service).by(this, (changed) => changed.connect(this));
    } else {
      throw new ConstructError({
        code: "not-below",
        construct: this.node.path,
        value: service.node.path,
        reason: "the service is of another file, which this one does not change",
        fix: "create the relation in the file of both services, or in an overlay over the files that have them",
      });
    }
  }
}
