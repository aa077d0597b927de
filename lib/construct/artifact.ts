import type { Construct } from "constructs";
import { brand } from "./brand";
import { ComposeConstruct } from "./compose-construct";
import type { SynthesisContext } from "./synth/context";

const [mark, isArtifact] = brand<Artifact>("Artifact");

/** What an {@link Artifact} is made of. */
export interface ArtifactProps {
  /** Path of the file below the output directory, with `/` between folders. */
  readonly fileName: string;
  /** The text, or a function that makes it from the finished Compose files. Called at each synthesis. */
  readonly content: string | ((context: SynthesisContext) => string);
}

/**
 * A file of the deployment that is not a Compose file: a proxy's configuration, a template, a guide.
 *
 * @example
 * ```ts
 * new Artifact(app, "motd", { fileName: "motd.txt", content: "Restarted each Sunday.\n" });
 * ```
 */
export class Artifact extends ComposeConstruct {
  static isArtifact = isArtifact;

  readonly fileName: string;
  private readonly content: ArtifactProps["content"];

  constructor(scope: Construct, id: string, props: ArtifactProps) {
    super(scope, id);
    mark(this);
    this.fileName = props.fileName;
    this.content = props.content;
  }

  /** The text of the file. */
  render(context: SynthesisContext): string {
    return typeof this.content === "string" ? this.content : this.content(context);
  }
}
