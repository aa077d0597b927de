import { type Finding, formatFinding } from "../report/finding";
import { type SarifOptions, toSarif } from "./sarif";

/** For people, for programs, and for code hosts. */
export const REPORT_FORMATS: readonly ReportFormat[] = ["text", "json", "sarif"];

/** How findings are written: for people, for programs, for code hosts. */
export type ReportFormat = "text" | "json" | "sarif";

export function isReportFormat(word: string): word is ReportFormat {
  return REPORT_FORMATS.some((format) => format === word);
}

/** Findings as a text that ends with a line break; as text, none for no findings. */
export function reportFindings(
  findings: readonly Finding[],
  format: ReportFormat = "text",
  options: SarifOptions = {},
): string {
  if (format === "text") return findings.map((finding) => `${formatFinding(finding)}\n`).join("");
  const data = format === "json" ? { findings } : toSarif(findings, options);
  return `${JSON.stringify(data, null, 2)}\n`;
}
