import { addTo } from "../../spec/group";
import { type CheckResult, type CheckSeverity, SEVERITIES, severityOf } from "./check";

/** What was found, as text for people: the worst first, and last how many checks there were. */
export function formatResults(results: readonly CheckResult[]): string {
  return `${formatTroubles(results)}${summaryOf(results)}\n`;
}

/** The same without the last line: nothing when all is well. */
export function formatTroubles(results: readonly CheckResult[]): string {
  const parts = SEVERITIES.flatMap((severity) =>
    results.flatMap((result) => (hasSeverity(result, severity) ? [formatResult(result, severity)] : [])),
  );
  return [...parts, ...unknownLines(results)].map((part) => `${part}\n`).join("");
}

/** The same for programs. */
export function resultsAsJson(results: readonly CheckResult[]): string {
  const checks = results.map((result) => {
    const { check, troubles, unknown } = result;
    const { id, what, why } = check;
    const state = unknown === undefined ? (severityOf(result) ?? "ok") : "unknown";
    return { id, what, why, state, unknown, problems: troubles.map((one) => ({ severity: check.severity, ...one })) };
  });
  return `${JSON.stringify({ checks }, undefined, 2)}\n`;
}

/** Whether the deployment does not work, or will not. */
export function hasErrors(results: readonly CheckResult[]): boolean {
  return results.some((result) => hasSeverity(result, "error"));
}

function hasSeverity(result: CheckResult, severity: CheckSeverity): boolean {
  return severityOf(result) === severity;
}

function formatResult({ check, troubles }: CheckResult, severity: CheckSeverity): string {
  const lines = troubles.flatMap(({ subject, reason, fix }) => [
    `  ${subject === undefined ? "" : `${subject}: `}${reason}`,
    `    fix: ${fix}`,
  ]);
  return [`${severity} ${check.id}: expected: ${check.what}`, ...lines, `  why: ${check.why}`].join("\n");
}

/** What could not be looked at, by the reason: one cause keeps many checks from looking. */
function unknownLines(results: readonly CheckResult[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { check, unknown } of results) if (unknown !== undefined) addTo(byReason, unknown, check.id);
  return [...byReason].map(([reason, ids]) => `not looked at: ${ids.join(", ")}\n  ${reason}`);
}

function summaryOf(results: readonly CheckResult[]): string {
  const count = (of: (result: CheckResult) => boolean) => results.filter(of).length;
  const unknown = count((result) => result.unknown !== undefined);
  const bad = SEVERITIES.map((severity) => [severity, count((result) => hasSeverity(result, severity))] as const);
  const fine = results.length - unknown - bad.reduce((sum, [, number]) => sum + number, 0);
  const parts = [
    `${fine} fine`,
    ...bad.flatMap(([severity, number]) => (number === 0 ? [] : [`${number} ${severity}`])),
  ];
  if (unknown > 0) parts.push(`${unknown} not looked at`);
  return `${results.length} ${results.length === 1 ? "check" : "checks"}: ${parts.join(", ")}`;
}
