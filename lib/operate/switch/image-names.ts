import type { Docker } from "../engine/docker";
import { inspectImages } from "../engine/project";
import { messageOf } from "../error";
import type { HistoryEntry } from "../journal/history";
import type { Progress } from "../journal/operation";

/** A name that is to mean another image than it does. */
export interface ImageName {
  readonly name: string;
  /** What it is to mean: an id that the engine has, or a digest that a registry has. */
  readonly after: string;
  /** What it means before: an id. Empty where it means nothing yet. */
  readonly before: string;
}

/** What was known of an image when a name meant it. */
export interface KnownImage {
  readonly name: string;
  readonly id: string;
  /** By which registries know it. @default - none is known */
  readonly digests?: readonly string[] | undefined;
}

/** A name that means another image than it did, or none. */
export interface OtherName extends Omit<ImageName, "after"> {
  /** What it meant. `undefined` where that is neither here nor known to a registry. */
  readonly after: string | undefined;
  /** Whether that is on the engine. */
  readonly isHere: boolean;
}

/** Of the names of images those that mean another image by now, or none. One with a digest in it always means the same. */
export async function otherNames(docker: Docker, images: readonly KnownImage[]): Promise<readonly OtherName[]> {
  const byName = new Map(images.filter(({ name }) => !name.includes("@")).map((image) => [image.name, image]));
  const found: OtherName[] = [];
  for (const { name, id, digests = [] } of byName.values()) {
    const [now] = await inspectImages(docker, [name]);
    if (now !== undefined && (now.Id === id || digests.some((digest) => now.RepoDigests.includes(digest)))) continue;
    const [here] = await inspectImages(docker, [id, ...digests]);
    found.push({ name, before: now?.Id ?? "", after: here?.Id ?? digests[0], isHere: here !== undefined });
  }
  return found;
}

/**
 * Has names mean other images. What is not on the engine is pulled; where it cannot be had, the name stays as it is, and that
 * is said.
 */
export async function giveNames(docker: Docker, names: readonly ImageName[], progress: Progress): Promise<void> {
  for (const { name, after } of names) {
    try {
      if ((await inspectImages(docker, [after])).length === 0) {
        await docker.must(["pull", "--quiet", after], { timeout: PULL_LIMIT });
      }
      await docker.must(["tag", after, name]);
    } catch (error) {
      progress.note(
        `${name}: the image that it meant then cannot be had, and the one of now is taken: ${messageOf(error)}`,
      );
    }
  }
}

/** Has names mean again what they meant before. */
export async function takeNamesBack(docker: Docker, names: readonly ImageName[]): Promise<void> {
  for (const { name, before } of names) if (before !== "") await docker.must(["tag", before, name]);
}

/**
 * Names that can mean again what they meant, as words of a plan.
 *
 * @param state to which the way back leads: there each name means what it means in the state
 */
export function asWords(names: readonly OtherName[], { images }: Pick<HistoryEntry, "images">): string[] {
  const ran = new Map(Object.values(images).map(({ name, id }) => [name, id]));
  return names.flatMap(({ name, after, before }) => {
    // No name of an image has such a sign in it.
    return after === undefined ? [] : [[name, after, ran.get(name) ?? before].join("=")];
  });
}

/** The names in words of a plan. */
export function fromWords(words: readonly string[] = []): readonly ImageName[] {
  return words.map((word) => {
    const [name = "", after = "", before = ""] = word.split("=");
    return { name, after, before };
  });
}

/** Seconds that an image may take to come. */
const PULL_LIMIT = 3600;
