import { visibleLine } from "./visible";

/** `error`: nothing is written. `warning`: written, and said. `suppressed`: somebody gave a reason why it may be so. */
export type Severity = "error" | "warning" | "suppressed";

/** One thing that is wrong with a program's result: where, what, and what to do. */
export interface Finding {
  /** Stable name of the kind of problem, such as `dangling-reference`. */
  readonly code: string;
  readonly severity: Severity;
  /** Path of the construct that wrote it, such as `next/lamb`. Empty for the app itself. */
  readonly construct: string;
  /** The file, or the files of the deployment joined with ` + `. */
  readonly file?: string;
  /** Where in the file, such as `services.lamb.ports[0]`. */
  readonly path?: string;
  /** The value, unless it could be a secret. */
  readonly value?: string;
  /** What is wrong, one sentence. */
  readonly reason: string;
  /** What to do, one sentence. */
  readonly fix: string;
  /** Why it may be so all the same. Only of what is `suppressed`. */
  readonly suppression?: string;
}

/** A finding as text: where, what is wrong, and what to do. One that is suppressed is a line with the reason. */
export function formatFinding(finding: Finding): string {
  if (finding.suppression !== undefined) return `${headOf(finding)} at ${placeOf(finding)}: ${finding.suppression}`;
  return formatFindings([finding]);
}

/** How a text names the places of findings. */
export interface PlaceFormat {
  /** One place. */
  readonly one: (finding: Finding) => string;
  /** Several, in lines, each with its value where the values differ. */
  readonly several: (findings: readonly Finding[], withValues: boolean) => readonly string[];
}

/** Each place in a line: the construct, the file, the path. */
const BY_CONSTRUCT: PlaceFormat = {
  one: placeOf,
  several: (findings, withValues) =>
    findings.map((finding) => `${placeOf(finding)}${withValues ? valueText(finding) : ""}`),
};

/** Findings that differ in nothing but their places and values: one text that names all places. */
export function formatFindings(
  findings: readonly [Finding, ...Finding[]],
  { one, several }: PlaceFormat = BY_CONSTRUCT,
): string {
  const [first] = findings;
  const fix = `  fix: ${first.fix}`;
  if (findings.length === 1)
    return `${headOf(first)} at ${one(first)}\n  ${indented(first.reason)}${valueText(first)}\n${fix}`;
  const isSame = findings.every(({ value }) => value === first.value);
  const places = several(findings, !isSame).map((line) => `    ${line}`);
  const reason = `  ${indented(first.reason)}${isSame ? valueText(first) : ""}`;
  return [`${headOf(first)} at ${findings.length} places`, ...places, reason, fix].join("\n");
}

function headOf({ severity, code }: Finding): string {
  return `${severity} ${code}`;
}

function placeOf({ construct, file, path }: Finding): string {
  return visibleLine([construct || "app", file, path].filter(Boolean).join(" · "));
}

/** The value of a finding, as it stands behind what is said of it. */
export function valueText({ value }: Finding): string {
  return value === undefined ? "" : ` (got ${visibleLine(value)})`;
}

/** A text of several lines, none of which looks like another finding. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n    ");
}

/** What a rule is called, and what it says where it does not hold. */
export interface RuleText {
  /** Name of the rule, such as `image-pinned`. */
  readonly id: string;
  /** What is wrong where the rule does not hold: the end of a sentence that begins with the place. */
  readonly what: string;
  /** What happens to a deployment without it. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  readonly severity: "error" | "warning";
}
