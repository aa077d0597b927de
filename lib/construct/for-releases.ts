import type { VersionRange } from "../compose/range";

const SENTENCE = (release: string) => `For Docker Compose ${release} and newer.`;
const SAID = new RegExp(`^# ${SENTENCE("(\\d+(?:\\.\\d+)+)").replace(/\.$/, "\\.")}$`, "m");

/** What the top of a Compose file says of the releases that it is for. */
export function forReleases({ from }: VersionRange): string {
  return SENTENCE(from);
}

/** The oldest release that a Compose file says it is for; undefined when it says none. */
export function oldestReleaseOf(text: string): string | undefined {
  return SAID.exec(text)?.[1];
}
