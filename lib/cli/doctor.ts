import { existsSync } from "node:fs";
import type { Command } from "commander";
import { exitStatus } from "../report/exit-status";
import { AS_JSON, DIR } from "./options";
import { say, UsageError } from "./report";

const ABOUT = `
Looks at the engine, the host, the files and what runs: all at once. Nothing is changed, and nothing pulled. With --host
only the host is looked at, before there is a deployment.

Exit status: 0 without errors; 1 with one. Warnings and advice are shown, and are no failure.`;

interface Words {
  readonly dir: string;
  readonly host?: true;
  readonly json?: true;
}

/** Adds the command that says what is wrong with a host and a deployment. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("show what is wrong with the host, the engine and the deployment; changes nothing")
    .option(...DIR)
    .option("--host", "the host only, where there is no deployment yet")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action(doctor);
}

async function doctor({ dir, host, json }: Words): Promise<void> {
  if (host !== true && !existsSync(dir)) {
    throw new UsageError(`${dir} is not there: correct --dir, or use --host before there is a deployment`);
  }
  const [{ examine }, { formatResults, hasErrors, resultsAsJson }] = await Promise.all([
    import("../operate/doctor/doctor"),
    import("../operate/doctor/text"),
  ]);
  const results = await examine({ dir: host === true ? undefined : dir, environment: process.env });
  const text = json === true ? resultsAsJson(results) : formatResults(results);
  say(text.trimEnd());
  process.exitCode = exitStatus(hasErrors(results) ? "failed" : "ok");
}
