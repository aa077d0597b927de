import { spawn } from "node:child_process";

/** How a process ended that got a signal, and what it had said on its standard error. */
export interface Signalled {
  readonly end: number | NodeJS.Signals | null;
  readonly said: string;
}

/** Runs Node.js, and sends a signal to it, but not to what it has started, as soon as it says something. */
export async function signalled(
  signal: NodeJS.Signals,
  sign: RegExp,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Signalled> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"], detached: true, env });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    const before = sign.test(said);
    said += part;
    if (!before && sign.test(said)) child.kill(signal);
  });
  const end = await new Promise<Signalled["end"]>((resolve) => {
    child.once("close", (code, by) => resolve(code ?? by));
  });
  if (!sign.test(said)) throw new Error(`it never said ${sign}:\n${said}`);
  return { end, said };
}

export interface KilledOptions {
  /** Whether the steps are meant that lead back. @default - those that lead forward */
  readonly isBack?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** What is done after each kill. @default - the command is given again */
  readonly after?: (step: number) => Promise<void>;
}

/**
 * Kills a command as it begins each of its steps. How many there are it says itself, so that none is left out.
 *
 * @returns how many there are
 */
export async function killedAtEachStep(
  words: readonly string[],
  { isBack = false, environment, after }: KilledOptions = {},
): Promise<number> {
  let count = 1;
  for (let step = 1; step <= count; step++) {
    const sign = new RegExp(`\\[${step}/(\\d+)\\] (${isBack ? "?=" : "?!"}going back)`);
    const { end, said } = await signalled("SIGKILL", sign, words, environment);
    if (end !== "SIGKILL") throw new Error(`it ended with ${end} at step ${step}, before it was killed:\n${said}`);
    count = Number(sign.exec(said)?.[1]);
    await after?.(step);
  }
  return count;
}
