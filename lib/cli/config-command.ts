import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { reportError } from "./report";
import { printError, printExactly } from "./streams";

const OWN_WORDS = `
One option more than Compose has:
  --compose VERSION  answer as that Docker Compose does: any release from 2.24.4 on, as in 2.40 (the default), 5.6, 5.5.1
--resolve-image-digests and --lock-image-digests ask a registry and are refused: lamb-compose lock pins images.`;

/** Adds the command that shows what Compose makes of files. Its options are those of Compose, and are read in the same way. */
export function registerConfig(program: Command): void {
  program
    .command("config")
    .description("show files as docker compose config does, without Docker; takes the same options")
    .argument("[words...]", "the words of docker compose config")
    .allowUnknownOption()
    .addHelpText("after", OWN_WORDS)
    .action((words: readonly string[]) => showConfig(["config", ...words]));
}

/** Runs the command, and has the process end with its exit status. */
export async function showConfig(words: readonly string[]): Promise<void> {
  try {
    const { config } = await import("./config");
    process.exitCode = await config(words, {
      cwd: process.cwd(),
      env: process.env,
      stdout: printExactly,
      stderr: printError,
      stdin: () => readFileSync(0, "utf8"),
    });
  } catch (error) {
    reportError(error);
  }
}
