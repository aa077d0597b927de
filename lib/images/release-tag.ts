/** A git tag that makes a release. Numbers are text: they may be longer than any type for numbers holds. */
export interface ReleaseTag {
  /** The git tag as it stands, such as `v0.7.0-rc.1` or `v0.6`. */
  readonly name: string;
  readonly major: string;
  readonly minor: string;
  /** `0` where the tag has only two parts. */
  readonly patch: string;
  /** What follows the numbers, such as `-rc.1`. Empty for a stable release. */
  readonly preRelease: string;
  /** The version, always with three parts: `0.7.0-rc.1`. */
  readonly version: string;
}

const NUMBER = "(0|[1-9][0-9]*)";
const IDENTIFIER = "(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";

/**
 * What a release tag looks like: `v` and a version of Semantic Versioning 2.0.0 without build metadata, whose `+` no
 * image tag can have; or only the first two numbers, which means X.Y.0. JavaScript and bash read this
 * expression alike. Groups: 1 major, 2 minor, 4 patch, 5 pre-release with its `-`.
 */
export const RELEASE_TAG = `^v${NUMBER}[.]${NUMBER}([.]${NUMBER})?(-${IDENTIFIER}([.]${IDENTIFIER})*)?$`;

/** The longest tag that an image can have. Source: OCI Distribution Specification, "Pulling manifests". */
export const LONGEST_TAG = 128;

const PATTERN = new RegExp(RELEASE_TAG);

/** Reads a git tag. `undefined` for one that makes no release, or none that an image could be tagged with. */
export function readReleaseTag(name: string): ReleaseTag | undefined {
  const [, major, minor, , patch = "0", preRelease = ""] = PATTERN.exec(name) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const version = `${major}.${minor}.${patch}${preRelease}`;
  if (name.length > LONGEST_TAG || version.length > LONGEST_TAG) return undefined;
  return { name, major, minor, patch, preRelease, version };
}

/** Whether the numbers of one release are greater than those of another. Pre-releases are not told apart. */
export function isNewer(one: ReleaseTag, other: ReleaseTag): boolean {
  const order =
    compareNumbers(one.major, other.major) ||
    compareNumbers(one.minor, other.minor) ||
    compareNumbers(one.patch, other.patch);
  return order > 0;
}

/** Neither has leading zeros: the longer one is greater, and among equally long ones the order is that of text. */
function compareNumbers(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one === other ? 0 : one > other ? 1 : -1;
}
