import { compareVersions, NEWEST, releaseOf, releases, STANDARD, type Version, VersionError } from "./version";

/** Releases of Docker Compose, from one to another, both included. */
export interface VersionRange {
  readonly from: Version;
  readonly to: Version;
}

/** From the release that is meant when nobody says another to the newest. */
export const STANDARD_RANGE = `>=${STANDARD}`;

const ONE_SIDE = /^(>=|<=|>|<)?\s*v?(\d+(?:\.\d+){0,2})$/;

/**
 * The releases that a text means: `>=2.40`, `>=5.6 <5.8`, or one line or release alone, as in `2.40`.
 *
 * @throws VersionError for a text of another form, a version that no release has, and a range without any release
 */
export function parseRange(text: string): VersionRange {
  const parts = text.trim().split(/\s+(?=[<>])/);
  let known: readonly Version[] = releases();
  for (const part of parts) {
    const [, operator = "", version = ""] = ONE_SIDE.exec(part) ?? [];
    if (version === "") {
      throw new VersionError(
        `"${text}" is not a range of versions: write it as in ">=${STANDARD}" or ">=5.6 <${NEWEST}"`,
      );
    }
    known = known.filter((release) => holds(release, operator, version));
  }
  const [from] = known;
  const to = known.at(-1);
  if (from === undefined || to === undefined) {
    throw new VersionError(
      `no release of Docker Compose is in "${text}": ${releases()[0]} to ${releaseOf(NEWEST)} are known`,
    );
  }
  return { from, to };
}

function holds(release: Version, operator: string, version: string): boolean {
  const order = compareVersions(release, version);
  // `2.40` is all of its line: a line is not left before its last release.
  const within = release === version || release.startsWith(`${version}.`);
  if (operator === ">=") return order >= 0;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0 || within;
  return operator === ">" ? order > 0 && !within : within;
}
