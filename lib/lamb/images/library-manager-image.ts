import type { Construct } from "constructs";
import { PythonImage } from "../../images/python/python-image";
import { LibraryManager } from "../library-manager";
import { LIBRARY_MANAGER_PROBE } from "../probes";
import { LIBRARY_USER } from "../users";
import { type LambImageProps, pythonImageProps } from "./common";
import { LIBRARY_MANAGER_CONTRACT } from "./contracts";

/**
 * The image of LAMB's library of documents.
 *
 * @see contract sections 1.3, 5.28-33 and 7
 */
export class LibraryManagerImage extends PythonImage {
  /** @throws ConstructError `not-in-release` before LAMB 0.7 */
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(
      scope,
      id,
      pythonImageProps(props, {
        image: "libraryManager",
        title: "LAMB library manager",
        description: "LAMB's library of documents.",
        user: LIBRARY_USER,
        workdir: "/app",
        port: LibraryManager.port,
        serverOptions: ["--timeout-graceful-shutdown", "25"],
        writable: ["/app/data"],
        contract: LIBRARY_MANAGER_CONTRACT,
        probe: LIBRARY_MANAGER_PROBE,
        ignored: [{ why: "The library of a developer.", patterns: ["library-manager/backend/data"] }],
      }),
    );
  }
}
