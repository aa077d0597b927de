import type { Construct } from "constructs";
import { PythonImage } from "../../images/python/python-image";
import { type LambImageProps, pythonImageProps } from "./common";

/**
 * The image of the knowledge base.
 */
export class KbImage extends PythonImage {
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(scope, id, pythonImageProps("kb", props));
  }
}
