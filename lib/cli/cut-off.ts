import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { messageOf } from "../disk/error";
import { FETCHED_FOLDER, OPERATION_FILE } from "../operate/journal/folder";
import { chosenInTerminal, isInteractive } from "./ask";
import { progressInLines } from "./progress";
import { warn } from "./report";

/** The commands that write a journal. */
const OPERATIONS: ReadonlySet<string> = new Set([
  "up",
  "upgrade",
  "rollback",
  "backup",
  "restore",
  "relink",
  "migrate",
  "env set",
  "env rotate",
]);

/** What journals call those that give one variable another value. */
const OF_VARIABLE = /^env (set|rotate) \w+$/;

/** What can become of an operation that was cut off, by the word for it, and the words that do it. */
const WAYS = {
  resume: { what: "continue it", words: ["--yes"] },
  abort: { what: "take it back", words: ["--abort"] },
};

/** The interrupted operation could not be ended, and has said why. The new one does not begin. */
export class NotEnded extends Error {}

/** Gives every operation the option that says what to do first with an interrupted one. */
export function registerCutOff(program: Command): void {
  const commands = [...program.commands, ...program.commands.flatMap((command) => command.commands)];
  for (const command of commands.filter((one) => OPERATIONS.has(pathOf(one)))) {
    const about = "what to do first with another operation that was interrupted here";
    command.addOption(new Option("--cut-off <HOW>", about).choices(Object.keys(WAYS)));
  }
}

/**
 * Before a command: what a killed one had paused goes on, what it had only fetched goes, and another operation that was cut
 * off comes to its end, as the words say or a person answers.
 *
 * @throws NotEnded, with the process to end as that operation did
 */
export async function endCutOff(command: Command): Promise<void> {
  const { dir, cutOff }: { dir?: unknown; cutOff?: keyof typeof WAYS } = command.optsWithGlobals();
  if (typeof dir !== "string" || ![OPERATION_FILE, FETCHED_FOLDER].some((name) => existsSync(join(dir, name)))) return;
  const { endCutOffFreeze } = await import("../operate/backup/cut-off");
  try {
    await endCutOffFreeze(dir, process.env, progressInLines());
    if (OPERATIONS.has(pathOf(command))) await endOther(command, dir, cutOff);
  } catch (error) {
    if (error instanceof NotEnded) throw error;
    // The command itself may be what looks for the reason.
    warn(`note: ${messageOf(error)}`);
  }
}

async function endOther(command: Command, dir: string, how: keyof typeof WAYS | undefined): Promise<void> {
  const [{ operationRecord }, { isAtWork, isHarmless }] = await Promise.all([
    import("../operate/journal/record"),
    import("../operate/journal/open"),
  ]);
  const record = await operationRecord.read(dir);
  if (record === undefined || isHarmless(record) || (await isAtWork(dir))) return;
  const [own, other] = [pathOf(command), record.operation];
  const isSame = other === own || other === `${own} ${command.args[0]}`;
  if (isSame || !(OPERATIONS.has(other) || OF_VARIABLE.test(other))) return;
  const chosen = how ?? (isInteractive() ? await asked(other, record.step) : undefined);
  if (chosen === undefined) return;
  warn(`first: ${WAYS[chosen].what}: lamb-compose ${other}`);
  process.exitCode = await inProcess([...other.split(" "), "--dir", dir, ...WAYS[chosen].words]);
  if (process.exitCode !== 0) throw new NotEnded(other);
}

async function asked(operation: string, step: string): Promise<keyof typeof WAYS> {
  const ways = Object.entries(WAYS).map(([way, { what }]) => [way, what] as const);
  const [chosen] = await chosenInTerminal(`lamb-compose ${operation} was interrupted at "${step}"`, ways, "one");
  return chosen === "abort" ? chosen : "resume";
}

/** Runs this program with other words, and has it say all on the standard error. */
async function inProcess(words: readonly string[]): Promise<number> {
  const ignore = () => {};
  // The other process decides what a signal does.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, ignore);
  try {
    const all = [...process.execArgv, process.argv[1] ?? "", ...words];
    const child = spawn(process.execPath, all, { stdio: ["inherit", 2, 2] });
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, ignore);
  }
}

/** A command's words, without the program's: `env set`. */
function pathOf(command: Command): string {
  const { parent } = command;
  const above = parent === null || parent.parent === null ? "" : `${pathOf(parent)} `;
  return above + command.name();
}
