import type { Construct } from "constructs";
import { Artifact } from "../../construct/artifact";
import { madeBy } from "../../construct/made-by";
import { PythonImage } from "../../images/python/python-image";
import { SVELTE_CONFIG, VERSION } from "../generated/programs";
import { type LambImageProps, pythonImageProps } from "./common";
import { pagesBuild, SETTINGS_FILE, VERSION_FILE } from "./pages";
import { SHIPPED_LOCK } from "./shipped-lock";

/** Where the backend looks for the pages: beside its own folder. */
const PAGES_IN_IMAGE = "/app/frontend/build";

/**
 * LAMB's own image: the backend, and the pages that it serves.
 */
export class LambImage extends PythonImage {
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    const { stage, source, ignored, locks } = pagesBuild(props.lock ?? SHIPPED_LOCK);
    const copies = [{ from: stage, source: "/frontend/build", target: PAGES_IN_IMAGE }];
    super(scope, id, pythonImageProps("lamb", props, { copies, needs: [source], ignored }));
    for (const [fileName, program] of [
      [VERSION_FILE, VERSION],
      [SETTINGS_FILE, SVELTE_CONFIG],
    ] as const) {
      new Artifact(this, fileName, { fileName, content: `// ${madeBy(this)}\n${program}` });
    }
    for (const [fileName, content] of Object.entries(locks)) new Artifact(this, fileName, { fileName, content });
  }
}
