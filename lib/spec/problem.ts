import type { RawError } from "./checker";
import { besideChoices } from "./generated/tables";
import { inside } from "./inside";
import { nearest } from "./nearest";
import { type PlaceRow, patternOf, placeAt, rowAt } from "./place";
import type { YamlPath } from "./value";
import { accepted, anyOf, kindOf, remedy } from "./words";

/** One rule of the specification that a document breaks, in words. */
export interface SchemaProblem {
  /** Where it is; an unknown key, itself. A missing key, the mapping that lacks it. */
  readonly path: YamlPath;
  /** What is wrong, in words. It never shows a value, since that may be a secret. */
  readonly reason: string;
  /** The value at the path, as data. */
  readonly value: unknown;
  /** What to do about it. */
  readonly fix: string;
  /** The keyword of JSON Schema behind it: `type`, `additionalProperties`, `required`, `enum`, `pattern`, … */
  readonly keyword: string;
}

type Wording = Pick<SchemaProblem, "reason" | "fix"> & { readonly step?: string | number };

const FEW = 9;
const code = (word: unknown): string => `\`${String(word)}\``;
const quoted = (word: unknown): string => JSON.stringify(word);
const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** What a text has to be like, by the pattern that it does not match. */
const PATTERNS: Readonly<Record<string, Wording>> = {
  "[a-zA-Z0-9][a-zA-Z0-9_.-]+": {
    reason: "is not a container name",
    fix: "use two characters or more: letters, digits, `_`, `.` and `-`, first a letter or a digit",
  },
  "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+": {
    reason: "is not a pull policy",
    fix: "write `always`, `never`, `missing`, `build`, `daily`, `weekly`, or `every_` with a duration such as `every_12h`",
  },
};

/** What free keys have to be like, by their pattern. */
const NAMES: Readonly<Record<string, string>> = {
  "^[a-zA-Z0-9._-]+$": "use only letters, digits, `.`, `_` and `-`",
  "^.+$": "write one line of text, not an empty one",
  ".+": "write a text that is not empty",
};

function unknownKey(key: string, place: PlaceRow | undefined): Wording {
  if (place?.names !== undefined && place.keys === undefined) {
    const what = rowAt(place.each)?.noun;
    return {
      step: key,
      reason: `${quoted(key)} cannot be ${what === undefined ? "a key here" : `the name of ${what}`}`,
      fix: NAMES[place.names] ?? `match ${place.names}`,
    };
  }
  return {
    step: key,
    reason: `${code(key)} is not a key of ${place?.noun ?? "this mapping"}`,
    fix: place === undefined ? "remove it" : otherKey(key, place),
  };
}

function otherKey(key: string, place: PlaceRow): string {
  const keys = place.keys ?? [];
  const meant = nearest(key, keys);
  if (meant !== undefined) return `did you mean ${code(meant)}?`;
  const holder = Object.entries(place.at ?? {}).find(([, index]) => rowAt(index)?.keys?.includes(key));
  if (holder !== undefined) return `move it below ${code(holder[0])}`;
  const own = place.extensible ? `, or call it ${code(`x-${key}`)} if it is a note of your own` : "";
  if (keys.length > FEW) return `remove it${own}`;
  return `${keys.length === 1 ? "the only key is" : "the keys are"} ${keys.map(code).join(", ")}: remove it${own}`;
}

function choice({ path, params, value }: RawError): Wording {
  const values = words(params.allowedValues);
  const meant = typeof value === "string" ? nearest(value, values) : undefined;
  const others = besideChoices[patternOf(path)] ?? [];
  return {
    reason: `must be ${anyOf([...values.map(quoted), ...(others.length > 0 ? [accepted(others)] : [])])}`,
    fix:
      meant === undefined
        ? `write ${values.length === 1 ? quoted(values[0]) : "one of them"}`
        : `did you mean ${quoted(meant)}?`,
  };
}

/** A sentence for each keyword of the schema. */
const WORDINGS: Readonly<Record<string, (error: RawError) => Wording>> = {
  type: ({ params, value }) => ({
    reason: `must be ${accepted(words(params.type))}, got ${kindOf(value)}`,
    fix: remedy(words(params.type), value),
  }),
  additionalProperties: ({ path, params }) => unknownKey(String(params.additionalProperty), placeAt(path)),
  required: ({ path, params }) => ({
    reason: `${code(params.missingProperty)} is missing: ${placeAt(path)?.noun ?? "this mapping"} needs it`,
    fix: `add ${code(params.missingProperty)}`,
  }),
  enum: choice,
  pattern: ({ params }) =>
    PATTERNS[String(params.pattern)] ?? { reason: `does not match ${params.pattern}`, fix: "write a text that does" },
  minimum: ({ params }) => ({ reason: `must be ${params.limit} or more`, fix: `write a number from ${params.limit}` }),
  maximum: ({ params }) => ({ reason: `must be ${params.limit} or less`, fix: `write a number up to ${params.limit}` }),
  uniqueItems: ({ params }) => ({
    step: Number(params.j),
    reason: `is the same as item ${params.i} of the list`,
    fix: "remove one of the two",
  }),
};

/** Says what an error of the schema means. */
export function problemOf(error: RawError): SchemaProblem {
  const { path, value, keyword } = error;
  const wording = WORDINGS[keyword]?.(error) ?? {
    reason: `breaks the rule "${keyword}"`,
    fix: "read the specification",
  };
  const { step, reason, fix } = wording;
  return step === undefined
    ? { path, reason, value, fix, keyword }
    : { path: [...path, step], reason, value: inside(value, step), fix, keyword };
}
