import { RootConstruct } from "constructs";
import { Artifact } from "./artifact";
import { brand } from "./brand";
import { ComposeFile } from "./compose-file";
import type { Synthesis } from "./synth/synthesis";
import { type SynthOptions, synthesize } from "./synth/synthesize";
import { descendants } from "./walk";

const [mark, isApp] = brand<App>("App");

/** The root of a program: Compose files and artifacts below it become the files of one deployment. */
export class App extends RootConstruct {
  static isApp = isApp;

  constructor() {
    super();
    mark(this);
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
