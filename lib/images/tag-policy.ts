import { isNewer, type ReleaseTag, readReleaseTag } from "./release-tag";

/** What a run of the workflow publishes from. Every other event publishes nothing. */
export type TagSource = "branch" | "release" | "pre-release" | "manual";

/** What a floating tag names the newest of. */
export type Line = "branch" | "minor" | "major" | "all";

/** When a tag comes to name another image: never, when its commit is built again, or with the newest of a line. */
export type TagMoves = "never" | "rebuilt" | Line;

/** A row of the tag policy. */
export interface TagRule {
  /** The tag, with what is filled in in braces: {@link TagFact}. */
  readonly tag: string;
  /** What gives an image this tag. For a tag of a line: only while it is the newest of the line. */
  readonly from: readonly TagSource[];
  readonly moves: TagMoves;
  /** For whom it is. */
  readonly audience: string;
}

/** What a rule can put into a tag: the commit's first twelve digits, the git tag, the version, two of its numbers. */
export type TagFact = "commit" | "git tag" | "version" | "major" | "minor";

/**
 * Which tags images get, from what, and when a tag moves. The workflow, the guide and {@link tagsFor} all come from this
 * table.
 *
 * Only stable releases move the tags of releases. The tag of a commit is the only one of a manual run, whatever it runs on.
 */
export const TAG_POLICY: readonly TagRule[] = [
  {
    tag: "sha-{commit}",
    from: ["branch", "release", "pre-release", "manual"],
    moves: "rebuilt",
    audience: "who looks for the image of a commit: bug reports, trying a branch",
  },
  {
    tag: "{git tag}",
    from: ["release", "pre-release"],
    moves: "never",
    audience: "production: the release, named as git names it",
  },
  {
    tag: "{version}",
    from: ["release", "pre-release"],
    moves: "never",
    audience: "production: the same, for tools that expect a version without `v`",
  },
  {
    tag: "{major}.{minor}",
    from: ["release"],
    moves: "minor",
    audience: "who wants corrections by themselves, and nothing new",
  },
  {
    tag: "{major}",
    from: ["release"],
    moves: "major",
    audience: "who wants everything new that breaks nothing",
  },
  {
    tag: "latest",
    from: ["release"],
    moves: "all",
    audience: "a first look; not for production, where an upgrade is a decision",
  },
  {
    tag: "edge",
    from: ["branch"],
    moves: "branch",
    audience: "developers, and who tries what the next release brings",
  },
];

/** Digits of a commit in its tag. */
export const COMMIT_DIGITS = 12;

/** What made the workflow run. */
export interface BuildEvent {
  /** GitHub's name of the event, such as `push`. */
  readonly name: string;
  /** The full ref that it ran on, such as `refs/tags/v0.7.0`. */
  readonly ref: string;
  /** The commit that was built. */
  readonly commit: string;
}

/** What the repository has at the moment of publishing. */
export interface RepositoryState {
  readonly defaultBranch: string;
  /** The newest commit of the default branch. */
  readonly head: string;
  /** The names of its git tags, in any order. */
  readonly tags: readonly string[];
}

/** A tag that images get. */
export interface ImageTag {
  readonly name: string;
  readonly moves: TagMoves;
}

/** Whether a tag with this movement is a floating one: it follows the newest of a line. */
export function isLine(moves: TagMoves): moves is Line {
  return moves !== "never" && moves !== "rebuilt";
}

/** What an event publishes from. `undefined` when it publishes nothing. */
function originOf({ name, ref }: BuildEvent, { defaultBranch }: RepositoryState): TagSource | undefined {
  if (name === "workflow_dispatch") return "manual";
  if (name !== "push") return undefined;
  if (ref === `refs/heads/${defaultBranch}`) return "branch";
  const release = releaseOf(ref);
  if (release === undefined) return undefined;
  return release.preRelease === "" ? "release" : "pre-release";
}

/**
 * The tags that the images of a run get, in the order of the policy. None for an event that publishes nothing.
 *
 * ```ts
 * tagsFor(
 *   { name: "push", ref: "refs/tags/v0.6.3", commit },
 *   { defaultBranch: "main", head, tags: ["v0.6", "v0.6.3", "v0.7.0"] },
 * ); // sha-…, v0.6.3, 0.6.3, 0.6: 0.7.0 is newer than 0.6.3, so that `0` and `latest` stay where they are
 * ```
 */
export function tagsFor(event: BuildEvent, repository: RepositoryState): readonly ImageTag[] {
  const origin = originOf(event, repository);
  if (origin === undefined) return [];
  const release = origin === "manual" ? undefined : releaseOf(event.ref);
  const stable = repository.tags.flatMap((name) => readReleaseTag(name) ?? []).filter(isStable);
  const facts = tagFacts(event.commit, release);
  const isNewestOf = (line: Line) =>
    line === "branch"
      ? event.commit === repository.head
      : release !== undefined && !stable.some((other) => isInLine(line, other, release) && isNewer(other, release));
  return TAG_POLICY.filter(({ from, moves }) => from.includes(origin) && (!isLine(moves) || isNewestOf(moves))).map(
    ({ tag, moves }) => ({ name: fillTag(tag, (fact) => facts[fact]), moves }),
  );
}

/** What a commit, and the release that it is, put into tags. Nothing for what no release says. */
export function tagFacts(commit: string, release: ReleaseTag | undefined): Readonly<Record<TagFact, string>> {
  const { name = "", version = "", major = "", minor = "" } = release ?? {};
  return { commit: commit.slice(0, COMMIT_DIGITS), "git tag": name, version, major, minor };
}

/** A rule's tag with its facts filled in. */
export function fillTag(tag: string, fill: (fact: TagFact) => string): string {
  return tag.replace(/\{(commit|git tag|version|major|minor)\}/g, (_, fact: TagFact) => fill(fact));
}

const TAGS = "refs/tags/";

function releaseOf(ref: string): ReleaseTag | undefined {
  return ref.startsWith(TAGS) ? readReleaseTag(ref.slice(TAGS.length)) : undefined;
}

function isStable({ preRelease }: ReleaseTag): boolean {
  return preRelease === "";
}

/** Whether two releases share a line. */
function isInLine(line: Exclude<Line, "branch">, one: ReleaseTag, other: ReleaseTag): boolean {
  if (line === "all") return true;
  return one.major === other.major && (line === "major" || one.minor === other.minor);
}
