import { meanSame } from "../construct/env-distinct";
import { SECRET_FORMS } from "../construct/secret-form";
import { visible } from "../report/visible";
import { LINE_BREAK } from "./comment";
import type { EnvContractVariable } from "./contract";
import type { EnvRule } from "./name-rules";
import { type EnvProblem, envProblem } from "./problem";
import type { EnvReading, Setting } from "./reading";
import { isAlike, isGuess, isPlaceholder, isWeak } from "./secret";
import { typeMistake } from "./type";

const random = ({ form = "hex" }: EnvContractVariable) => `set a random one: ${SECRET_FORMS[form].command}`;
/** Shorter texts occur in any sentence. */
const SHORTEST_HIDDEN = 4;

type Refusal = Pick<EnvProblem, "code" | "severity" | "reason">;

/** Rules about values. */
export const VALUE_RULES: readonly EnvRule[] = [
  refusedValues,
  unseenCharacters,
  weakSecrets,
  sharedSecrets,
  sameValues,
  tooLarge,
  withoutEffect,
];

function* refusedValues(reading: EnvReading): Generator<EnvProblem> {
  for (const setting of reading.settings.values()) {
    const refusal = refusalOf(setting, reading);
    if (refusal === undefined) continue;
    const fix = setting.variable.secret ? random(setting.variable) : "set the value of your own deployment";
    yield envProblem(refusal.code, refusal.severity, placeOf(setting), refusal.reason, fix);
  }
}

function refusalOf({ variable, value }: Setting, reading: EnvReading): Refusal | undefined {
  const { secret, required, refused, example } = variable;
  const severity = reading.severityFor(variable);
  if (refused.some((known) => isAlike(known, value))) {
    const reason = secret
      ? "is a value that everybody can look up"
      : "is a value from a template, which must not be used";
    return { code: "public-value", severity, reason };
  }
  if (value === variable.default) return undefined;
  if (isPlaceholder(value) || (secret && example !== undefined && isAlike(example, value))) {
    const reason = "is a placeholder that was never replaced";
    return { code: "placeholder", severity: secret || required ? severity : "warning", reason };
  }
  const reason = "is one of the values that everybody tries first";
  return secret && isGuess(value) ? { code: "public-value", severity, reason } : undefined;
}

/** What comes along when a value is pasted. The first that fits is said. */
const UNSEEN: readonly (readonly [EnvProblem["severity"], (value: string) => boolean, reason: string])[] = [
  ["error", (value) => value.includes("\0"), "has a NUL character in it, which no program can be given"],
  ["warning", (value) => LINE_BREAK.test(value.trim()), "has a line break in it, and programs that want one line fail"],
  ["warning", (value) => visible(value) !== value, "has characters in it that nobody sees"],
  ["warning", (value) => value.trim() !== value, "begins or ends with white space, which is part of it"],
];

function* unseenCharacters(reading: EnvReading): Generator<EnvProblem> {
  for (const setting of reading.settings.values()) {
    const { name } = setting.variable;
    const [severity, , reason] = UNSEEN.find(([, has]) => has(setting.value)) ?? [];
    if (severity === undefined || reason === undefined || refusalOf(setting, reading) !== undefined) continue;
    const fix = `set it without them: \`lamb-compose env set ${name}\``;
    yield envProblem("unseen-characters", severity, placeOf(setting), reason, fix);
  }
}

/** Required secrets are the deployment's own. An optional one is given out by somebody else, who chose its form. */
function* weakSecrets(reading: EnvReading): Generator<EnvProblem> {
  for (const setting of goodSecrets(reading)) {
    if (!setting.variable.required || !isWeak(setting.value)) continue;
    yield envProblem(
      "weak-secret",
      "warning",
      placeOf(setting),
      "is short or simple enough to be guessed",
      random(setting.variable),
    );
  }
}

function* sharedSecrets(reading: EnvReading): Generator<EnvProblem> {
  const first = new Map<string, Setting>();
  for (const setting of goodSecrets(reading)) {
    const earlier = first.get(setting.value);
    if (earlier === undefined) first.set(setting.value, setting);
    else if (earlier.source !== setting.source) {
      const reason = `has the value of ${earlier.source}: who learns one knows the other`;
      yield envProblem("shared-secret", "warning", placeOf(setting), reason, random(setting.variable));
    }
  }
}

/** Two variables with values that mean the same, where they must not. Of two defaults the program knows. */
function* sameValues(reading: EnvReading): Generator<EnvProblem> {
  for (const variable of reading.contract.variables) {
    for (const { name, as, reason } of variable.distinctFrom) {
      const other = reading.variables.get(name);
      const set = reading.settings.get(variable.name) ?? reading.settings.get(name);
      if (other === undefined || set === undefined || !reading.isUsed(variable) || !reading.isUsed(other)) continue;
      const [value, another] = [reading.valueOf(variable), reading.valueOf(other)];
      if (value === undefined || another === undefined || !meanSame(value, another, as)) continue;
      const partner = set.variable === variable ? name : variable.name;
      const same = as === "host" ? "names the same host as" : "is the same as";
      const problem = `${same} ${partner}, and must not: ${reason}`;
      yield envProblem("same-value", "error", { ...placeOf(set), other: partner }, problem, "change one of the two");
    }
  }
}

/** Numbers that something else in the deployment bounds. Of a variable that has no effect that is said. */
function* tooLarge(reading: EnvReading): Generator<EnvProblem> {
  for (const setting of reading.settings.values()) {
    const { variable, value } = setting;
    if (!reading.isUsed(variable)) continue;
    for (const { most, reason } of reading.limitsOf(variable)) {
      if (!(Number(value) > most)) continue;
      const fix = `correct it: ${variable.meaning}`;
      yield envProblem("wrong-type", "error", placeOf(setting), `must be at most ${most}: ${reason}`, fix);
    }
  }
}

/** Lines that were written for files that no longer run as they are. */
function* withoutEffect(reading: EnvReading): Generator<EnvProblem> {
  for (const setting of reading.settings.values()) {
    const removers = reading.removersOf(setting.variable);
    if (removers.length === 0) continue;
    const reason = `has no effect with the files that run: ${removers.join(", ")} takes away what it is for`;
    yield envProblem(
      "no-effect",
      "warning",
      placeOf(setting),
      reason,
      setting.line === undefined ? "unset it" : "remove the line",
    );
  }
}

/** Values that are not of their variable's type. Loads zod, when there is a type to check. */
export async function typeMistakes(reading: EnvReading): Promise<EnvProblem[]> {
  const settings = [...reading.settings.values()];
  const values = [...reading.file.values, ...settings.map(({ value }) => value)];
  const hidden = values.filter((value) => value.length >= SHORTEST_HIDDEN);
  const found: EnvProblem[] = [];
  for (const setting of settings) {
    const { variable, value } = setting;
    const mistake = await typeMistake(variable, value, hidden);
    if (mistake === undefined) continue;
    const fix = `correct it: ${variable.meaning}`;
    const severity = reading.isMentioned(variable) ? "error" : "warning";
    found.push(envProblem("wrong-type", severity, placeOf(setting), mistake, fix));
  }
  return found;
}

/** Secrets with a value that is not refused anyway. */
function goodSecrets(reading: EnvReading): readonly Setting[] {
  return [...reading.settings.values()].filter((setting) => {
    return setting.variable.secret && setting.value !== "" && refusalOf(setting, reading) === undefined;
  });
}

function placeOf({ source, line }: Setting): { readonly name: string; readonly line: number | undefined } {
  return { name: source, line };
}
