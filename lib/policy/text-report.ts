import { type Finding, formatFinding, formatFindings, type PlaceFormat } from "../report/finding";
import { groupBy } from "../spec/group";
import { urgencyOf } from "./urgency";

const SHOWN = ["error", "warning"] as const;

interface TextOptions {
  /** Whether all is shown: what is suppressed, and why, and every place of what is wrong at many. */
  readonly verbose: boolean;
  /** How places are written. @default - by constructs */
  readonly places?: PlaceFormat | undefined;
}

/** Findings as a text for people, which ends with a line break; none for no findings. */
export function textReport(findings: readonly Finding[], { verbose, places }: TextOptions): string {
  const suppressed = findings.filter(({ severity }) => severity === "suppressed");
  const open = SHOWN.flatMap((shown) => inOrder(causesOf(findings.filter(({ severity }) => severity === shown))));
  const lines = [
    ...open.map((causes) => formatFindings(causes, places)),
    ...(verbose ? suppressed.map(formatFinding) : []),
  ];
  if (!verbose && suppressed.length > 0) {
    lines.push(`${suppressed.length} suppressed with a reason: --verbose shows what and why`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** What is wrong, at one place or several. */
type Cause = readonly [Finding, ...Finding[]];

/** The most urgent causes first; those of one rule stay in their order. */
function inOrder(causes: readonly Cause[]): readonly Cause[] {
  return causes.toSorted(([one], [other]) => urgencyOf(one.code) - urgencyOf(other.code));
}

/** Findings that say the same of different places, together, in the order of the first of each. */
export function causesOf(findings: readonly Finding[]): readonly Cause[] {
  return [...groupBy(findings, ({ code, reason, fix }) => JSON.stringify([code, reason, fix])).values()];
}
