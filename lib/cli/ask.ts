import type { EnvContractVariable } from "../env/contract";
import type { Ask } from "../operate/env/init";
import { visible, visibleLine } from "../report/visible";
import { UsageError } from "./report";

/** Whether there is a person to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks in the terminal. A secret is not shown while it is typed. */
export const askInTerminal: Ask = async (variable, problem) => {
  const { isCancel, log, password, text } = await import("@clack/prompts");
  if (problem !== undefined) log.warn(visible(`${variable.name} ${problem}`));
  const message = question(variable);
  const { example } = variable;
  const answer = variable.secret
    ? await password({ message })
    : await text({ message, ...(example === undefined ? {} : { placeholder: visibleLine(example) }) });
  if (isCancel(answer)) throw new Error("cancelled: nothing was written");
  return answer ?? "";
};

/** Asks whether to go on. */
export async function confirmInTerminal(message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message: visible(message), initialValue: false })) === true;
}

/**
 * Values that came in a way that nobody else on the host can read: typed, or on the standard input.
 *
 * @throws UsageError when several values would have to come from one input
 */
export async function valuesInPrivate(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  if (names.length === 0) return values;
  if (isInteractive()) {
    const { isCancel, password } = await import("@clack/prompts");
    for (const name of names) {
      const answer = await password({ message: visibleLine(`Value of ${name}`) });
      if (isCancel(answer)) throw new Error("cancelled: nothing was written");
      values.set(name, answer ?? "");
    }
    return values;
  }
  const [name, another] = names;
  if (name === undefined || another !== undefined) {
    throw new UsageError("--set-from-stdin can be given once: the standard input holds one value");
  }
  const value = (await standardInput()).replace(/\r?\n$/, "");
  if (value === "") throw new UsageError(`--set-from-stdin ${name}: the standard input is empty`);
  return values.set(name, value);
}

function question({ name, meaning }: EnvContractVariable): string {
  return visible(`${meaning.charAt(0).toUpperCase()}${meaning.slice(1)} (${name})`);
}

async function standardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString("utf8");
}
