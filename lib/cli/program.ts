import { Command, CommanderError } from "commander";
import metadata from "../../package.json" with { type: "json" };
import { registerAudit } from "./audit";
import { registerBackup } from "./backup";
import { registerCompletion } from "./completion";
import { registerConfig } from "./config-command";
import { endCutOff, NotEnded, registerCutOff } from "./cut-off";
import { registerCutover } from "./cutover";
import { registerDependencies } from "./dependencies";
import { registerDiff } from "./diff";
import { registerDoctor } from "./doctor";
import { registerEnv } from "./env";
import { registerGraph } from "./graph";
import { registerImages } from "./images";
import { registerInit } from "./init";
import { registerLock } from "./lock";
import { registerMigrate } from "./migrate";
import { registerNeeds } from "./needs";
import { registerRelink } from "./relink";
import { EXIT, reportError } from "./report";
import { registerRestore } from "./restore";
import { registerRollback } from "./rollback";
import { registerStatus } from "./status";
import { print, printError } from "./streams";
import { refuseUnknownCommand } from "./unknown-command";
import { registerUp } from "./up";
import { registerUpgrade } from "./upgrade";
import { registerVariables } from "./variables";
import { registerVerify } from "./verify";

const EXAMPLES = `
examples:
  lamb-compose init --dir lamb                     a deployment with TLS; asks for host names and addresses
  lamb-compose init --dir lamb --tls internal      the same for a closed network
  lamb-compose doctor --dir lamb                   what is wrong with the host, the engine, the files and what runs
  lamb-compose up --dir lamb                       start it, or bring what runs to what the files say
  lamb-compose status --dir lamb                   how it is, on one screen
  lamb-compose diff --deployed --dir lamb          how what runs differs from the files, and what \`up\` would do
  lamb-compose upgrade RELEASE --dir lamb          another release, tried on a copy of the data, with a way back
  lamb-compose rollback --dir lamb                 the state before: version, configuration and data together
  lamb-compose backup --dir lamb --to /mnt/disk    data, files and .env of one instant, encrypted
  lamb-compose restore --dir lamb                  the last of them, into new volumes, with a way back
  lamb-compose migrate --from /opt/lamb --dir lamb a deployment with the data of an older installation, which stays
  lamb-compose verify --dir lamb                   whether it answers as it should from outside
  lamb-compose graph --dir lamb --format svg       services, networks, ports and volumes as a drawing
  lamb-compose env check --dir lamb                what is wrong with .env
  lamb-compose env explain LTI_SECRET --dir lamb   what it is for, and what a new value does
  lamb-compose env set OPENAI_API_KEY --dir lamb   another value, for what runs too; asked for, or on the standard input
  lamb-compose env rotate LTI_SECRET --dir lamb    a new value for a secret that was generated
  lamb-compose env seal --dir lamb                 .env encrypted by SOPS, for version control; env open decrypts it
  lamb-compose lock --dir lamb                     which image each tag means; run init again to name them so
  lamb-compose lock --check --dir lamb             whether files, lock and registries still agree
  lamb-compose images --dir lamb --save            what takes the images to a host without internet
  lamb-compose audit docker-compose.yaml .env      what is wrong with files that nobody generated
  lamb-compose cutover --from docker-compose.yaml  whether the deployment can replace an older one, and why
  lamb-compose config -f docker-compose.yaml       what docker compose makes of files
  lamb-compose needs docker-compose.yaml           which Docker Compose files need, and for which keys
  lamb-compose dependencies --checkout ../lamb     lock what LAMB's images install`;

/** Each adds its command to the program. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  registerInit,
  registerDoctor,
  registerUp,
  registerStatus,
  registerVerify,
  registerDiff,
  registerCutover,
  registerUpgrade,
  registerRollback,
  registerBackup,
  registerRestore,
  registerRelink,
  registerMigrate,
  registerGraph,
  registerEnv,
  registerLock,
  registerImages,
  registerConfig,
  registerAudit,
  registerNeeds,
  registerDependencies,
  registerVariables,
  registerCompletion,
];

/** The program with all its commands: help, completion, the manual and the guides' tests are made from it. */
export function makeProgram(): Command {
  const program = new Command("lamb-compose")
    .description("LAMB's production deployment with plain docker compose")
    .version(metadata.version)
    .addHelpText("after", EXAMPLES)
    .configureOutput({ writeOut: print, writeErr: printError })
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride();
  for (const register of COMMANDS) register(program);
  registerCutOff(program);
  return program;
}

/** Runs the words of a command line, and has the process end with their exit status. */
export async function runProgram(words: readonly string[]): Promise<void> {
  const program = makeProgram();
  program.hook("preAction", (_, command) => endCutOff(command));
  try {
    refuseUnknownCommand(program, words);
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else if (!(error instanceof NotEnded)) reportError(error);
  }
}
