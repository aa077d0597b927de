import type { Construct, IConstruct } from "constructs";
import { Artifact } from "../construct/artifact";
import { brand } from "../construct/brand";
import { ComposeFile } from "../construct/compose-file";
import { headerOf } from "../construct/made-by";
import type { SynthesisContext } from "../construct/synth/context";
import { type EnvContract, type EnvContractOptions, envContract, pathFrom } from "./contract";
import { envText } from "./template-text";

const [mark, isEnvTemplate] = brand<EnvTemplate>("EnvTemplate");

/** Where an {@link EnvTemplate} is written, and what stands above it. */
export interface EnvTemplateProps extends Pick<EnvContractOptions, "retired" | "leftOut"> {
  /** Path of the template below the output directory, such as `.env.next.example`. */
  readonly fileName: string;
  /**
   * The files whose variables it explains, in the order in which Compose merges them.
   * @default - the file of the scope and every overlay over it; in the scope of the app all files
   */
  readonly files?: readonly ComposeFile[] | undefined;
  /**
   * Those of the files that plain `docker compose up` runs: the template's `COMPOSE_FILE`, with the files below them.
   * @default - all of them
   */
  readonly chosen?: readonly ComposeFile[] | undefined;
  /**
   * Profiles that the template enables: its `COMPOSE_PROFILES`.
   * @default - none: services with a profile wait until the operator names it
   */
  readonly profiles?: readonly string[] | undefined;
  /**
   * The name under which the operator keeps it, beside the template.
   * @default ".env"
   */
  readonly copyTo?: string | undefined;
}

/**
 * The template of a deployment's `.env`, made at synthesis from the variables that the files mention. Nobody lists
 * them. What is required stands there empty, so that Compose refuses a template that was copied unchanged.
 *
 * @example
 * ```ts
 * new EnvTemplate(file, "env", { fileName: ".env.example" });
 * ```
 * @see Compose Specification, chapter 12 (interpolation)
 */
export class EnvTemplate extends Artifact {
  static isEnvTemplate = isEnvTemplate;

  private readonly choice: Pick<EnvTemplateProps, "files" | "chosen" | "retired" | "leftOut">;
  private readonly enabled: Set<string>;
  private readonly leftOutFiles = new Set<ComposeFile>();

  constructor(scope: Construct, id: string, props: EnvTemplateProps) {
    const { fileName, copyTo = ".env", files, chosen, profiles = [], retired = [], leftOut = [] } = props;
    super(scope, id, {
      fileName,
      content: (context) =>
        envText(this.contract(context), { fileName, copyTo, construct: this.node.path, header: headerOf(this) }),
    });
    mark(this);
    this.enabled = new Set(profiles);
    this.choice = {
      files: files === undefined ? undefined : [...files],
      chosen: chosen === undefined ? undefined : [...chosen],
      retired: retired.map((name) => ({ ...name })),
      leftOut: leftOut.map((name) => ({ ...name })),
    };
  }

  /** Has the template enable a profile. For constructs that bring services with one. */
  enableProfile(name: string): this {
    this.enabled.add(name);
    return this;
  }

  /** Leaves a file out of the template's `COMPOSE_FILE`: an operator who wants it names it there. */
  leaveOut(file: ComposeFile): this {
    this.leftOutFiles.add(file);
    return this;
  }

  /** The way from the folder of the template to another file below the output directory. */
  pathTo(fileName: string): string {
    return pathFrom(this.fileName, fileName);
  }

  /** What the template says, as data: an operator's `.env` is checked against it. */
  contract(context: SynthesisContext): EnvContract {
    const { files = filesAround(this, context), chosen = files, ...choice } = this.choice;
    const runs = chosen.filter((file) => !this.leftOutFiles.has(file));
    return envContract(context, { ...choice, files, chosen: runs, profiles: [...this.enabled], beside: this.fileName });
  }
}

/** The file that a construct belongs to and every overlay over it, with the files that those need. */
function filesAround(construct: IConstruct, context: SynthesisContext): readonly ComposeFile[] {
  const all = context.files.map(({ file }) => file);
  const own = construct.node.scopes.findLast((scope) => ComposeFile.isComposeFile(scope));
  if (!ComposeFile.isComposeFile(own)) return all;
  const chains = all.map((file) => file.chain()).filter((chain) => chain.includes(own));
  return [...new Set(chains.flat())];
}
