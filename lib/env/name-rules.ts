import { SECRET_FORMS } from "../construct/secret-form";
import { nearest } from "../spec/nearest";
import { overlaysThatNeed, type RetiredVar } from "./contract";
import { type EnvProblem, envProblem } from "./problem";
import type { EnvReading } from "./reading";

/** Finds problems of one kind. */
export type EnvRule = (reading: EnvReading) => Iterable<EnvProblem>;

const QUOTE = "put the value into single quotes: NAME='value'";
/** What Docker itself reads from an `.env`. */
export const COMPOSES_OWN = /^(?:COMPOSE|DOCKER|BUILDKIT|BUILDX)_/;
/** What Compose itself reads, as its documentation lists it. A name close to one of them is a slip. */
const COMPOSE_SETTINGS = [
  ..."ANSI BAKE CONVERT_WINDOWS_PATHS DISABLE_ENV_FILE ENV_FILES EXPERIMENTAL FILE IGNORE_ORPHANS MENU".split(" "),
  ..."PARALLEL_LIMIT PATH_SEPARATOR PROFILES PROGRESS PROJECT_NAME REMOVE_ORPHANS STATUS_STDOUT".split(" "),
].map((name) => `COMPOSE_${name}`);

/** Rules about lines and names. */
export const NAME_RULES: readonly EnvRule[] = [
  malformedLines,
  loneNames,
  duplicateLines,
  dollars,
  otherFiles,
  missingValues,
  formerNames,
  unreadNames,
];

function* malformedLines({ file }: EnvReading): Generator<EnvProblem> {
  for (const line of file.malformed) {
    const reason = "is not NAME=value, with letters, digits and _ in the name and every quote closed";
    yield envProblem("malformed-line", "error", { name: "", line }, reason, `correct the line, or ${QUOTE}`);
  }
}

function* loneNames(reading: EnvReading): Generator<EnvProblem> {
  for (const { name, line, style } of reading.file.entries) {
    if (style !== "inherited" || reading.file.value(name) !== undefined) continue;
    const variable = reading.variables.get(name);
    if (variable?.required === true && reading.isUsed(variable) && !reading.settings.has(name)) continue;
    const at = { name: reading.isRead(name) ? name : "", line };
    yield envProblem("no-value", "warning", at, "has no = and sets nothing", "write NAME=value, or remove the line");
  }
}

function* duplicateLines(reading: EnvReading): Generator<EnvProblem> {
  const first = new Map<string, number>();
  for (const { name, line, style } of reading.file.entries) {
    if (name === "" || style === "inherited") continue;
    const earlier = first.get(name);
    first.set(name, earlier ?? line);
    if (earlier === undefined) continue;
    const reason = `is set on line ${earlier} already, and only the last one counts`;
    yield envProblem("duplicate-line", "warning", { name: reading.shown(name), line }, reason, "keep one of the lines");
  }
}

/** What Compose does with a `$` outside of single quotes. The name behind it may be part of a secret: it is not shown. */
function* dollars(reading: EnvReading): Generator<EnvProblem> {
  for (const { name, line, dollar } of reading.file.entries) {
    const at = { name: reading.shown(name), line };
    const secret = reading.variables.get(name)?.secret ?? false;
    if (dollar === "unreadable") {
      const reason = "has a $ from which Compose can make no variable: it refuses the whole file";
      yield envProblem("dollar", "error", at, reason, QUOTE);
    } else if (dollar === "unset" && reading.isRead(name)) {
      const reason = "has a $ with a name behind it that has no value: Compose leaves that part out";
      yield envProblem("dollar", secret ? "error" : "warning", at, reason, QUOTE);
    } else if (dollar === "doubled" && secret) {
      yield envProblem("dollar", "warning", at, "has $$, of which Compose makes one $", QUOTE);
    }
  }
}

function* otherFiles({ namesOtherFiles, contract }: EnvReading): Generator<EnvProblem> {
  if (!namesOtherFiles) return;
  const names = contract.files.map(({ fileName }) => fileName).join(", ");
  const reason = "names no file of this deployment, so that everything it has was checked";
  yield envProblem("unknown-files", "warning", { name: "COMPOSE_FILE" }, reason, `name those that you use of ${names}`);
}

function* missingValues(reading: EnvReading): Generator<EnvProblem> {
  for (const variable of reading.contract.variables) {
    const { name, meaning, required, secret, form = "hex" } = variable;
    if (!required || !reading.isUsed(variable) || reading.settings.has(name) || reading.file.isUnreadable(name))
      continue;
    const overlays = overlaysThatNeed(variable, reading.contract.files);
    const names =
      reading.file.value("COMPOSE_FILE") === undefined
        ? "name in COMPOSE_FILE only what you run, without"
        : "leave out of COMPOSE_FILE";
    const without = overlays.length === 0 ? "" : `, or ${names} ${overlays.join(", ")}`;
    const random = secret ? `, a random one with: ${SECRET_FORMS[form].command}` : "";
    const empty = reading.file.value(name) !== undefined;
    const reason = `is required and ${empty ? "empty" : "not set"}: ${meaning}`;
    yield envProblem(empty ? "empty" : "missing", "error", reading.at(name), reason, `set it${random}${without}`);
  }
}

function* formerNames(reading: EnvReading): Generator<EnvProblem> {
  for (const { variable, source, value } of reading.settings.values()) {
    const { name, required, secret } = variable;
    for (const former of reading.formerNamesOf(variable)) {
      const other = reading.file.value(former) ?? "";
      if (other === "") continue;
      const at = reading.at(former);
      if (former === source && required) {
        const reason = `is a former name of ${name}, which is required under its new name`;
        yield envProblem("former-name", reading.severityFor(variable), at, reason, `rename it to ${name}`);
      } else if (former === source) {
        // Of a line without effect that is said: under its new name it would have none, either.
        if (reading.removersOf(variable).length > 0) continue;
        const reason = `is a former name of ${name}; it still counts, for the time being`;
        yield envProblem("former-name", "warning", at, reason, `rename it to ${name}`);
      } else if (other === value) {
        yield envProblem(
          "former-name",
          "warning",
          at,
          `is a former name of ${source}, which is set too`,
          "remove the line",
        );
      } else {
        const reason = `is another name of ${source}, and the two have different values: only ${source} counts`;
        const fix = `keep ${name}, with the value that is in use now`;
        yield envProblem("names-differ", secret ? reading.severityFor(variable) : "warning", at, reason, fix);
      }
    }
  }
}

function* unreadNames(reading: EnvReading): Generator<EnvProblem> {
  const seen = new Set<string>();
  const known = [...reading.variables.keys()];
  for (const { name, line, style } of reading.file.entries) {
    if (name === "" || style === "inherited" || seen.has(name) || reading.isRead(name)) continue;
    seen.add(name);
    const retired = reading.retired.get(name);
    if (retired !== undefined) {
      yield retiredName(reading, retired);
      continue;
    }
    const leftOut = reading.contract.leftOut?.find((one) => isNamed(name, one.name));
    // Of a name that only looks like others it is not known that it means something: it can be a slip.
    if (leftOut !== undefined && (leftOut.name === name || nearest(name, known) === undefined)) {
      const why = `is a name that these files do not pass on: ${leftOut.reason}`;
      const fix =
        leftOut.isKept === true
          ? "keep the line, if what reads it has ever run here: its data need the same value again; otherwise remove it"
          : "remove the line, or pass it in a file of your own";
      yield envProblem("left-out", "warning", reading.at(name), why, fix);
      continue;
    }
    const own = COMPOSES_OWN.test(name);
    const meant = own && COMPOSE_SETTINGS.includes(name) ? undefined : nearest(name, own ? COMPOSE_SETTINGS : known);
    if (own && meant === undefined) continue;
    const at = { name: meant === undefined ? reading.shown(name) : name, line };
    const fix = meant === undefined ? "correct the name, or remove the line" : `did you mean ${meant}?`;
    yield envProblem("unknown-name", "warning", at, "is a name that nothing reads", fix);
  }
}

/** Whether a name is the one, or one of those that a `*` at its end stands for. */
export function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function retiredName(
  reading: EnvReading,
  { name, reason, replacedBy, harmlessValue, otherwise }: RetiredVar,
): EnvProblem {
  const at = reading.at(name);
  const value = reading.file.value(name) ?? "";
  const because = `is not read any more: ${reason}`;
  if (replacedBy !== undefined && value !== "" && !reading.settings.has(replacedBy)) {
    return envProblem("retired-value", "error", at, because, `rename it to ${replacedBy}`);
  }
  if (harmlessValue !== undefined && value !== "" && withoutSlash(value) !== withoutSlash(harmlessValue)) {
    const fix = `remove the line, if ${harmlessValue} is right for you: it holds whatever stands here${otherwise === undefined ? "" : `; ${otherwise}`}`;
    return envProblem("retired-value", "error", at, because, fix);
  }
  return envProblem("retired-name", "warning", at, because, "remove the line");
}

function withoutSlash(text: string): string {
  return text.replace(/\/$/, "");
}
