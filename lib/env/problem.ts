import { visibleLine } from "../report/visible";

/** What an `.env` can have wrong. */
export type EnvProblemCode =
  | "malformed-line"
  | "no-value"
  | "duplicate-line"
  | "dollar"
  | "unknown-files"
  | "missing"
  | "empty"
  | "former-name"
  | "names-differ"
  | "unknown-name"
  | "left-out"
  | "retired-name"
  | "retired-value"
  | "public-value"
  | "placeholder"
  | "unseen-characters"
  | "wrong-type"
  | "weak-secret"
  | "shared-secret"
  | "same-value"
  | "no-effect"
  | "other-release"
  | "file-missing"
  | "file-unreadable"
  | "file-outside"
  | "not-pem"
  | "key-differs"
  | "name-not-covered"
  | "chain-order"
  | "certificate-expired"
  | "certificate-not-yet-valid"
  | "certificate-expires-soon";

/** One thing that is wrong with an `.env`. No part of it ever shows a value of the file. */
export interface EnvProblem {
  readonly code: EnvProblemCode;
  /** `error`: the deployment would not start, or not as meant, or not safely. `warning`: it works, and should change. */
  readonly severity: "error" | "warning";
  /** The variable. Empty where there is none, or where what stands for a name may be part of a value. */
  readonly name: string;
  /** The other variable, where two do not fit together. */
  readonly other?: string;
  /** Line of the file, from 1. Absent when the file does not have the variable, or the environment sets it. */
  readonly line?: number;
  /** What is wrong, one clause about the variable or the line. */
  readonly reason: string;
  /** What to do, one clause. */
  readonly fix: string;
}

/** A problem as text: one line that says where, one what is wrong, one what to do. */
export function formatEnvProblem({ code, severity, name, line, reason, fix }: EnvProblem, fileName = ".env"): string {
  const where = [line === undefined ? fileName : `${fileName}:${line}`, name].filter(Boolean).join(" · ");
  return `${severity} ${code} at ${visibleLine(where)}\n  ${reason}\n  fix: ${fix}`;
}

/** Makes a problem. It has no `line` and no `other` where there is none. */
export function envProblem(
  code: EnvProblemCode,
  severity: EnvProblem["severity"],
  at: { readonly name: string; readonly line?: number | undefined; readonly other?: string | undefined },
  reason: string,
  fix: string,
): EnvProblem {
  const { name, line, other } = at;
  const place = { name, ...(other === undefined ? {} : { other }), ...(line === undefined ? {} : { line }) };
  return { code, severity, ...place, reason, fix };
}

/** Whether a problem is about a variable, by itself or beside another one. */
export function isAbout({ name, other }: EnvProblem, variable: string): boolean {
  return name === variable || other === variable;
}
