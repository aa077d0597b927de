import type { ComposeFile } from "../compose-file";
import type { EnvVar } from "../env-var";
import type { ImageLock } from "../image/lock";
import { type ImageUse, useImage } from "../image/use";
import type { Mention } from "./render";
import { type RenderedFile, variablesOf } from "./rendered-file";

/** The finished Compose files of an app, for what is made from them. */
export class SynthesisContext {
  /**
   * @param lock the digests by which images are named
   * @param onImage learns of each image that is asked for
   */
  constructor(
    readonly files: readonly RenderedFile[],
    private readonly lock?: ImageLock | undefined,
    private readonly onImage: (use: ImageUse) => void = () => {},
  ) {}

  /**
   * The name of an image with the digest that the lock has of it: `python:3.11-slim@sha256:…`. As it is when it has a
   * digest already, when there is no lock, and, with a finding, when the lock lacks it.
   */
  pinned(reference: string): string {
    const use = useImage(reference, this.lock);
    this.onImage(use);
    return use.written;
  }

  /** A file as data. `undefined` when it is not of this app. */
  rendered(file: ComposeFile): RenderedFile | undefined {
    return this.files.find((rendered) => rendered.file === file);
  }

  /** The variables that files mention, each once by name, in the order of the program. Default: all files of the app. */
  variables(files: readonly ComposeFile[] = this.files.map((rendered) => rendered.file)): readonly EnvVar[] {
    const wanted = new Set(files);
    return [...variablesOf(this.files.filter(({ file }) => wanted.has(file))).values()];
  }

  /** Every place at which a variable of this name is mentioned. */
  mentionsOf(name: string): readonly Mention<EnvVar>[] {
    return this.files.flatMap(({ register }) => register.variables.filter(({ what }) => what.name === name));
  }
}
