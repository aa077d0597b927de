import { ImageLock, type LockedImage } from "../../construct/image/lock";
import { imageName } from "../../construct/image/name";
import { type ImageReference, imageReference } from "../../construct/image/reference";
import { nearest } from "../../spec/nearest";
import { OperateError } from "../error";
import type { RegistryClient } from "../registry/client";
import { withConcurrency } from "../registry/with-concurrency";
import { readLock, writeLock } from "./file";
import { type MentionedImage, namedIn, type OpenName, readMentioned } from "./mentioned";
import { outcomeOf, together } from "./problems";

export interface LockRequest {
  readonly dir: string;
  /** Images whose entries are renewed, by name or by repository; `all` of them. */
  readonly update: readonly string[] | "all";
  readonly client: Pick<RegistryClient, "describe">;
}

/** What became of one image of the lock. */
export interface LockChange {
  /** The image, as the lock names it. */
  readonly image: string;
  /** `kept`: not asked for. `same`: asked for, and as it was. */
  readonly kind: "added" | "updated" | "same" | "dropped" | "kept";
  readonly before?: LockedImage | undefined;
  readonly after?: LockedImage | undefined;
}

/** What locking did. */
export interface LockResult {
  readonly path: string;
  readonly written: boolean;
  /** One for each image, sorted by name. */
  readonly changes: readonly LockChange[];
  /** Names from which nobody can tell which image it is. They are not in the lock. */
  readonly open: readonly OpenName[];
  /** Images that files do not name by the digest that is locked. */
  readonly stale: readonly MentionedImage[];
  /** All files that a synthesis wrote in the directory. */
  readonly files: readonly string[];
}

/** What has to be asked of an image that the lock is to have. */
interface WantedImage {
  readonly image: string;
  readonly reference: ImageReference;
}

/**
 * Brings the lock of a directory up to date with its files: adds what is missing, drops what no file names any more,
 * renews what is to be renewed, and leaves the rest alone. An image that files name by digest already is added with
 * that digest: only an update brings another one.
 *
 * @throws OperateError `not-mentioned`, `two-digests`, those of {@link readMentioned}, {@link readLock} and the registry's,
 * all images' at once; the lock is then as it was
 * @throws ConstructError `bad-lock`
 */
export async function updateLock({ dir, update, client }: LockRequest): Promise<LockResult> {
  const [mentioned, onDisk] = [await readMentioned(dir), await readLock(dir)];
  const before = onDisk.lock ?? new ImageLock();
  const byName = namedIn(mentioned);
  const renewed = update === "all" ? new Set(byName.keys()) : renewedBy(update, byName);
  const wanted = [...byName].flatMap(([image, mentions]): readonly WantedImage[] => {
    if (renewed.has(image)) return [{ image, reference: byTag(mentions) }];
    return before.images.has(image) ? [] : [{ image, reference: asMentioned(image, mentions) }];
  });
  const outcomes = await withConcurrency(wanted, async ({ image, reference }) => {
    return { image, ...(await outcomeOf(client.describe(reference))) };
  });
  const unanswered = outcomes.flatMap(({ image, error }) => (error === undefined ? [] : [{ image, error }]));
  if (unanswered.length > 0) throw together(unanswered);
  const asked = new Map(outcomes.flatMap(({ image, result }) => (result === undefined ? [] : [[image, result]])));
  const kept = [...before.images].filter(([image]) => byName.has(image) && !asked.has(image));
  const lock = new ImageLock([...kept, ...asked]);
  const isNeeded = onDisk.text !== undefined || lock.images.size > 0;
  const written = isNeeded && (await writeLock(onDisk, lock));
  const stale = mentioned.images.filter(({ reference }) => {
    const locked = lock.images.get(reference.name);
    return locked !== undefined && reference.digest !== locked.digest;
  });
  const { files, open } = mentioned;
  return { path: onDisk.path, written, changes: changesBetween(before, lock, asked), open, stale, files };
}

/** The images that words of a command mean. */
function renewedBy(words: readonly string[], byName: ReadonlyMap<string, readonly MentionedImage[]>): Set<string> {
  const renewed = new Set<string>();
  const unknown: string[] = [];
  for (const word of words) {
    const { name, repository } = imageReference(word) ?? {};
    const isWhole = imageName(word).tag !== undefined;
    const meant = [...byName].filter(([image, [first]]) =>
      isWhole ? image === name : first?.reference.repository === repository,
    );
    if (meant.length === 0) unknown.push(word);
    for (const [image] of meant) renewed.add(image);
  }
  if (unknown.length > 0) throw notMentioned(unknown, byName);
  return renewed;
}

function byTag([first]: readonly MentionedImage[]): ImageReference {
  if (first === undefined) throw new RangeError("an image is mentioned somewhere");
  return { ...first.reference, digest: undefined };
}

function asMentioned(image: string, mentions: readonly MentionedImage[]): ImageReference {
  const digests = new Map(
    mentions.flatMap((one) => (one.reference.digest === undefined ? [] : [[one.reference.digest, one]])),
  );
  const [first, second] = [...digests.values()];
  if (first === undefined) return byTag(mentions);
  if (second === undefined) return first.reference;
  throw new OperateError({
    code: "two-digests",
    path: image,
    reason: `${first.file} and ${second.file} name it with different digests, and the lock has one for both`,
    fix: `correct one of them, or run \`lamb-compose lock --update ${image}\` for what the tag means now`,
  });
}

function changesBetween(
  before: ImageLock,
  after: ImageLock,
  asked: ReadonlyMap<string, LockedImage>,
): readonly LockChange[] {
  const names = [...new Set([...before.images.keys(), ...after.images.keys()])].sort();
  return names.map((image) => {
    const [old, now] = [before.images.get(image), after.images.get(image)];
    const kind =
      old === undefined
        ? "added"
        : now === undefined
          ? "dropped"
          : !asked.has(image)
            ? "kept"
            : old.digest === now.digest
              ? "same"
              : "updated";
    return { image, kind, before: old, after: now };
  });
}

function notMentioned(words: readonly string[], byName: ReadonlyMap<string, readonly MentionedImage[]>): OperateError {
  const names = [...byName.keys()];
  const repositories = [...byName.values()].flatMap(([first]) => first?.reference.repository ?? []);
  const meant = words.flatMap((word) => nearest(word, [...names, ...repositories]) ?? []);
  return new OperateError({
    code: "not-mentioned",
    path: words.join(", "),
    reason: "is an image that no file here names with a tag",
    fix: meant.length > 0 ? `did you mean ${meant.join(", ")}?` : `use one of ${names.join(", ")}`,
  });
}
