import type { Command } from "commander";
import { formatEnvProblem } from "../env/check";
import type { Change, ChangeRequest, ChangeResult, RelinkOffer } from "../operate/env/change";
import type { DeploymentDirectory } from "../operate/env/directory";
import { confirmInTerminal, isInteractive, textInTerminal, valueInPrivate } from "./ask";
import { reportRights } from "./env-plan";
import { exitLines } from "./exit-text";
import { type Ending, end, TROUBLE } from "./operation";
import { AS_JSON, DIR } from "./options";
import { progressInLines } from "./progress";
import { composeIn, say, UsageError, warn } from "./report";

const ABOUT = `
If the deployment runs, the services that use NAME are restarted with the value, in order, and checked from outside; the state
is kept. Data that contain a key between services are rewritten in a copy, which takes their place. A public address is
replaced in the data with --relink; in a terminal it asks. If anything fails, the earlier value comes back. If it is
interrupted, run the same command again: it continues.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

const ABOUT_SET = `
A value that is not a secret can follow NAME. Without one, it asks for it, or reads it from the standard input where there is
no terminal. From a store of secrets: --from-command 'op read op://lamb/openai/key'.
${ABOUT}`;

interface Words {
  readonly dir: string;
  readonly restart: boolean;
  readonly relink?: boolean;
  readonly abort?: true;
  readonly yes?: true;
  readonly json?: true;
  readonly fromCommand?: string;
}

/** Adds the commands that give a variable of a deployment another value. */
export function registerChanges(env: Command): void {
  withOptions(env.command("set").argument("<NAME>").argument("[VALUE]", "not allowed for a secret"))
    .description("set a variable in .env, and restart what uses it")
    .option("--from-command <COMMAND>", "take the value from what a command prints")
    .addHelpText("after", ABOUT_SET)
    .action((word: string, second: string | undefined, words: Words) => {
      const [name, value] = second === undefined ? assigned(word) : [word, second];
      return end(words.json === true, () =>
        change(name, words, (deployment) => valueFor(name, value, words, deployment)),
      );
    });
  withOptions(env.command("rotate").argument("<NAME>"))
    .description("replace a generated secret, and restart what uses it")
    .addHelpText("after", ABOUT)
    .action((name: string, words: Words) => {
      if (words.yes !== true && words.abort !== true && !isInteractive()) {
        throw new UsageError(
          `env rotate ${name}: there is no terminal to ask in; add --yes, with which it does not ask`,
        );
      }
      return end(words.json === true, () => change(name, words, undefined));
    });
}

function withOptions(command: Command): Command {
  return command
    .option(...DIR)
    .option("--no-restart", "only write the value; what runs keeps the earlier one")
    .option("--relink", "replace the earlier public address in the data that contain it, too")
    .option("--no-relink", "do not replace the earlier value in the data, not even a key between services")
    .option("--abort", "undo one that was interrupted")
    .option("--yes", "do not ask; needed where there is no terminal")
    .option(...AS_JSON);
}

/** A name, and the value behind the `=` that somebody writes as in an `.env`. */
function assigned(word: string): readonly [name: string, value: string | undefined] {
  const at = word.indexOf("=");
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

async function valueFor(
  name: string,
  value: string | undefined,
  { fromCommand }: Words,
  { contract, env }: DeploymentDirectory,
): Promise<string> {
  const [{ isSecretIn, refuseUnknown, secretInSet }, { valueOfCommand }, { EnvReading }] = await Promise.all([
    import("../operate/env/set"),
    import("../operate/env/from-command"),
    import("../env/reading"),
  ]);
  const isSecret = isSecretIn(contract, name);
  refuseUnknown(contract, name);
  if (value !== undefined && fromCommand !== undefined) throw new UsageError("a value, or --from-command: not both");
  if (value !== undefined && isSecret) throw secretInSet(name);
  if (value !== undefined) return value;
  if (fromCommand !== undefined) return valueOfCommand(fromCommand);
  if (isSecret || !isInteractive()) return valueInPrivate(name);
  const shown = new EnvReading(contract, env.text ?? "").file.value(name) ?? "";
  return textInTerminal(`Value of ${name}`, { shown, check: () => undefined });
}

async function change(name: string, words: Words, value: ChangeRequest["value"]): Promise<Ending> {
  const { dir, restart, abort = false } = words;
  const { changeVariable } = await import("../operate/env/change");
  const request = { dir, name, value, restart, abort, environment: process.env, now: new Date() };
  const agrees = (plan: Change) => agreed(plan, words, value !== undefined);
  const relinks = (offer: RelinkOffer) => relinked(offer, words);
  return endingOf(name, words, await changeVariable({ ...request, progress: progressInLines(), agrees, relinks }));
}

/** Says what data have saved, and whether it is rewritten there: a key always, an address where somebody wants it. */
async function relinked({ columns, isKey }: RelinkOffer, { relink, json, yes }: Words): Promise<boolean> {
  if (json !== true) for (const { holds, changed } of columns) say(`saved in the data: ${holds}, ${changed} rows`);
  if (relink !== undefined) return relink;
  if (isKey) return true;
  return yes !== true && isInteractive() && (await confirmInTerminal("Replace it in the data, too?"));
}

/** Says what comes, and asks. A value that somebody gives for what does not run needs no second word. */
async function agreed(
  { name, effect, restarts, isRunning, warnings, file, saved }: Change,
  { yes, json }: Words,
  isGiven: boolean,
) {
  if (json !== true) {
    for (const problem of warnings) warn(formatEnvProblem(problem, file));
    for (const sentence of effect?.stops ?? []) say(sentence);
    if (saved?.relinks === true) say("the data are copied, and rewritten in the copy; the original stays as it is");
    if (isRunning) say(restarts.length === 0 ? "nothing that runs uses it" : `restarts: ${restarts.join(", ")}`);
  }
  if (yes === true || (isGiven && !isRunning)) return true;
  return isInteractive() && (await confirmInTerminal(`Give ${name} a new value?`));
}

function endingOf(name: string, { dir, json, abort }: Words, result: ChangeResult): Ending {
  switch (result.kind) {
    case "nothing-to-do":
      return { outcome: "ok", text: `${name} has this value already`, json: { changed: false } };
    case "not-agreed":
      return isInteractive()
        ? { outcome: "ok", text: "nothing was changed", json: { changed: false } }
        : { outcome: "refused", text: "nothing was changed; with --yes it does not ask", json: { changed: false } };
    case "written":
      if (json !== true) reportWritten(name, dir, result);
      return { outcome: "ok", json: { changed: true, backup: result.backup, restarts: result.change.restarts } };
    case "ended":
      return ended(name, abort === true, result);
  }
}

function reportWritten(name: string, dir: string, result: ChangeResult & { readonly kind: "written" }): void {
  const { env, backup, start, change: done } = result;
  const { effect, restarts } = done;
  say(`${name} has a new value in ${env.realPath}`);
  reportRights(env);
  if (backup !== undefined) say(`backup with the old one: ${backup}`);
  say("next:");
  const recreates = restarts.length === 0 ? "" : `     recreates ${restarts.join(", ")}`;
  say(`  ${composeIn(dir, start.words)} up -d --wait${recreates}`);
  for (const sentence of effect?.byHand ?? []) say(`  ${sentence}`);
  if (backup !== undefined) say("  When all is well, remove the backup.");
  for (const note of start.notes) warn(`note: ${note}`);
  if (process.env[name] !== undefined) {
    warn(`note: ${name} is set in this shell's environment, too, and wins over .env: unset ${name}`);
  }
}

function ended(name: string, abort: boolean, result: ChangeResult & { readonly kind: "ended" }): Ending {
  const { outcome, error, second, state, facts, effect, left } = result;
  if (abort && outcome === "returned")
    return { outcome: "ok", text: `${name} has its earlier value again`, json: { state } };
  const byHand = (effect?.byHand ?? []).map((sentence) => `\n  ${sentence}`).join("");
  const kept =
    left === 0 ? "" : `\n  ${left} rows of the data still have the earlier value: lamb-compose relink rewrites them`;
  const text: typeof TROUBLE = {
    ...TROUBLE,
    ok: `${name} has a new value, and what runs has it; the state is kept as ${facts.kept}, and the value from before in state ${state}${byHand}${kept}`,
    returned: `${name} has its earlier value again, also in what runs`,
  };
  return { outcome, error: second ?? error, text: text[outcome], json: { state: facts.kept, before: state } };
}
