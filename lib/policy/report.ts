import { type Finding, formatFinding, formatFindings, type PlaceFormat } from "../report/finding";
import { placesInLines } from "./places-in-lines";
import { type SarifOptions, toSarif } from "./sarif";
import { urgencyOf } from "./urgency";

/** For people, for programs, and for code hosts. */
export const REPORT_FORMATS: readonly ReportFormat[] = ["text", "json", "sarif"];

/** How findings are written: for people, for programs, for code hosts. */
export type ReportFormat = "text" | "json" | "sarif";

export function isReportFormat(word: string): word is ReportFormat {
  return REPORT_FORMATS.some((format) => format === word);
}

/** What a report takes beside the findings. */
export interface ReportOptions extends SarifOptions {
  /**
   * Whether a text shows all: what is suppressed, and why, and every place of what is wrong at many. The other formats
   * always hold it.
   * @default false
   */
  readonly verbose?: boolean | undefined;
  /**
   * Whether a text names places by file and line, as `compose.yaml:12`, and not by constructs. The files must be those
   * that people edit.
   * @default false
   */
  readonly lines?: boolean | undefined;
}

/**
 * Findings as a text that ends with a line break; as text, none for no findings. A text has errors first, of
 * them the most urgent, and says what is wrong at several places once.
 */
export function reportFindings(
  findings: readonly Finding[],
  format: ReportFormat = "text",
  options: ReportOptions = {},
): string {
  const { verbose = false, lines = false, files = new Map<string, string>() } = options;
  if (format === "text") return textOf(findings, verbose, lines ? placesInLines(files, verbose) : undefined);
  const data = format === "json" ? { findings } : toSarif(findings, options);
  return `${JSON.stringify(data, null, 2)}\n`;
}

const SHOWN = ["error", "warning"] as const;

function textOf(findings: readonly Finding[], verbose: boolean, places: PlaceFormat | undefined): string {
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

/** The most urgent causes first; those of one rule stay in their order. */
function inOrder(causes: readonly (readonly [Finding, ...Finding[]])[]): readonly (readonly [Finding, ...Finding[]])[] {
  return causes.toSorted(([one], [other]) => urgencyOf(one.code) - urgencyOf(other.code));
}

/** Findings that say the same of different places, together, in the order of the first of each. */
export function causesOf(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const cause = JSON.stringify([finding.code, finding.reason, finding.fix]);
    const group = groups.get(cause);
    if (group === undefined) groups.set(cause, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}
