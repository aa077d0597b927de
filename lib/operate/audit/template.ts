import { parseDotenv } from "../../compose/dotenv/dotenv";
import { references } from "../../compose/template/interpolate";
import type { RenderedFile } from "../../construct/synth/rendered-file";
import { COMPOSES_OWN } from "../../env/name-rules";
import { isAlike, isGuess, isPlaceholder } from "../../env/secret";
import { isSecretName } from "../../env/secret-name";
import { PUBLIC_SECRETS } from "../../lamb/facts/public-secrets";
import { environmentOf } from "../../policy/service-view";
import type { Finding } from "../../report/finding";
import type { ComposeValue } from "../../spec";
import { mapOf } from "../../spec/value";
import type { AuditedFile } from "./audit";

/** A name that a template gives, with a value or as a comment to be taken in. */
interface Entry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  readonly isActive: boolean;
}

/** How files take a variable. */
interface Mentions {
  /** Named at all, also only as the default of another one. */
  readonly any: ReadonlySet<string>;
  /** Named by themselves. */
  readonly direct: ReadonlySet<string>;
  /** Without a value Compose stops. */
  readonly demanded: ReadonlySet<string>;
}

const COMMENTED = /^#[ \t]?([A-Z][A-Z0-9_]*)=(.*)$/;

/** What is wrong with a template of an `.env`, seen from the Compose files that read it. No value is shown. */
export function* templateFindings({ path, text }: AuditedFile, files: readonly RenderedFile[]): Generator<Finding> {
  const entries = entriesOf(text);
  const mentions = mentionsIn(files);
  const finding = (
    entry: Pick<Entry, "name" | "line"> | string,
    rest: Omit<Finding, "construct" | "file">,
  ): Finding => {
    const place = typeof entry === "string" ? {} : { path: `line ${entry.line}` };
    return { ...rest, construct: "", file: path, ...place, value: typeof entry === "string" ? entry : entry.name };
  };
  yield* duplicates(entries, finding);
  for (const entry of entries) {
    const { name, value, isActive } = entry;
    if (!isPublic(name, value)) continue;
    yield finding(entry, {
      code: isSecretName(name) ? "template-public-secret" : "template-placeholder",
      severity: isActive && isSecretName(name) ? "error" : "warning",
      reason: `gives ${isSecretName(name) ? "a secret" : "a value"} that is likely to stay in copies of the template, and that everybody knows`,
      fix: "leave the value empty, and let Compose demand it with `${NAME:?…}`",
    });
  }
  if (files.length === 0) return;
  const given = new Set(entries.map(({ name }) => name));
  const reported = new Set<string>();
  for (const entry of entries) {
    if (mentions.any.has(entry.name) || COMPOSES_OWN.test(entry.name) || reported.has(entry.name)) continue;
    reported.add(entry.name);
    yield finding(entry, {
      code: "template-unused-variable",
      severity: "warning",
      reason: "is in the template, and no Compose file reads it: setting it changes nothing",
      fix: "pass it to the service that needs it, or remove it from the template",
    });
  }
  for (const name of mentions.direct) {
    if (given.has(name) || COMPOSES_OWN.test(name)) continue;
    const demanded = mentions.demanded.has(name);
    yield finding(name, {
      code: "template-lacks-variable",
      severity: demanded ? "error" : "warning",
      reason: demanded
        ? "is required by the Compose files, and the template does not have it: its copy does not start"
        : "is read by the Compose files, and the template does not have it: operators do not learn of it",
      fix: "add it to the template",
    });
  }
}

function* duplicates(
  entries: readonly Entry[],
  finding: (entry: Entry, rest: Omit<Finding, "construct" | "file">) => Finding,
): Generator<Finding> {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const earlier = first.get(entry.name);
    if (earlier === undefined) first.set(entry.name, entry);
    else {
      yield finding(entry, {
        code: "template-duplicate",
        severity: "warning",
        reason: `is in the template on line ${earlier.line} already, and only the last one counts`,
        fix: "keep one of the lines",
      });
    }
  }
}

function isPublic(name: string, value: string): boolean {
  if (value === "") return false;
  if (!isSecretName(name)) return isPlaceholder(value);
  return isPlaceholder(value) || isGuess(value) || PUBLIC_SECRETS.some((known) => isAlike(known, value));
}

function entriesOf(text: string): readonly Entry[] {
  const active = parseDotenv(text, { lookup: () => "" }).entries.map(({ name, value, line }) => {
    return { name, value, line, isActive: true };
  });
  const commented = text.split("\n").flatMap((line, index): readonly Entry[] => {
    const [, name, value = ""] = COMMENTED.exec(line.trimEnd()) ?? [];
    return name === undefined ? [] : [{ name, value, line: index + 1, isActive: false }];
  });
  return [...active, ...commented].toSorted((one, other) => one.line - other.line);
}

function mentionsIn(files: readonly RenderedFile[]): Mentions {
  const [any, direct, demanded] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { document } of files) {
    for (const text of textsIn(document)) {
      for (const { name, operator, depth } of references(text).references) {
        any.add(name);
        if (depth === 0) direct.add(name);
        if (operator?.endsWith("?")) demanded.add(name);
      }
    }
    for (const service of Object.values(mapOf(document.services))) {
      for (const { name, value } of environmentOf({ spec: mapOf(service) })) {
        if (value !== null && value !== undefined) continue;
        any.add(name);
        direct.add(name);
      }
    }
  }
  return { any, direct, demanded };
}

/** Every text of a document. */
function* textsIn(document: ComposeValue): Generator<string> {
  const open: ComposeValue[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string" && next.includes("$")) yield next;
    else if (typeof next === "object" && next !== null) {
      for (const value of [...Object.values(next)].reverse()) open.push(value);
    }
  }
}
