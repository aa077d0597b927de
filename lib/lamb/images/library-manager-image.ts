import type { Construct } from "constructs";
import { PythonImage } from "../../images/python/python-image";
import { type LambImageProps, pythonImageProps } from "./common";

/**
 * The image of LAMB's library of documents.
 */
export class LibraryManagerImage extends PythonImage {
  /** @throws ConstructError `not-in-release` before LAMB 0.7 */
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(scope, id, pythonImageProps("libraryManager", props));
  }
}
