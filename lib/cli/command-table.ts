import type { Command, Option } from "commander";

/** An option, as completion and manual show it. */
export interface OptionRow {
  /** `--dir`, and `-d` where there is one. */
  readonly words: readonly string[];
  /** `<DIR>`. Empty for one without a value. */
  readonly value: string;
  readonly about: string;
  /** The values that it takes, when there are only these. */
  readonly choices: readonly string[];
}

/** A command, as completion and manual show it. */
export interface CommandRow {
  /** The words that lead to it: `env check`. Empty for the program itself. */
  readonly path: string;
  readonly usage: string;
  readonly about: string;
  /** What its help says below its options. */
  readonly more: string;
  readonly options: readonly OptionRow[];
  /** The words that can come next, with what they do. */
  readonly commands: readonly { readonly name: string; readonly about: string }[];
}

/** Every command, parents first, from the program itself: there is no second list. */
export function commandTable(program: Command): readonly CommandRow[] {
  const rows: CommandRow[] = [];
  const open: (readonly [Command, string])[] = [[program, ""]];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [command, path] = next;
    const help = command.createHelp();
    const below = help.visibleCommands(command).filter((one) => one.name() !== "help");
    rows.push({
      path,
      usage: help.commandUsage(command),
      about: command.description(),
      more: moreOf(command),
      options: help.visibleOptions(command).map(optionRow),
      commands: below.map((one) => ({ name: one.name(), about: one.description() })),
    });
    open.unshift(...below.map((one) => [one, path === "" ? one.name() : `${path} ${one.name()}`] as const));
  }
  return rows;
}

function optionRow({ flags, description, argChoices, long, short }: Option): OptionRow {
  return {
    words: [long, short].filter((word): word is string => typeof word === "string"),
    value: /[<[].*[>\]]/.exec(flags)?.[0] ?? "",
    about: description,
    choices: argChoices ?? [],
  };
}

/** What `addHelpText` has added. */
function moreOf(command: Command): string {
  let text = "";
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput(before);
  return text.slice(text.indexOf(command.helpInformation()) + command.helpInformation().length).trim();
}
