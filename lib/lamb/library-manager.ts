import { brand } from "../construct/brand";
import { Relation } from "../construct/relation";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { addressOf } from "./facts/service";
import { propsOf, volumeOf } from "./from-facts";
import type { LambStack } from "./lamb-stack";
import { IN_PRODUCTION, SCRATCH } from "./running";
import * as variable from "./variables";

const [mark, isLibraryManager] = brand<LibraryManager>("LibraryManager");

/**
 * LAMB's library of documents. LAMB alone can reach it.
 *
 * @example
 * ```ts
 * const stack = new LambStack(app, "next", { release: new LambRelease("0.7"), library: false });
 * new LibraryManager(stack);
 * ```
 */
export class LibraryManager extends Service {
  static isLibraryManager = isLibraryManager;

  /** The port of the container. */
  readonly port: number;
  /** Database and contents. */
  readonly data: Volume;
  /** The network that it shares with LAMB. */
  readonly network: Relation;

  /** @throws ConstructError `not-in-release` before LAMB 0.7 */
  constructor(stack: LambStack, id = "library-manager") {
    const facts = stack.release.service("libraryManager");
    super(stack, id);
    mark(this);
    const { data } = facts.folders;
    this.port = facts.port;
    this.data = volumeOf(stack, data);
    this.set({
      ...propsOf(facts),
      image: stack.release.image("libraryManager"),
      volumes: [this.data.at(data.path)],
      read_only: true,
      tmpfs: [SCRATCH],
    });
    this.with(...IN_PRODUCTION);
    stack.lamb.by(this, (lamb) =>
      lamb
        .setEnvironment("LAMB_LIBRARY_SERVER_ENABLE", "ENABLE")
        .setEnvironment("LAMB_LIBRARY_SERVER", addressOf(this))
        .setEnvironment("LAMB_LIBRARY_TOKEN", variable.LAMB_LIBRARY_TOKEN)
        .dependsOn(this),
    );
    this.network = new Relation(stack, "lamb-library-manager", stack.lamb, this);
  }
}
