import { join } from "node:path";
import { isDigest } from "../../construct/image/lock";
import { imageNamesIn } from "../../construct/image/places";
import { type ImageReference, imageReference } from "../../construct/image/reference";
import { byDefault } from "../../construct/image/use";
import { readYaml } from "../../construct/read-yaml";
import { readManifest } from "../../disk/manifest";
import { readText } from "../../disk/read-file";
import { addTo } from "../../spec/group";
import { OperateError } from "../error";
import { imagesInDockerfile } from "./dockerfile";

/** An image that a synthesized file names. */
export interface MentionedImage {
  readonly file: string;
  readonly reference: ImageReference;
}

/** A name in a synthesized file from which nobody can tell which image it is. */
export interface OpenName {
  readonly file: string;
  readonly text: string;
}

/** What the files of a directory name. */
export interface Mentioned {
  /** All files that a synthesis wrote there. */
  readonly files: readonly string[];
  readonly images: readonly MentionedImage[];
  readonly open: readonly OpenName[];
}

/** A name as it is written, and as it is with every variable at its default, where all have one. */
type Name = readonly [written: string, meant: string | undefined];
type Reader = (text: string, file: string) => Iterable<Name>;

/** How each kind of file names images; the path tells the kind. */
const READERS: readonly (readonly [path: RegExp, read: Reader])[] = [
  [/(?:^|\/)Dockerfile$/, (text) => imagesInDockerfile(text).map((name) => [name, name])],
  [/\.ya?ml$/, composeImages],
];

/**
 * Reads which images the files name that a synthesis wrote into a directory: Compose files, variables at their
 * defaults, and Dockerfiles. A service that is built names none.
 *
 * @throws OperateError `nothing-synthesized`; FileError `not-a-file`, `too-large`, `cannot-read`
 * @throws WriteError `bad-manifest`
 * @throws ConstructError `invalid-yaml`
 */
export async function readMentioned(directory: string): Promise<Mentioned> {
  const files = [...(await readManifest(directory)).keys()];
  if (files.length === 0) {
    throw new OperateError({
      code: "nothing-synthesized",
      path: directory,
      reason: "there are no synthesized files whose images could be locked",
      fix: "write them first, with a program or `lamb-compose init`, or name their directory with --dir",
    });
  }
  const images: MentionedImage[] = [];
  const open: OpenName[] = [];
  for (const file of files) {
    const reader = READERS.find(([path]) => path.test(file))?.[1];
    if (reader === undefined) continue;
    const names = new Map(reader(await read(directory, file), file));
    for (const [text, meant = ""] of names) {
      const reference = imageReference(meant);
      if (reference === undefined) open.push({ file, text });
      else images.push({ file, reference });
    }
  }
  return { files, images, open };
}

/** What stands in the lock by name. A name with a digest alone needs none. */
export function namedIn({ images }: Mentioned): ReadonlyMap<string, readonly MentionedImage[]> {
  const byName = new Map<string, MentionedImage[]>();
  for (const mention of images) {
    const { name, tag, digest } = mention.reference;
    if (tag === undefined || (digest !== undefined && !isDigest(digest))) continue;
    addTo(byName, name, mention);
  }
  return new Map([...byName].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A file without services is some other YAML. */
function* composeImages(text: string, file: string): Generator<Name> {
  if (!/^["']?services["']?\s*:/m.test(text)) return;
  for (const name of imageNamesIn(readYaml(text, file))) yield [name, byDefault(name)];
}

async function read(directory: string, file: string): Promise<string> {
  const path = join(directory, file);
  const text = await readText(path);
  if (text !== undefined) return text;
  const fix = "run the program again, which writes it";
  throw new OperateError({ code: "cannot-read", path, reason: "was written by a program, and is gone", fix });
}
