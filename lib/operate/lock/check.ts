import { ImageLock } from "../../construct/image/lock";
import type { ImageReference } from "../../construct/image/reference";
import type { OperateError } from "../error";
import type { RegistryClient } from "../registry/client";
import { withConcurrency } from "../registry/with-concurrency";
import { readLock } from "./file";
import { namedIn, readMentioned } from "./mentioned";
import type { Mismatch } from "./mismatch";
import { grouped, outcomeOf, type Unanswered } from "./problems";

export interface LockCheckRequest {
  readonly dir: string;
  /** Whom to ask whether tags still mean what is locked; `undefined`: nobody. */
  readonly client: Pick<RegistryClient, "digest"> | undefined;
}

/** A tag that does not mean what is locked any more. */
export interface MovedTag {
  readonly image: string;
  readonly locked: string;
  /** What it means now. `undefined` when the registry does not have it any more. */
  readonly now: string | undefined;
  /** Whether the registry still has what is locked. Where not, hosts that do not have it yet cannot start it. */
  readonly isThere: boolean;
}

export interface LockCheck {
  readonly path: string;
  readonly mismatches: readonly Mismatch[];
  readonly moved: readonly MovedTag[];
  /** How many tags mean what is locked. */
  readonly unmoved: number;
  /** Why others could not be asked for. */
  readonly unanswered: readonly OperateError[];
}

type Answer = MovedTag | "unmoved" | Unanswered;

/**
 * Holds the files of a directory, its lock and the registries against each other. Changes nothing.
 *
 * @throws OperateError those of {@link readMentioned} and {@link readLock}
 * @throws ConstructError `bad-lock`
 */
export async function checkLock({ dir, client }: LockCheckRequest): Promise<LockCheck> {
  const [mentioned, { path, lock: found }] = [await readMentioned(dir), await readLock(dir)];
  const lock = found ?? new ImageLock();
  const byName = namedIn(mentioned);
  const mismatches: Mismatch[] = mentioned.open.map(({ file, text }) => ({ kind: "open", image: text, file }));
  if (found === undefined && byName.size > 0) mismatches.push({ kind: "no-lock", image: path });
  for (const [image, mentions] of byName) {
    const locked = lock.images.get(image);
    for (const { file, reference } of mentions) {
      const { digest } = reference;
      if (locked?.digest === digest && digest !== undefined) continue;
      const kind = locked === undefined ? "not-locked" : digest === undefined ? "not-pinned" : "other-digest";
      if (found !== undefined) mismatches.push({ kind, image, file });
    }
  }
  for (const image of lock.images.keys()) if (!byName.has(image)) mismatches.push({ kind: "left-over", image });
  const locked = [...byName].flatMap(([image, [first]]) => {
    const entry = lock.images.get(image);
    return entry === undefined || first === undefined
      ? []
      : [{ image, digest: entry.digest, reference: first.reference }];
  });
  const answers = client === undefined ? [] : await withConcurrency(locked, (one) => answerTo(one, client));
  return {
    path,
    mismatches,
    moved: answers.flatMap((answer) => (answer !== "unmoved" && "locked" in answer ? [answer] : [])),
    unmoved: answers.filter((answer) => answer === "unmoved").length,
    unanswered: grouped(answers.flatMap((answer) => (answer !== "unmoved" && "error" in answer ? [answer] : []))),
  };
}

async function answerTo(
  { image, digest, reference }: { readonly image: string; readonly digest: string; readonly reference: ImageReference },
  client: Pick<RegistryClient, "digest">,
): Promise<Answer> {
  const byTag = await outcomeOf(client.digest({ ...reference, digest: undefined }));
  if (byTag.result === digest) return "unmoved";
  if (byTag.error !== undefined && byTag.error.code !== "unknown-image") return { image, error: byTag.error };
  const byDigest = await outcomeOf(client.digest({ ...reference, digest }));
  if (byDigest.error !== undefined && byDigest.error.code !== "unknown-image") return { image, error: byDigest.error };
  return { image, locked: digest, now: byTag.result, isThere: byDigest.error === undefined };
}
