import { brand } from "../construct/brand";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import { Relation } from "../construct/relation";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import type { LambStack } from "./lamb-stack";
import { LIBRARY_MANAGER_PROBE } from "./probes";
import { IN_PRODUCTION, SCRATCH } from "./running";
import * as variable from "./variables";

const [mark, isLibraryManager] = brand<LibraryManager>("LibraryManager");

/**
 * LAMB's library of documents. LAMB alone can reach it.
 *
 * @see contract section 1.3
 */
export class LibraryManager extends Service {
  static isLibraryManager = isLibraryManager;

  /** The port of the container. It is built into the image. */
  static readonly port = 9091;

  /** Database and contents. */
  readonly data: Volume;
  /** The network that it shares with LAMB. */
  readonly network: Relation;

  /** @throws ConstructError `not-in-release` before LAMB 0.7 */
  constructor(stack: LambStack, id = "library-manager") {
    const image = stack.release.image("libraryManager");
    super(stack, id);
    mark(this);
    this.data = new DataVolume(stack, "library-manager-data");
    this.set({
      image,
      environment: {
        LAMB_API_TOKEN: variable.LAMB_LIBRARY_TOKEN,
        DATA_DIR: "/app/data",
        PERMALINK_PREFIX: "/docs",
        MAX_CONCURRENT_IMPORTS: variable.LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS,
        IMPORT_TASK_TIMEOUT_SECONDS: variable.LIBRARY_MANAGER_IMPORT_TIMEOUT,
      },
      healthcheck: Healthcheck.python(LIBRARY_MANAGER_PROBE),
      expose: [String(LibraryManager.port)],
      volumes: [this.data.at("/app/data")],
      read_only: true,
      tmpfs: [SCRATCH],
    });
    this.with(...IN_PRODUCTION);
    stack.lamb
      .setEnvironment("LAMB_LIBRARY_SERVER_ENABLE", "ENABLE")
      .setEnvironment("LAMB_LIBRARY_SERVER", `http://${id}:${LibraryManager.port}`)
      .setEnvironment("LAMB_LIBRARY_TOKEN", variable.LAMB_LIBRARY_TOKEN)
      .dependsOn(this);
    this.network = new Relation(stack, "lamb-library-manager", stack.lamb, this);
  }
}
