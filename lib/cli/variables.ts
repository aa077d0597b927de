import type { Command } from "commander";
import { visibleLine } from "../report/visible";
import { EXIT, say } from "./report";

/** Adds the command that compares the variables that LAMB's programs read with those that are known. */
export function registerVariables(program: Command): void {
  program
    .command("variables")
    .description("list the variables that LAMB's programs read and this version does not know, for a checkout of LAMB")
    .option("--checkout <DIR>", "folder of the checkout", ".")
    .option("--release <VERSION>", "the release to compare with (default: the newest that is known)")
    .option("--json", "print all of them as JSON")
    .addHelpText("after", "\nNeeds python3. Exit status 1 when there is one.")
    .action(report);
}

interface Words {
  readonly checkout: string;
  readonly release?: string;
  readonly json?: boolean;
}

async function report({ checkout, release, json = false }: Words): Promise<void> {
  const { variablesRead } = await import("../operate/dependencies/variables");
  const services = await variablesRead(checkout, release);
  if (json) say(JSON.stringify(services, undefined, 2));
  for (const { service, read, unplaced } of json ? [] : services) {
    say(
      `${service}: reads ${read.length} variables, ${unplaced.length === 0 ? "all known" : `${unplaced.length} unknown`}`,
    );
    for (const { name, places } of unplaced) say(visibleLine(`  ${name} at ${places[0]}`));
  }
  if (services.some(({ unplaced }) => unplaced.length > 0)) process.exitCode = EXIT.failed;
}
