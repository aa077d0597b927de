import { type Command, Option } from "commander";
import { read } from "../disk/compose-access";
import { reportFindings } from "../policy/report";
import { REPORT_FORMATS, type ReportFormat } from "../policy/report-format";
import { causesOf } from "../policy/text-report";
import { EXIT, warn } from "./report";
import { print } from "./streams";

interface Words {
  readonly report: ReportFormat;
  readonly verbose?: boolean;
}

/** Adds the command that looks at files which nobody generated. */
export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("look for defects in Compose files, .env templates and Caddyfiles of LAMB")
    .argument("<files...>", "Compose files, the base first; .env files and their templates; Caddyfiles")
    .addOption(new Option("--report <FORMAT>", "output format").choices(REPORT_FORMATS).default("text"))
    .option("--verbose", "show what is suppressed, and why, and every place")
    .addHelpText(
      "after",
      [
        "",
        "Variables have the values of the .env among the files, or of the one beside the first Compose file.",
        "Exit status: 0 without findings, 1 with findings. Findings with a known reason do not count.",
      ].join("\n"),
    )
    .action(auditFiles);
}

async function auditFiles(paths: readonly string[], { report, verbose }: Words): Promise<void> {
  const [{ audit, auditSettings, readAudited }, { LAMB_RULES }] = await Promise.all([
    import("../operate/audit/audit"),
    import("../lamb/rules"),
  ]);
  const files = await Promise.all(paths.map(readAudited));
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  /** A file that Compose reads, too: one that is included or extended from, an `.env`. */
  const readIncluded = (path: string) => {
    const text = read(path)?.toString();
    if (text !== undefined) texts.set(path, text);
    return text;
  };
  const findings = [...audit(files, readIncluded), ...(await auditSettings(files))];
  const open = findings.filter(({ severity }) => severity !== "suppressed");
  const causes = causesOf(open).length;
  const places = causes === open.length ? "" : ` at ${open.length} places`;
  const found = open.length === 0 ? "nothing found" : `${causes} finding(s)${places}`;
  warn(`${found} in ${files.length} file(s)`);
  print(reportFindings(findings, report, { files: texts, rules: LAMB_RULES, verbose, lines: true }));
  process.exitCode = open.length === 0 ? EXIT.ok : EXIT.failed;
}
