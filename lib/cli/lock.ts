import type { Command } from "commander";
import type { LockCheck, MovedTag } from "../operate/lock/check";
import type { LockChange, LockResult } from "../operate/lock/update";
import { shellWord } from "../report/shell-word";
import { collect } from "./env-plan";
import { DIR } from "./options";
import { composeIn, EXIT, say, UsageError, warn } from "./report";

const ABOUT = `
Asks the registries which image each tag means, and keeps the digests in DIR/images.lock.json. A program that writes to
DIR, and lamb-compose init, then name every image by tag and digest: what was locked runs, on every host, until you
decide otherwise. The images are those of the Compose files and Dockerfiles that were written to DIR.

  lock                   adds what the lock lacks, drops what no file names any more, and leaves the rest as it is
  lock --update IMAGE    renews IMAGE, too: a name with its tag, or a repository with all its tags
  lock --update-all      renews all
  lock --check           changes nothing: shows where files and lock differ, and which tags mean another image by now

Exit status of --check: 1 when files and lock differ, or when a registry does not have a locked image any more, which
no new host could start. An image whose name depends on a variable without a default is a difference, too. A tag that
moved is shown and is no failure: what was locked goes on running, and whether to take the new image is yours to decide.
A registry that cannot be reached is shown, and is no failure either: files and lock were compared. With --strict both are
failures.

An image that the files name by digest already is locked with that digest: only an update brings another one.
Registries are asked with the credentials that docker login stored, and as anybody where there are none.`;

interface Words {
  readonly dir: string;
  readonly update?: readonly string[];
  readonly updateAll?: true;
  readonly check?: true;
  readonly offline?: true;
  readonly strict?: true;
}

/** Adds the command that says which image a tag means. */
export function registerLock(program: Command): void {
  program
    .command("lock")
    .description("keep the digests of all images in images.lock.json, so that tags cannot move")
    .option(...DIR)
    .option("--update <IMAGE>", "renew the entry of IMAGE; can be repeated", collect)
    .option("--update-all", "renew every entry")
    .option("--check", "change nothing; compare files, lock and registries")
    .option("--offline", "with --check: ask no registry")
    .option("--strict", "with --check: moved tags and registries that cannot be asked are failures")
    .addHelpText("after", ABOUT)
    .action(lock);
}

async function lock(words: Words): Promise<void> {
  const { dir, update = [], updateAll, check, offline, strict } = words;
  const renews = update.length > 0 || updateAll === true;
  if (check === true && renews) throw new UsageError("--check changes nothing: leave out --update and --update-all");
  if (update.length > 0 && updateAll === true)
    throw new UsageError("--update-all renews every image: leave out --update");
  if (check !== true && offline === true) {
    throw new UsageError("--offline goes with --check: only a registry knows which image a tag means");
  }
  if (check !== true && strict === true) throw new UsageError("--strict goes with --check");
  const { RegistryClient } = await import("../operate/registry/client");
  const client = new RegistryClient({ environment: process.env });
  if (check === true) {
    const { checkLock } = await import("../operate/lock/check");
    await reportCheck(await checkLock({ dir, client: offline === true ? undefined : client }), words);
    return;
  }
  const { updateLock } = await import("../operate/lock/update");
  await reportUpdate(await updateLock({ dir, update: updateAll === true ? "all" : update, client }), dir);
}

const CHANGES: Readonly<Record<LockChange["kind"], ((change: LockChange) => string) | undefined>> = {
  added: ({ after }) => `${short(after?.digest)}  ${after?.platforms.join(", ")}`,
  updated: ({ before, after }) => `${short(before?.digest)} → ${short(after?.digest)}  ${after?.platforms.join(", ")}`,
  same: ({ after }) => `${short(after?.digest)}  as before`,
  dropped: () => "no file names it any more",
  kept: undefined,
};

async function reportUpdate(result: LockResult, dir: string): Promise<void> {
  const { formatMismatch } = await import("../operate/lock/mismatch");
  const { path, written, changes, open, stale, files } = result;
  for (const change of changes) {
    const text = CHANGES[change.kind]?.(change);
    if (text !== undefined) say(`${change.kind.padEnd(7)}  ${change.image}  ${text}`.trimEnd());
  }
  if (changes.length === 0) say("no file names an image by a tag: there is nothing to lock");
  const kept = changes.filter(({ kind }) => kind === "kept").length;
  if (kept > 0) say(`${kept} image(s) stay as they were locked`);
  for (const { file, text } of open) warn(formatMismatch({ kind: "open", image: text, file }, "warning"));
  if (written) say(`wrote ${path}`);
  else if (changes.length > 0) say(`${path} is up to date`);
  if (stale.length === 0) {
    if (changes.length > 0) say("the files name the images by these digests");
    return;
  }
  const { CHOICES_FILE } = await import("../operate/deployment");
  const at = dir === "." ? "" : ` --dir ${shellWord(dir)}`;
  say("next:");
  say(
    files.includes(CHOICES_FILE)
      ? `  lamb-compose init${at}`
      : `  the program that wrote ${dir}, again: it names the images by these digests`,
  );
  say(`  ${composeIn(dir)} up -d --wait`);
}

async function reportCheck(check: LockCheck, { offline, strict }: Words): Promise<void> {
  const { formatMismatch } = await import("../operate/lock/mismatch");
  const { path, mismatches, moved, unmoved, unanswered } = check;
  for (const mismatch of mismatches) say(formatMismatch(mismatch));
  for (const tag of moved) say(formatMoved(tag));
  for (const { message } of unanswered) warn(`could not ask: ${message}`);
  if (mismatches.length === 0) say(`the files name every image by the digest in ${path}`);
  else say(`${mismatches.length} difference(s) between the files and ${path}`);
  const asked = moved.length + unmoved;
  if (offline === true || (asked === 0 && unanswered.length > 0)) {
    say("no registry was asked: whether the tags still mean these images was not checked");
  } else if (asked > 0) say(`${unmoved} of ${asked} tag(s) still mean what is locked`);
  const gone = moved.some(({ isThere }) => !isThere);
  const open = moved.length + unanswered.length;
  if (mismatches.length > 0 || gone || (strict === true && open > 0)) process.exitCode = EXIT.failed;
}

function formatMoved({ image, locked, now, isThere }: MovedTag): string {
  const means = now === undefined ? "is gone from the registry" : `means ${short(now)} now`;
  const update = now === undefined ? "" : `; to take the new image: lamb-compose lock --update ${image}`;
  const there = isThere
    ? `the registry still has what is locked${update}`
    : `the registry does not have what is locked any more, so that no new host can start it${update}`;
  return `${isThere ? "moved" : "error gone"} at ${image}\n  the tag ${means}, and ${short(locked)} is locked\n  ${there}`;
}

/** Enough of a digest to tell it from others. */
function short(digest = ""): string {
  return digest.slice(0, "sha256:".length + 12);
}
