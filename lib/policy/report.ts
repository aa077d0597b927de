import type { Finding } from "../report/finding";
import { placesInLines } from "./places-in-lines";
import type { ReportFormat } from "./report-format";
import { type SarifOptions, toSarif } from "./sarif";
import { textReport } from "./text-report";

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
  if (format === "text")
    return textReport(findings, { verbose, places: lines ? placesInLines(files, verbose) : undefined });
  const data = format === "json" ? { findings } : toSarif(findings, options);
  return `${JSON.stringify(data, null, 2)}\n`;
}
