import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  CHOICE_LIST,
  type ChoiceName,
  choicesAmong,
  dashed,
  readWord,
  SETTINGS,
  type SettingName,
} from "../operate/choices";
import type { InitResult } from "../operate/init";
import { reportFindings } from "../policy/report";
import { isInteractive } from "./ask";
import { reportEnv, reportGitIgnore, type ValueWords, valuesOf, withValueOptions } from "./env-plan";
import { composeIn, ownIn, say, UsageError, warn } from "./report";
import { printError } from "./streams";

const ABOUT = `
At a terminal it asks for what it must know of a new deployment; without one, or with all of it given, it asks nothing.
A later run keeps the choices of the earlier one: they are in lamb-init.json. What is switched on is switched off by the
same word with no- before it: --no-caddy.

  on a laptop              lamb-compose init --no-caddy --set OWI_ADMIN_EMAIL=me@uni.edu
  on a server              lamb-compose init
  in a closed network      lamb-compose init --tls internal --registry registry.uni.edu/lamb
  behind your own proxy    lamb-compose init --tls proxied --trusted-proxies private_ranges --http-port 8080
  with one host name       lamb-compose init --openwebui-port 8443
  campus authority         lamb-compose init --acme-directory https://acme.uni.edu/directory --acme-root`;

/** Adds the command that makes a deployment. */
export function registerInit(program: Command): void {
  const command = program
    .command("init")
    .description("write LAMB's deployment and its .env into a directory; run again, bring them up to date")
    .option("--dir <DIR>", "where to write", ".");
  withChoiceOptions(command);
  for (const [name, { value, about }] of Object.entries(SETTINGS)) command.option(`--${dashed(name)} ${value}`, about);
  withValueOptions(command)
    .option("--force", "overwrite generated files that were changed by hand")
    .addHelpText("after", ABOUT)
    .action(init);
}

/** Adds the options that choose what a deployment is made of. */
export function withChoiceOptions(command: Command): Command {
  for (const [name, { kind, value, about, otherwise }] of CHOICE_LIST) {
    const text = otherwise === undefined ? about : `${about} (default: ${otherwise})`;
    const word = `--${dashed(name)}`;
    if (kind === "switch") command.option(word, text).addOption(new Option(`--no-${dashed(name)}`).hideHelp());
    else command.option(`${word} ${value}`, text, (given: string) => readAs(kind, given));
  }
  return command;
}

function readAs(kind: Parameters<typeof readWord>[0], word: string): ReturnType<typeof readWord> {
  try {
    return readWord(kind, word);
  } catch (error) {
    throw error instanceof RangeError ? new InvalidArgumentError(error.message) : error;
  }
}

type Words = ValueWords &
  Readonly<Partial<Record<ChoiceName | SettingName, unknown>>> & { readonly dir: string; readonly force?: true };

async function init(words: Words): Promise<void> {
  const [{ initialize }, { existingProjects }, { settingsAmong }, { heldInProject }, { Docker }] = await Promise.all([
    import("../operate/init"),
    import("../operate/project-names"),
    import("../operate/settings"),
    import("../operate/layers"),
    import("../operate/engine/docker"),
  ]);
  const { dir, force } = words;
  const { given, givenInPrivate, ask } = await valuesOf(words);
  let request = {
    dir,
    force,
    choices: choicesAmong(words),
    given: new Map([...given, ...usable(() => settingsAmong(words))]),
    givenInPrivate,
    ask,
    existing: existingProjects,
    held: (project: string) => heldInProject(new Docker(process.env), project, dir),
  };
  if (isInteractive()) {
    const { askForDeployment } = await import("./questions");
    request = await askForDeployment(request);
  }
  report(dir, await initialize(request));
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function report(dir: string, { deployment, files, env, notes, gitIgnore, next, start }: InitResult): void {
  const findings = deployment.synthesis.findings.filter(({ severity }) => severity !== "suppressed");
  printError(reportFindings(findings));
  for (const path of files.written) say(`wrote ${join(dir, path)}`);
  for (const path of files.removed) say(`removed ${join(dir, path)}`);
  for (const path of files.kept) say(`left ${join(dir, path)}, which was changed by hand`);
  if (files.unchanged.length > 0) say(`${files.unchanged.length} file(s) were up to date`);
  reportEnv(env);
  for (const note of [...notes, ...start.notes]) warn(`note: ${note}`);
  reportGitIgnore(gitIgnore);
  const up = `${composeIn(dir, start.words)} up -d --wait`;
  if (process.exitCode !== undefined && process.exitCode !== 0) {
    say(`when that is corrected: ${ownIn(dir, ["env", "check"])}`);
    say(`  and when nothing is wrong any more: ${up}`);
    return;
  }
  say(`next: ${next.command === undefined ? up : ownIn(dir, [next.command])}`);
  for (const { what, compose, own } of next.hints) {
    const command = compose === undefined ? own && ownIn(dir, own) : composeIn(dir, [...start.words, ...compose]);
    say(`  ${what}${command === undefined ? "" : `: ${command}`}`);
  }
  if (next.address === undefined || next.login === undefined) return;
  const isDrawn = env.added.some(({ name, from }) => name === "OWI_ADMIN_PASSWORD" && from === "generated");
  say(
    `then open ${next.address} and log in as ${next.login}${isDrawn ? "; the password is in .env: OWI_ADMIN_PASSWORD" : ""}`,
  );
}
