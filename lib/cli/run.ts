import type { App } from "../construct/app";
import type { Synthesis } from "../construct/synth/synthesis";
import { descendants } from "../construct/walk";
import { messageOf } from "../disk/error";
import { isLambImages } from "../lamb/images/mark";
import { Policy } from "../policy/policy";
import { isReportFormat, REPORT_FORMATS } from "../policy/report-format";
import { textReport } from "../policy/text-report";
import { saysItAll } from "../report/errors";
import { EXIT, reportError } from "./report";
import { print, printError } from "./streams";

/** How a program that {@link run} runs is called. */
const USAGE = `options:
  --out DIR   where the files are written   (default: compose.out)
  --check     write nothing; show how the files in DIR differ from the program, and exit with 1 if they do
  --explain PATH
              write nothing; say where each value at a path such as services.lamb.image comes from, when all files
              that the program makes are merged, or which file removed it
  --report FORMAT
              format of the findings: text, on the standard error; json or sarif, on the standard output, with
              everything else on the standard error
  --verbose   show what is suppressed, and why
  --force     overwrite generated files that were changed by hand
  --adopt     take over files in DIR that no program wrote, such as a Dockerfile that this one is to make: shows what
              changes in each, and asks before it writes anything
  --yes       do not ask
  --help      this text

Where DIR has an images.lock.json, which \`lamb-compose lock\` writes, images are named by the digests in it.
`;

const FLAGS = {
  out: { type: "string" },
  check: { type: "boolean" },
  explain: { type: "string" },
  report: { type: "string" },
  force: { type: "boolean" },
  adopt: { type: "boolean" },
  yes: { type: "boolean" },
  verbose: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** How {@link run} reads its words. */
export interface RunOptions {
  /** @default - the words of the command line */
  readonly args?: readonly string[] | undefined;
  /**
   * Output directory when the command line names none.
   * @default "compose.out"
   */
  readonly out?: string | undefined;
}

/**
 * Makes a program a command: synthesizes the app with the lock of its output directory, if there is one, says what was
 * found, and writes the files or checks them. Sets the exit code of the process: 0 when all is well, 1 for findings or
 * drift, 2 for words that it does not know. It is the last thing that a program does, which need not wait for it: a
 * program without `await` runs as an ES module and as CommonJS.
 */
export async function run(app: App, options: RunOptions = {}): Promise<void> {
  const { parseArgs } = await import("node:util");
  const refuse = (message: string) => {
    printError(`${message}\n${USAGE}`);
    process.exitCode = EXIT.usage;
  };
  let values: ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>["values"];
  try {
    values = parseArgs({ args: [...(options.args ?? process.argv.slice(2))], options: FLAGS }).values;
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (values.help === true) {
    print(USAGE);
    return;
  }
  const format = values.report ?? "text";
  if (!isReportFormat(format)) return refuse(`--report is one of ${REPORT_FORMATS.join(", ")}`);
  const out = values.out ?? options.out ?? "compose.out";
  if (out === "") return refuse("--out names a directory; . is the current one");
  let synthesis: Synthesis;
  try {
    const { readLock } = await import("../operate/lock/file");
    const { programName } = await import("./program-name");
    const { lock } = await readLock(out);
    synthesis = app.synth({ lock, program: programName(process.argv[1]) });
  } catch (error) {
    // Another error is a fault of the program: its stack says where.
    if (error instanceof Error && !saysItAll(error)) throw error;
    return reportError(error);
  }
  const { findings, files } = synthesis;
  if (format === "text") printError(textReport(findings, { verbose: values.verbose ?? false }));
  else {
    const { reportFindings } = await import("../policy/report");
    const rules = descendants(app).flatMap((construct) => (Policy.isPolicy(construct) ? construct.rules : []));
    print(reportFindings(findings, format, { files, rules, directory: out }));
  }
  const result = format === "text" ? print : printError;
  if (synthesis.errors.length > 0) {
    printError(`${synthesis.errors.length} error(s), nothing was written\n`);
    process.exitCode = EXIT.failed;
    return;
  }
  try {
    if (values.explain !== undefined) {
      process.exitCode = await reportOrigins(values.explain);
      return;
    }
    for (const { lock } of descendants(app).filter(isLambImages)) {
      const { assertFits } = await import("../operate/dependencies/fits");
      await assertFits(out, lock);
    }
    process.exitCode = values.check === true ? await reportDrift() : await reportWrite();
  } catch (error) {
    reportError(error);
  }

  async function reportOrigins(path: string): Promise<number> {
    // A service of any profile is part of the files.
    const explanations = await synthesis.explain(path, { profiles: ["*"] });
    const { explainRemoval, formatExplanation, formatRemoval } = await import("./explanation");
    for (const explanation of explanations) result(`${formatExplanation(explanation)}\n`);
    if (explanations.length > 0) return 0;
    const removal = explainRemoval(synthesis, path);
    if (removal !== undefined) result(`${formatRemoval(path, removal)}\n`);
    else printError(`there is nothing at ${path}: no file of the program has it\n`);
    return removal === undefined ? 1 : 0;
  }

  async function reportDrift(): Promise<number> {
    const drifts = await synthesis.check(out);
    for (const { path, kind, diff } of drifts) result(`${kind}: ${path}\n${diff}\n`);
    result(drifts.length === 0 ? `${out} is what the program makes\n` : `${drifts.length} file(s) differ in ${out}\n`);
    return drifts.length === 0 ? 0 : 1;
  }

  async function reportWrite(): Promise<number> {
    if (values.adopt === true && !(await mayAdopt())) return 1;
    const { force: overwriteEdited, adopt } = values;
    const { written, unchanged, removed, kept } = await synthesis.write(out, { overwriteEdited, adopt });
    for (const path of written) result(`wrote ${out}/${path}\n`);
    for (const path of removed) result(`removed ${out}/${path}\n`);
    for (const path of kept) result(`left ${out}/${path}, which was changed by hand\n`);
    if (unchanged.length > 0) result(`${unchanged.length} file(s) unchanged in ${out}\n`);
    return 0;
  }

  /** Shows what would change in files of others, and asks whether it may. */
  async function mayAdopt(): Promise<boolean> {
    const { adoptable } = await import("../disk/write");
    const found = await adoptable(synthesis.files, out);
    for (const { path, diff } of found) result(`takes over: ${path}\n${diff}\n`);
    if (found.length === 0 || values.yes === true) return true;
    const { confirmInTerminal, isInteractive } = await import("./ask");
    if (isInteractive() && (await confirmInTerminal(`Take over ${found.length} file(s) in ${out}?`))) return true;
    printError(
      `nothing was changed: ${found.length} file(s) would be taken over${isInteractive() ? "" : "; add --yes"}\n`,
    );
    return false;
  }
}
