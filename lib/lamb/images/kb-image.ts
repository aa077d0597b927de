import type { Construct } from "constructs";
import { PythonImage } from "../../images/python/python-image";
import { KbService } from "../kb-service";
import { KB_PROBE } from "../probes";
import { LAMB_USER } from "../users";
import { type LambImageProps, pythonImageProps } from "./common";
import { KB_CONTRACT } from "./contracts";

/**
 * The image of the knowledge base.
 *
 * @see plan P2; contract sections 1.2, 5.28-32 and 7
 */
export class KbImage extends PythonImage {
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(
      scope,
      id,
      pythonImageProps(props, {
        image: "kb",
        title: "LAMB knowledge base",
        description: "LAMB's knowledge base: documents, and the index of what they say.",
        user: LAMB_USER,
        workdir: "/app/backend",
        port: KbService.port,
        serverOptions: ["--forwarded-allow-ips", "*", "--timeout-graceful-shutdown", "25"],
        writable: ["/app/backend/data", "/app/backend/static"],
        contract: KB_CONTRACT,
        probe: KB_PROBE,
        ignored: [
          {
            why: "What people uploaded, and the index of it.",
            patterns: ["lamb-kb-server-stable/backend/data", "lamb-kb-server-stable/backend/static"],
          },
          {
            why: "Tests and examples.",
            patterns: [
              "lamb-kb-server-stable/backend/tests",
              "lamb-kb-server-stable/backend/test_files",
              "lamb-kb-server-stable/backend/examples",
            ],
          },
        ],
      }),
    );
  }
}
