import type { Construct } from "constructs";
import { Artifact } from "../../construct/artifact";
import { ComposeConstruct } from "../../construct/compose-construct";
import { madeBy } from "../../construct/made-by";
import { DockerIgnore, type IgnoreRule } from "../docker-ignore";
import { Dockerfile } from "../dockerfile";
import { ENTRYPOINT, IMPORTS, LOCKED } from "../generated/programs";
import type { ImageBuild } from "../image-build";
import { type ContainerContract, contractText } from "./contract";
import { requirementsText } from "./requirements";
import { type RuntimeProps, runtimeStage } from "./stages";

/** What a {@link PythonImage} installs, copies and starts. */
export interface PythonImageProps extends Omit<RuntimeProps, "parts"> {
  readonly build: ImageBuild;
  /** What must hold before the program starts. */
  readonly contract: ContainerContract;
  /**
   * Files of the build context beside the program that the build needs.
   * @default - none
   */
  readonly needs?: readonly string[] | undefined;
  /** What is below the program's folder and must not be built in. */
  readonly ignored: readonly IgnoreRule[];
}

/**
 * What builds an image of a Python server from a checkout: the Dockerfile, what its build may see, the locked
 * requirements, and beside the Dockerfile in the folder `image` the programs that the build and the image run.
 */
export class PythonImage extends ComposeConstruct {
  readonly build: ImageBuild;
  readonly dockerfile: Dockerfile;

  constructor(scope: Construct, id: string, props: PythonImageProps) {
    super(scope, id);
    const { build, program, requirements } = props;
    this.build = build;
    const folder = [...build.dockerfile.split("/").slice(0, -1), "image"].join("/");
    const parts = belowContext(build, folder);
    this.dockerfile = new Dockerfile(this, "dockerfile", {
      fileName: build.dockerfile,
      description: `${props.labels.description}\n\n  docker buildx build --file ${build.dockerfile} ${build.context}`,
      target: runtimeStage({ ...props, parts }),
    });
    new DockerIgnore(this, "ignore", {
      dockerfile: build.dockerfile,
      only: [...new Set([program, parts, ...requirements, ...(props.needs ?? [])])],
      except: props.ignored,
    });
    const add = (fileName: string, content: string) => {
      new Artifact(this, fileName, { fileName: `${folder}/${fileName}`, content });
    };
    const note = `${madeBy(this)}\nRenew it with lamb-compose dependencies.`;
    add("requirements.lock", requirementsText(props.packages, note));
    add("contract.json", contractText(props.contract));
    for (const [fileName, text] of [
      ["entrypoint.py", ENTRYPOINT],
      ["ready.py", props.probe.program],
      ["imports.py", IMPORTS],
      ["locked.py", LOCKED],
    ] as const) {
      add(fileName, `# ${madeBy(this)}\n${text}`);
    }
  }
}

/** A path of the checkout as the build context has it. */
export function belowContext({ context }: ImageBuild, path: string): string {
  return context === "." || !path.startsWith(`${context}/`) ? path : path.slice(context.length + 1);
}
