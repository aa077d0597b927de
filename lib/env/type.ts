import type { z as Zod } from "zod";
import type { EnvContractVariable } from "./contract";

type Issue = Zod.core.$ZodIssue;

/** Formats by the name that zod gives them. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ["url", "an address with its scheme, such as https://lamb.campus.example"],
  ["email", "an e-mail address"],
  ["hostname", "a host name"],
  ["ipv4", "an IPv4 address"],
  ["ipv6", "an IPv6 address"],
  ["hex", "hexadecimal digits"],
  ["base64", "base64"],
  ["uuid", "a UUID"],
  ["regex", "of the form that it must have"],
]);

const TYPES: ReadonlyMap<string, string> = new Map([
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["date", "a date"],
]);

/** What zod itself says begins so; other messages are the program's own words. */
const OF_ZOD = /^(Invalid|Too (small|big)|Unrecognized)\b/;

/**
 * What is wrong with a value by its variable's type: one clause, `undefined` when nothing is. Never has the value in it.
 *
 * @param hidden values that the clause must not show, even if the program's own words would
 */
export async function typeMistake(
  variable: EnvContractVariable,
  value: string,
  hidden: readonly string[],
): Promise<string | undefined> {
  const issues = await issuesOf(variable, value);
  if (issues === undefined) return UNFIT;
  if (issues.length === 0) return undefined;
  const shows = ({ message }: Issue) => hidden.some((one) => message.includes(one));
  const fixed = issues.some(shows) ? await issuesOf(variable, ANY_OTHER) : [];
  const said = new Set(fixed?.map(({ message }) => message));
  const hides = (issue: Issue) => shows(issue) && !said.has(issue.message);
  const clauses = new Set(issues.map((issue) => (variable.secret ? lengthClause(issue) : clause(issue, hides(issue)))));
  return [...clauses].join(", and ");
}

const UNFIT = "is not of the form that it must have";

/** A value of hardly any type: words that are said of this one, too, have no value in them. */
const ANY_OTHER = "?";

/** What zod finds. `undefined` when the type itself fails. */
async function issuesOf({ type }: EnvContractVariable, value: string): Promise<readonly Issue[] | undefined> {
  if (type === undefined) return [];
  const { z } = await import("zod");
  try {
    return (await type(z).safeParseAsync(value)).error?.issues ?? [];
  } catch {
    return undefined;
  }
}

/** Of a secret only its length is spoken of. */
function lengthClause(issue: Issue): string {
  const isLength = (issue.code === "too_small" || issue.code === "too_big") && issue.origin === "string";
  return isLength ? clause(issue, false) : UNFIT;
}

/** @param hides whether a message of the program's own may have a value in it */
function clause(issue: Issue, hides: boolean): string {
  if (!OF_ZOD.test(issue.message)) return hides ? UNFIT : issue.message;
  switch (issue.code) {
    case "invalid_format":
      return formatClause(issue);
    case "invalid_type":
      return `is not ${TYPES.get(issue.expected) ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return sizeClause(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return sizeClause(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    default:
      return UNFIT;
  }
}

function formatClause(issue: Extract<Issue, { code: "invalid_format" }>): string {
  if ("prefix" in issue) return `must begin with ${issue.prefix}`;
  if ("suffix" in issue) return `must end with ${issue.suffix}`;
  return `is not ${FORMATS.get(issue.format) ?? `a valid ${issue.format.replaceAll("_", " ")}`}`;
}

function sizeClause(origin: string, how: string, limit: number | bigint): string {
  return `must ${origin === "string" ? `have ${how} ${limit} characters` : `be ${how} ${limit}`}`;
}
