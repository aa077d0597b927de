import type { ComposeMap, ComposeValue } from "../../spec/value";
import { ComposeError, type ComposeErrorCode } from "../error";
import type { FileInput, TreeInput } from "../loader/files";
import { type Project, resolve } from "../project";
import { parseRange, STANDARD_RANGE, type VersionRange } from "../range";
import type { ResolveOptions } from "../resolve";
import { compareText } from "../tree/gotext";
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
  /** What they read otherwise than the releases before. None of the first reading, nor next to a refusal. */
  readonly changes: readonly FieldChange[];
}

/** What the readings of files by several releases take beside the files. */
export interface ReadingOptions extends ResolveOptions {
  /** What the first release of the range makes of the files, when that is known; the readings are then not printed. */
  readonly first?: Project;
}

interface Read {
  readonly reading: Pick<Reading, "json" | "error" | "code">;
  /** The project without what releases print differently and mean alike. */
  readonly meaning?: Project;
}

function read(files: readonly (FileInput | TreeInput)[], options: ReadingOptions): Read {
  try {
    return readingOf(resolve(files, options), options);
  } catch (error) {
    if (error instanceof ComposeError) return { reading: { error: error.message, code: error.code } };
    throw error;
  }
}

function readingOf(project: Project, { first, compose = STANDARD }: ReadingOptions): Read {
  const model = meaningOf(project.model, compose);
  return { reading: first === undefined ? { json: project.toJson() } : {}, meaning: { ...project, model } };
}

/** What of a network or a service newer releases print too: it was heeded, or is said elsewhere, before. */
const PRINTED_LATER: ReadonlySet<string> = new Set(["ipam", "label_file"]);

/** A model in which is written out what some releases leave out when it is true, and others when it is not. */
function meaningOf(model: ComposeMap, compose: Version): ComposeMap {
  const standard = behaviourOf(compose).does("printsRefusedPath");
  const told = (value: ComposeValue, keys: readonly string[]): ComposeValue => {
    if (isList(value)) return value.map((item) => told(item, [...keys, "[]"]));
    if (!isMap(value)) return value;
    const entries = Object.entries(value).filter(([key]) => keys.length !== 2 || !PRINTED_LATER.has(key));
    // Releases print keys in different orders.
    const sorted = entries.sort(([a], [b]) => compareText(a, b));
    const inside = Object.fromEntries(sorted.map(([key, inner]) => [key, told(inner, [...keys, key])]));
    return keys.at(-1) === "bind" && keys.at(-3) === "volumes" ? { create_host_path: standard, ...inside } : inside;
  };
  const meaning = told(model, []);
  return isMap(meaning) ? meaning : model;
}

function isMap(value: ComposeValue): value is ComposeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: ComposeValue): value is readonly ComposeValue[] {
  return Array.isArray(value);
}

/** What a project means otherwise than another; undefined when nothing does. */
function changesBetween(before: Read, after: Read): readonly FieldChange[] | undefined {
  if (before.meaning === undefined || after.meaning === undefined)
    return before.meaning === after.meaning ? undefined : [];
  if (JSON.stringify(before.meaning.model) === JSON.stringify(after.meaning.model)) return undefined;
  return diff(before.meaning, after.meaning).changes;
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
