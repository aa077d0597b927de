import { RootConstruct } from "constructs";
import { parseRange, STANDARD_RANGE, type VersionRange } from "../compose/range";
import { VersionError } from "../compose/version";
import { Artifact } from "./artifact";
import { brand } from "./brand";
import { ComposeFile } from "./compose-file";
import { ConstructError } from "./errors";
import { HEADER } from "./made-by";
import type { Synthesis } from "./synth/synthesis";
import { type SynthOptions, synthesize } from "./synth/synthesize";
import { descendants } from "./walk";

const [mark, isApp] = brand<App>("App");

/** What an {@link App} must run on. */
export interface AppProps {
  /**
   * The releases of Docker Compose that the files are for: `>=2.40`, `>=5.6 <5.8`, or one line or release alone. A key
   * that the oldest of them does not know is a finding, and so is what they read in different ways.
   * @default ">=2.40", to the newest release that is known
   */
  readonly compose?: string | undefined;
  /**
   * What the top of each file says of where it comes from: one line, such as
   * ``Made by `npx tsx deploy/prod.ts`. Do not edit: change the program and run it again.``
   * @default - the construct that the file comes from, and the file of the program where `run` runs it
   */
  readonly header?: string | undefined;
}

/**
 * The root of a program: Compose files and artifacts below it become the files of one deployment.
 *
 * @example
 * ```ts
 * const app = new App();
 * const file = new ComposeFile(app, "shop");
 * new Service(file, "web", { image: "web:1" });
 * await app.synth().write("compose.out");
 * ```
 */
export class App extends RootConstruct {
  static isApp = isApp;

  /** The releases of Docker Compose that the files are for. */
  readonly compose: VersionRange;

  /** @throws ConstructError `invalid-compose-range` */
  constructor({ compose = STANDARD_RANGE, header }: AppProps = {}) {
    super();
    if (header !== undefined) this.node.setContext(HEADER, header.replaceAll(/\s+/g, " "));
    mark(this);
    this.compose = rangeOf(compose);
  }

  /** The Compose files, in the order of the program. */
  get files(): readonly ComposeFile[] {
    return descendants(this).filter((construct) => ComposeFile.isComposeFile(construct));
  }

  /** The other files, in the order of the program. */
  get artifacts(): readonly Artifact[] {
    return descendants(this).filter((construct) => Artifact.isArtifact(construct));
  }

  /**
   * The program's result in memory. Writes nothing and changes nothing: two calls give the same bytes. Problems do not
   * throw; they are the result's findings, all of them.
   */
  synth(options: SynthOptions = {}): Synthesis {
    return synthesize(this, options);
  }
}

function rangeOf(text: string): VersionRange {
  try {
    return parseRange(text);
  } catch (error) {
    if (!(error instanceof VersionError)) throw error;
    throw new ConstructError({
      code: "invalid-compose-range",
      value: JSON.stringify(text),
      reason: error.message,
      fix: `write the oldest release that the files are for, as in new App({ compose: "${STANDARD_RANGE}" })`,
    });
  }
}
