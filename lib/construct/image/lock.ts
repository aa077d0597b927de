import { IMAGE_LOCK } from "../../disk/reserved-names";
import { isObject, parsedJson } from "../../spec/json";
import { byName } from "../../spec/order";
import { ConstructError } from "../errors";
import { imageReference } from "./reference";

/** What a tag meant when a registry was asked. */
export interface LockedImage {
  /** `sha256:…`. For an image of several platforms it is that of their index, so that each host finds its own. */
  readonly digest: string;
  /** What the digest names, such as `application/vnd.oci.image.index.v1+json`. */
  readonly mediaType: string;
  /** Platforms that the image runs on, such as `linux/amd64`, sorted. Empty when the registry does not say. */
  readonly platforms: readonly string[];
}

/** Digests that registries give: the kind, and how many digits it has. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
]);
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;
const PLATFORM = /^[\w.-]+(?:\/[\w.-]+){1,2}$/;
const KEYS: ReadonlySet<string> = new Set(["digest", "mediaType", "platforms"]);
const VERSION = 1;

/**
 * Which image each tag of a deployment means: its digest, which no registry can give to another one. `lamb-compose lock`
 * asks the registries and writes the file; a synthesis with it names every image by `tag@digest`.
 *
 * @example
 * ```ts
 * const lock = ImageLock.parse(await readFile("compose.out/images.lock.json", "utf8"));
 * app.synth({ lock });
 * ```
 */
export class ImageLock {
  /** Name of the file in the output directory. */
  static readonly fileName = IMAGE_LOCK;

  /** Shortest name with the tag, such as `redis:7.2` → the image, sorted by name. */
  readonly images: ReadonlyMap<string, LockedImage>;

  /**
   * @param images by name; every name of an image is taken, and means the same as its shortest one
   * @throws ConstructError `bad-lock`, with all that is wrong at once
   */
  constructor(images: Iterable<readonly [name: string, image: LockedImage]> = []) {
    const given = [...images];
    const problems = mistakesIn(given);
    if (problems.length > 0) throw badLock(problems);
    const entries = given.map(([name, { digest, mediaType, platforms }]): [string, LockedImage] => {
      return [imageReference(name)?.name ?? name, { digest, mediaType, platforms: [...platforms].sort() }];
    });
    this.images = new Map(byName(entries));
  }

  /**
   * Reads the text of a lock.
   *
   * @param path where it lies, for what is said when it is none
   * @throws ConstructError `bad-lock`, with all that is wrong at once
   */
  static parse(text: string, path: string = ImageLock.fileName): ImageLock {
    const values = Object.entries(imagesIn(text, path));
    const images = values.flatMap(([name, value]): [string, LockedImage][] => (isImage(value) ? [[name, value]] : []));
    const problems = [...values.flatMap(([name, value]) => shapeMistakesOf(name, value)), ...mistakesIn(images)];
    if (problems.length > 0) throw badLock(problems, path);
    return new ImageLock(images);
  }

  /** What is known of an image. `undefined` when the lock does not have it, and for what is no name of an image. */
  find(reference: string): LockedImage | undefined {
    const name = imageReference(reference)?.name;
    return name === undefined ? undefined : this.images.get(name);
  }

  /** The text of the file. Equal locks have equal texts. */
  toString(): string {
    const images = Object.fromEntries(this.images);
    return `${JSON.stringify({ "made by": "lamb-compose lock", version: VERSION, images }, null, 2)}\n`;
  }
}

function mistakesIn(images: readonly (readonly [name: string, image: LockedImage])[]): readonly string[] {
  const seen = new Set<string>();
  return images.flatMap(([name, image]) => {
    const { name: shortest, tag, digest } = imageReference(name) ?? {};
    const twice = shortest !== undefined && seen.has(shortest);
    if (shortest !== undefined) seen.add(shortest);
    const named = tag !== undefined && digest === undefined;
    return [
      ...(named ? [] : [`${JSON.stringify(name)} is not the name of an image with its tag`]),
      ...(twice ? [`${JSON.stringify(name)} stands twice`] : []),
      ...mistakesOf(name, image),
    ];
  });
}

function mistakesOf(name: string, { digest, mediaType, platforms }: LockedImage): readonly string[] {
  const quoted = JSON.stringify(name);
  const seen = new Set<string>();
  const bad = platforms.filter((platform) => !PLATFORM.test(platform) || seen.size === seen.add(platform).size);
  return [
    ...(isDigest(digest) ? [] : [`${quoted} has a digest that is not valid, such as sha256:<64 hexadecimal digits>`]),
    ...(MEDIA_TYPE.test(mediaType) ? [] : [`${quoted} has a media type that is not valid`]),
    ...bad.map(
      (platform) => `${quoted} has the platform ${JSON.stringify(platform)}, which is not a platform or stands twice`,
    ),
  ];
}

/** Whether a text is a digest of a kind that can be verified. */
export function isDigest(text: string): boolean {
  const [kind = "", digits = ""] = text.split(":", 2);
  return DIGITS.get(kind) === digits.length && text === `${kind}:${digits}` && /^[0-9a-f]+$/.test(digits);
}

/** The part of the text that holds the images. */
function imagesIn(text: string, path: string): object {
  const data = parsedJson(text);
  if (data === undefined) throw badLock(["is not JSON; a merge that was not finished leaves such a file"], path);
  if (!isObject(data)) throw badLock(["is not an object"], path);
  const { version, images } = data;
  if (version !== VERSION) {
    throw badLock([`${describeVersion(version)}, and this library reads version ${VERSION}`], path);
  }
  if (!isObject(images)) throw badLock(["has no object `images`"], path);
  return images;
}

function describeVersion(version: unknown): string {
  if (version === undefined) return "does not say its version";
  return typeof version === "number" ? `is of version ${version}` : "has a version that is not a number";
}

function shapeMistakesOf(name: string, value: unknown): readonly string[] {
  const quoted = JSON.stringify(name);
  if (!isObject(value)) return [`${quoted} is not an object with digest, mediaType and platforms`];
  const other = Object.keys(value).filter((key) => !KEYS.has(key));
  return [
    ...(isImage(value)
      ? []
      : [`${quoted} does not have all of the keys digest, mediaType and platforms, or has a value that is not a text`]),
    ...other.map((key) => `${quoted} has the unknown key ${JSON.stringify(key)}`),
  ];
}

function isImage(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, unknown>> & LockedImage {
  const { digest, mediaType, platforms } = value;
  const isText = (one: unknown) => typeof one === "string";
  return isText(digest) && isText(mediaType) && Array.isArray(platforms) && platforms.every(isText);
}

function badLock(problems: readonly string[], path: string = ImageLock.fileName): ConstructError {
  const [only, ...others] = problems;
  return new ConstructError({
    code: "bad-lock",
    path,
    reason: others.length === 0 ? (only ?? "") : `has ${problems.length} mistakes\n  - ${problems.join("\n  - ")}`,
    fix: "restore it from version control, or remove it and run `lamb-compose lock`",
  });
}
