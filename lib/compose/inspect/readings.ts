import { type ComposeMap, type ComposeValue, isList, isMap } from "../../spec/value";
import { ComposeError, type ComposeErrorCode } from "../error";
import type { FileInput, TreeInput } from "../loader/files";
import { type Project, resolve } from "../project";
import { parseRange, STANDARD_RANGE, type VersionRange } from "../range";
import type { ResolveOptions } from "../resolve";
import { behaviourOf, compareVersions, releases, STANDARD, turningPoints, type Version } from "../version";
import { diff, type FieldChange } from "./diff";

/** What releases that follow each other make of the same files. */
export interface Reading {
  /** The first and the last release that read them so. */
  readonly from: Version;
  readonly to: Version;
  /** The project as `config --format json` prints it; absent when these releases refuse the files. */
  readonly json?: string;
  /** Why they refuse them. */
  readonly error?: string;
  /** The stage that refuses them. */
  readonly code?: ComposeErrorCode;
  /** What they read differently from the releases before. Empty in the first reading, and before or after a refusal. */
  readonly changes: readonly FieldChange[];
}

/** What the readings of files by several releases take beside the files. */
export interface ReadingOptions extends ResolveOptions {
  /** What the first release of the range makes of the files, when that is known; the readings are then not printed. */
  readonly first?: Project;
}

interface Read {
  readonly reading: Pick<Reading, "json" | "error" | "code">;
  readonly project?: Project;
  /** Whether a bind mount that says nothing of it has the host's path created. */
  readonly createsPaths: boolean;
}

function read(files: readonly (FileInput | TreeInput)[], options: ReadingOptions): Read {
  try {
    return readingOf(resolve(files, options), options);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return { reading: { error: error.message, code: error.code }, createsPaths: false };
  }
}

function readingOf(project: Project, { first, compose = STANDARD }: ReadingOptions): Read {
  const createsPaths = behaviourOf(compose).does("printsRefusedPath");
  return { reading: first === undefined ? { json: project.toJson() } : {}, project, createsPaths };
}

/** Keys of networks and services that only newer releases print. Older ones obey them, or print them elsewhere. */
const PRINTED_LATER: ReadonlySet<string> = new Set(["ipam", "label_file"]);

/** Whether a key of a value at `keys` does not count. */
function isPassedOver(key: string, keys: readonly string[]): boolean {
  return keys.length === 2 && PRINTED_LATER.has(key);
}

/** Whether a value at `keys` is the `bind` of a mount: some releases leave out what is true there, others what is not. */
function isBind(keys: readonly string[]): boolean {
  return keys.at(-1) === "bind" && keys.at(-3) === "volumes";
}

/** The project without what releases print in different ways and take for the same. */
function meaningOf(project: Project, createsPaths: boolean): Project {
  const told = (value: ComposeValue, keys: readonly string[]): ComposeValue => {
    if (isList(value)) return value.map((item) => told(item, [...keys, "[]"]));
    if (!isMap(value)) return value;
    const entries = Object.entries(value).filter(([key]) => !isPassedOver(key, keys));
    const inside = Object.fromEntries(entries.map(([key, inner]) => [key, told(inner, [...keys, key])]));
    return isBind(keys) ? { create_host_path: createsPaths, ...inside } : inside;
  };
  const model = told(project.model, []);
  return isMap(model) ? { ...project, model } : project;
}

/** Whether two projects have one meaning, without a copy of either: almost all have. */
function meanAlike(before: Project, after: Project, createsPaths: readonly [before: boolean, after: boolean]): boolean {
  const keys: string[] = [];
  const alike = (one: ComposeValue, other: ComposeValue): boolean => {
    if (isList(one))
      return isList(other) && one.length === other.length && one.every((item, at) => below("[]", item, other[at]));
    if (!isMap(one) || !isMap(other)) return one === other;
    const [defaultOfOne, defaultOfOther] = isBind(keys) ? createsPaths : [undefined, undefined];
    const valueIn = (map: ComposeMap, key: string, given: boolean | undefined) =>
      Object.hasOwn(map, key) ? map[key] : key === "create_host_path" ? given : undefined;
    for (const key of Object.keys(one)) {
      if (!isPassedOver(key, keys) && !below(key, one[key], valueIn(other, key, defaultOfOther))) return false;
    }
    for (const key of Object.keys(other)) {
      if (Object.hasOwn(one, key) || isPassedOver(key, keys)) continue;
      if (!below(key, valueIn(one, key, defaultOfOne), other[key])) return false;
    }
    return (
      Object.hasOwn(one, "create_host_path") ||
      Object.hasOwn(other, "create_host_path") ||
      defaultOfOne === defaultOfOther
    );
  };
  const below = (key: string, one: ComposeValue | undefined, other: ComposeValue | undefined): boolean => {
    if (one === undefined || other === undefined) return one === other;
    keys.push(key);
    const result = alike(one, other);
    keys.pop();
    return result;
  };
  return alike(before.model, after.model);
}

/** Where the meanings of two projects differ. `undefined` when they do not. */
function changesBetween(before: Read, after: Read): readonly FieldChange[] | undefined {
  if (before.project === undefined || after.project === undefined)
    return before.project === after.project ? undefined : [];
  if (meanAlike(before.project, after.project, [before.createsPaths, after.createsPaths])) return undefined;
  return diff(meaningOf(before.project, before.createsPaths), meaningOf(after.project, after.createsPaths)).changes;
}

/**
 * How releases from 2.40 to the newest, or of another range, read the same files, oldest first: one reading when all of
 * them mean the same. Refusals count as one reading, whatever their words. Where the first and the last release agree,
 * those between them are taken to do so, too.
 */
export function readings(
  files: readonly (FileInput | TreeInput)[],
  options: Omit<ReadingOptions, "compose"> = {},
  range: VersionRange = parseRange(STANDARD_RANGE),
): Reading[] {
  const within = turningPoints().filter(
    (release) => compareVersions(release, range.from) > 0 && compareVersions(release, range.to) <= 0,
  );
  const oldest = { ...options, compose: range.from };
  const first = options.first === undefined ? read(files, oldest) : readingOf(options.first, oldest);
  const last = read(files, { ...options, compose: range.to });
  const between = changesBetween(first, last) === undefined ? [] : within;
  const found: Omit<Reading, "to">[] = [{ from: range.from, ...first.reading, changes: [] }];
  let before = first;
  for (const from of between) {
    const now = read(files, { ...options, compose: from });
    const changes = changesBetween(before, now);
    if (changes !== undefined) found.push({ from, ...now.reading, changes });
    before = now;
  }
  const ends = found.slice(1).map(({ from }) => releases().findLast((release) => compareVersions(release, from) < 0));
  return found.map((reading, index) => ({ ...reading, to: ends[index] ?? range.to }));
}
