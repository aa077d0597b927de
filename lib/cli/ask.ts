import type { EnvContractVariable } from "../env/contract";
import type { Refused } from "../operate/env/init";
import { visible, visibleLine } from "../report/visible";
import { UsageError } from "./report";

/** Whether there is a person to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks for a variable in the terminal. A secret is not shown while it is typed; other answers stay after an error. */
export async function askVariable(
  variable: EnvContractVariable,
  refused: Refused | undefined,
  title = "",
): Promise<string> {
  const { log, password, text } = await import("@clack/prompts");
  if (refused !== undefined) log.warn(visible(`${variable.name} ${refused.problem}`));
  const message = title + question(variable);
  const { example } = variable;
  const placeholder = example === undefined ? {} : { placeholder: visibleLine(example) };
  if (variable.secret) return answered<string>(await password({ message }));
  if (refused === undefined) return answered<string>(await text({ message, ...placeholder }));
  const initialValue = visibleLine(refused.answer);
  return kept(refused.answer, answered<string>(await text({ message, ...placeholder, initialValue })));
}

/** Asks for a text, with one that is there already. `check` says what is wrong with it, and it stays. */
export async function textInTerminal(
  message: string,
  { shown, check }: { readonly shown: string; readonly check: (text: string) => string | undefined },
): Promise<string> {
  const { text } = await import("@clack/prompts");
  const initialValue = visibleLine(shown);
  const validate = (value = "") => check(kept(shown, value));
  return kept(shown, answered<string>(await text({ message: visible(message), initialValue, validate })));
}

/** An answer. What was shown with its invisible characters written out, and left as it is, is what was there. */
function kept(there: string, answer: string): string {
  return answer === visibleLine(there) ? there : answer;
}

/** Has one or any number of things chosen, each with its words. */
export async function chosenInTerminal(
  message: string,
  things: readonly (readonly [value: string, words: string])[],
  howMany: "one" | "any",
): Promise<readonly string[]> {
  const { multiselect, select } = await import("@clack/prompts");
  const options = things.map(([value, words]) => ({ value, label: visible(words) }));
  const asked = { message: visible(message), options };
  return howMany === "one"
    ? [answered<string>(await select(asked))]
    : answered<string[]>(await multiselect({ ...asked, required: false }));
}

/** What was answered. @throws Error when the answer was to stop */
function answered<T>(answer: T | symbol | undefined): T {
  if (answer === undefined || typeof answer === "symbol") throw new Error("cancelled: nothing was written");
  return answer;
}

/** Asks whether to go on. */
export async function confirmInTerminal(message: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return (await confirm({ message: visible(message), initialValue: false })) === true;
}

/** Asks for a word. Empty when nobody wants to say it. */
export async function askText(message: string): Promise<string> {
  const { isCancel, text } = await import("@clack/prompts");
  const answer = await text({ message: visible(message) });
  return isCancel(answer) ? "" : (answer ?? "");
}

/**
 * Values that came in a way that nobody else on the host can read: typed, or on the standard input.
 *
 * @throws UsageError when several values would have to come from one input
 */
export async function valuesInPrivate(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (names.length > 1 && !isInteractive()) {
    throw new UsageError("--set-from-stdin can be given once: the standard input holds one value");
  }
  const values = new Map<string, string>();
  for (const name of names) values.set(name, await valueInPrivate(name));
  return values;
}

/**
 * One value, typed or on the standard input.
 *
 * @throws UsageError when there is none
 */
export async function valueInPrivate(name: string): Promise<string> {
  if (isInteractive()) {
    const { password } = await import("@clack/prompts");
    return answered<string>(await password({ message: visibleLine(`Value of ${name}`) }));
  }
  const value = (await standardInput()).replace(/\r?\n$/, "");
  if (value === "") throw new UsageError(`the value of ${name} is wanted on the standard input, which is empty`);
  return value;
}

/**
 * The key of a repository, typed or from the standard input.
 *
 * @throws UsageError when there is none
 */
export async function keyInPrivate(fromInput: boolean): Promise<string> {
  const { isCancel, password } = await import("@clack/prompts");
  const typed = fromInput ? await standardInput() : await password({ message: "Key of the repository" });
  const key = isCancel(typed) ? "" : (typed ?? "").trim();
  if (key === "") throw new UsageError("restore --new: there is no key: it was shown when the first backup was made");
  return key;
}

function question({ name, meaning }: EnvContractVariable): string {
  return visible(`${meaning.charAt(0).toUpperCase()}${meaning.slice(1)} (${name})`);
}

async function standardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString("utf8");
}
