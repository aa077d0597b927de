import { QuotingError } from "../report/errors";
import { ComposeError } from "./error";

/** A version of Docker Compose: a release line (`5.6`, its newest release) or one release of it (`5.5.1`). */
export type Version = `${number}.${number}` | `${number}.${number}.${number}`;

/** The first and the last release of each line that this room can be like, oldest first. */
const LINES = [
  ["2.24", 4, 7],
  ["2.25", 0, 0],
  ["2.26", 0, 1],
  ["2.27", 0, 3],
  ["2.28", 0, 1],
  ["2.29", 0, 7],
  ["2.30", 0, 3],
  ["2.31", 0, 0],
  ["2.32", 0, 4],
  ["2.33", 0, 1],
  ["2.34", 0, 0],
  ["2.35", 0, 1],
  ["2.36", 0, 2],
  ["2.37", 0, 3],
  ["2.38", 0, 2],
  ["2.39", 0, 4],
  ["2.40", 0, 3],
  ["5.0", 0, 2],
  ["5.1", 0, 4],
  ["5.2", 0, 0],
  ["5.3", 0, 1],
  ["5.4", 0, 0],
  ["5.5", 0, 1],
  ["5.6", 0, 0],
  ["5.7", 0, 1],
] as const satisfies readonly (readonly [line: Version, first: number, last: number])[];

/** What a later Compose does differently, point by point: name → the first release that does it. */
const SINCE = {
  /** What an included and the including file both declare is merged; otherwise it must be the same. */
  mergeIncluded: "5.0.0",
  /** `env_file: /dev/null` of an include is no file. */
  ignoresNullDevice: "5.0.0",
  /** `depends_on.*.required` and `.restart` take the words for booleans. */
  castsDependencies: "5.0.0",
  /** Of `bind.create_host_path` only `false` is printed. */
  printsRefusedPath: "5.0.0",
  /** An empty list of the untyped model stays a list in JSON. */
  keepsEmptyLists: "5.0.0",
  /** The reader of ports takes an address of IPv6 without brackets, refuses two protocols, and has other words. */
  newPortReader: "5.0.0",
  /** A date is no mistake of the schema: what takes a text of any kind takes it. */
  takesDates: "5.0.0",
  /** Pools of addresses that merge to none are no list. */
  refusesEmptyPools: "5.0.0",
  /** `--no-env-resolution` is obeyed, and an `env_file` is a mapping in JSON, whether it has to be there or not. */
  leavesEnvFiles: "5.0.0",
  /** YAML gets single quotes where only older readers need any, and `<<` gets them too. */
  quotesSingly: "5.0.0",
  /** A default or message behind a variable is expanded only when it is used. */
  lazyOperands: "5.0.2",
  /** A bind mount with settings of its own creates its path unless they say otherwise. */
  bindCreatesPath: "5.0.2",
  /** `include` comes before `extends`, so that an included service can be extended. */
  includeFirst: "5.2.0",
  /** A `!reset` inside an anchor holds wherever the anchor is used, not only at the first place. */
  resetEveryAlias: "5.2.0",
  /** A mistake in a value of YAML is told with the line where its document begins. */
  wrapsYamlErrors: "5.0.0",
  /** Names of anchors have all signs but brackets, commas and colons; `?` inside a word between brackets is part of it. */
  takesMoreSigns: "5.0.0",
  /** A key without `:` on its line is a mistake only where the next one begins; `:` before a word in a list is part of it. */
  keepsKeysOpen: "5.1.0",
  /** A mistake in YAML is told with what was being read, and with both places. */
  namesYamlPlaces: "5.1.0",
  /** A tag ends at `,`, `[` and `]`, and has to end with a blank. */
  refusesSignsInTags: "5.1.0",
  /** A mistake in YAML is told with the part of the reader that found it, and `...` may stand before the first document. */
  namesYamlStage: "5.3.0",
  /** A value behind the tag `!` alone is a text. */
  readsTaggedAsText: "5.0.0",
  /** A text of digits with a sign is a size. */
  signedSizes: "5.2.0",
  /** `ipam.options` of a network is printed. */
  printsIpamOptions: "5.2.0",
  /** A `pre_start` step has the image of its service unless it names one. */
  inheritsStepImage: "5.3.0",
  /** All mistakes of variables are told, in order of their places. */
  tellsAllVariables: "5.4.0",
  /** `label_file` stays beside the labels that were read from it. */
  keepsLabelFiles: "5.4.0",
  /** A soft and a hard limit of one file go together with those of another. */
  mergesLimits: "5.5.1",
  /** A list takes no item that it has already, word for word, from a later file. */
  appendsOnlyNew: "5.5.1",
  /** What an including and an included file both have, and is the same, is left as it is. */
  skipsSameIncluded: "5.5.1",
  /** A variable is required when any use of it is, and has the first default. */
  joinsUses: "5.5.1",
  /** A Compose file that cannot be read is named as such. */
  namesBadFile: "5.5.1",
  /** Labels of volumes, secrets and configs merge whichever way they are written. */
  mergesAllLabels: "5.6.0",
  /** A key of a service that is not known is a mistake of its own, not one of the service. */
  blamesUnknownKeys: "5.6.0",
  /** In a list without repeats, a number is not the same as a text that reads like it. */
  tellsNumbersFromTexts: "5.6.0",
  /** Without interpolation a limit of `ulimits` may be a variable. */
  leavesLimitText: "5.6.0",
  /**
   * Jobs, and steps of `pre_start` that have all of a container: a service has its own attributes first, then those that
   * it shares with them.
   */
  sharesContainerKeys: "5.6.0",
  /** A warning names what only Swarm heeds. */
  tellsUnheeded: "5.6.0",
  /** `x-develop` and `x-initialSync` are the keys that the specification has for them. */
  adoptsExtensions: "5.6.0",
  /** `depends_on`, `networks` or `models` without a value is empty; the two releases before refuse it after a file with names. */
  takesNoNames: "5.6.0",
  /** In lists of `KEY=value`, the item of a later file takes the place of the first one with its key. */
  mergesByKey: "5.6.0",
  /** Steps of `pre_start` get the variables and labels of their files. */
  fillsSteps: "5.7.0",
  /** `umask` of a container and `use_service_name_alias` of its networks. */
  masksFiles: "5.7.0",
  /** A mistake in YAML is told with the line that it stands on. */
  namesYamlLine: "5.7.1",
  /**
   * More texts are YAML, and some are none: a key may be nothing, a tag ends at brackets, a document after `...` needs no
   * `---`, and anchors end with their document; a comment has a blank before it.
   */
  readsNewerYaml: "5.7.1",
  /** A file in which nearly all values are behind aliases is refused. */
  countsAliases: "5.7.1",
  /** YAML gets double quotes again where only older readers need any. */
  quotesDoubly: "5.7.1",
} as const satisfies Readonly<Record<string, Version>>;

/** A point in which versions differ. */
export type Point = keyof typeof SINCE;

/** What one version does, of the points in which versions differ. */
export interface Behaviour {
  /** The release: `5.6.0`. */
  readonly release: Version;
  readonly does: (point: Point) => boolean;
  /**
   * Does a step that may refuse its value. Where every refusal is asked for, it is noted, and `instead` is the result.
   *
   * @throws ComposeError the refusal, where the first one is all that is asked for
   * @internal
   */
  readonly attempt: <Result>(work: () => Result, instead: Result) => Result;
  /**
   * Notes a refusal that the work can go on after, or throws it.
   *
   * @internal
   */
  readonly refuse: (error: ComposeError) => void;
}

/** The oldest release of Docker Compose that is known. */
export const OLDEST: Version = "2.24.4";
/** The release of Docker Compose whose answers are given when none is named. */
export const STANDARD: Version = "2.40";
/** The newest release of Docker Compose that is known. */
export const NEWEST: Version = "5.7";

/** Every release, oldest first. */
export function releases(): readonly Version[] {
  return LINES.flatMap(([line, first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i): Version => `${line}.${first + i}`),
  );
}

/** The releases that do something differently than the one before, oldest first. */
export function turningPoints(): readonly Version[] {
  return [...new Set<Version>(Object.values(SINCE))].sort(compareVersions);
}

const POINTS: readonly Point[] = Object.keys(SINCE).filter((key): key is Point => key in SINCE);
const KNOWN_POINTS = new Map<Version, ReadonlySet<Point>>();

/** What a release does of the points in which versions differ. */
function pointsOf(release: Version): ReadonlySet<Point> {
  const known = KNOWN_POINTS.get(release);
  if (known !== undefined) return known;
  const points = new Set(POINTS.filter((point) => compareVersions(release, SINCE[point]) >= 0));
  KNOWN_POINTS.set(release, points);
  return points;
}

/** The points in which one release differs from an older one. */
export function pointsBetween(from: Version, to: Version): readonly Point[] {
  const before = pointsOf(from);
  return [...pointsOf(to)].filter((point) => !before.has(point));
}

/** A version that no release has. */
export class VersionError extends QuotingError {
  override readonly name = "VersionError";
}

function numbers(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return [major, minor, patch];
}

/** Negative when `a` is older than `b`. A line alone counts as its first release. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

function nearest(version: string): string {
  const all = releases();
  const after = all.find((release) => compareVersions(release, version) > 0);
  const before = all.findLast((release) => compareVersions(release, version) < 0);
  return [before, after].filter((release) => release !== undefined).join(" and ");
}

/**
 * The release that a text means: `5.6` is the newest of its line; a leading `v` is allowed, as in tags.
 *
 * @throws VersionError with the nearest releases when there is no such release.
 */
export function releaseOf(version: string): Version {
  const text = version.replace(/^v/, "");
  const line = LINES.find(([name]) => name === text);
  if (line !== undefined) return `${line[0]}.${line[2]}`;
  const release = releases().find((known) => known === text);
  if (release !== undefined) return release;
  if (!/^\d+(?:\.\d+){0,2}$/.test(text)) {
    throw new VersionError(`"${version}" is not a version of Docker Compose: write it as in "${NEWEST}" or "2.40.3"`);
  }
  throw new VersionError(`Docker Compose ${text} is not known here: the nearest are ${nearest(text)}`);
}

/** The same version, whose refusals are noted elsewhere. */
export function noting(behaviour: Behaviour, refusals: ComposeError[]): Behaviour {
  return { ...behaviour, ...attempts(refusals) };
}

/**
 * What a version does.
 *
 * @param refusals where every refusal is noted; without it, the first one is thrown
 * @throws VersionError
 */
export function behaviourOf(version: Version, refusals?: ComposeError[]): Behaviour {
  const release = releaseOf(version);
  const points = pointsOf(release);
  return { release, does: (point) => points.has(point), ...attempts(refusals) };
}

function attempts(refusals: ComposeError[] | undefined): Pick<Behaviour, "attempt" | "refuse"> {
  return {
    attempt: (work, instead) => {
      try {
        return work();
      } catch (error) {
        if (refusals === undefined || !(error instanceof ComposeError)) throw error;
        refusals.push(error);
        return instead;
      }
    },
    refuse: (error) => {
      if (refusals === undefined) throw error;
      refusals.push(error);
    },
  };
}
