/** For people, for programs, and for code hosts. */
export const REPORT_FORMATS: readonly ReportFormat[] = ["text", "json", "sarif"];

/** How findings are written: for people, for programs, for code hosts. */
export type ReportFormat = "text" | "json" | "sarif";

export function isReportFormat(word: string): word is ReportFormat {
  return REPORT_FORMATS.some((format) => format === word);
}
