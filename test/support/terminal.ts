import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { commandWords } from "./command";

export const ENTER = "\r";
export const DOWN = "\u001b[B";
export const CTRL_C = "\u0003";

/** Each character is a key of its own. */
export const typed = (text: string): readonly string[] => [...text, ENTER];

/** What somebody does: a part of the question, and the keys. */
export type Answers = readonly (readonly [wanted: string, keys: readonly string[]])[];

/** What the terminal showed, and with what the command ended. */
export interface Ended {
  readonly status: number;
  readonly text: string;
}

/** Runs `lamb-compose WORDS` in a terminal, as a person does. */
export function inTerminal(words: readonly string[], answers: Answers, cwd: string): Promise<Ended> {
  return commandInTerminal([process.execPath, ...commandWords(...words)], answers, { cwd });
}

interface TerminalOptions {
  readonly cwd: string;
  /** @default - that of the tests */
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which the command is killed. @default 40 */
  readonly patience?: number;
}

/** Runs a command in a terminal. */
export function commandInTerminal(
  command: readonly string[],
  answers: Answers,
  { cwd, env = process.env, patience }: TerminalOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("python3", [fileURLToPath(new URL("terminal.py", import.meta.url))], {
      cwd,
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (part: Uint8Array) => {
      out += String(part);
    });
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(out)));
    child.stdin.end(JSON.stringify({ command, answers, patience }));
  });
}
