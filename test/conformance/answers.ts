import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Version } from "../../lib/compose";
import type { Answer, Recorded } from "./case";

const RECORDED = new URL("recorded/", import.meta.url);
const CHANGED = new URL("changed/", import.meta.url);

export interface Group {
  readonly name: string;
  readonly compose: string;
  readonly cases: readonly Recorded[];
}

/** The answers of a newer Compose where they are not those of 2.40: group → case → answer. */
export interface Changed {
  readonly compose: Version;
  /** What recorded them. */
  readonly command: string;
  readonly answers: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
}

/** All questions with the answers of Compose 2.40. */
export function recordedGroups(): readonly Group[] {
  return readdirSync(fileURLToPath(RECORDED)).map((file) => ({
    name: file.replace(/\.json$/, ""),
    ...JSON.parse(readFileSync(new URL(file, RECORDED), "utf8")),
  }));
}

/** The newer versions that were asked. */
export function changedVersions(): readonly Changed[] {
  return readdirSync(fileURLToPath(CHANGED)).map((file) => JSON.parse(readFileSync(new URL(file, CHANGED), "utf8")));
}

export function pathOfChanged(version: Version): string {
  return fileURLToPath(new URL(`${version}.json`, CHANGED));
}

/** Whether two answers are the same to the byte; the order of warnings is Compose's own choice. */
export function isSame(a: Answer, b: Answer): boolean {
  const warnings = (answer: Answer) => [...answer.warnings].sort().join("\n");
  return a.output === b.output && a.error === b.error && warnings(a) === warnings(b);
}
