import type { CommandRow, OptionRow } from "./command-table";

/** The shells that can complete the words of the command. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** The script that has a shell complete the words of the command. */
export const COMPLETION: Readonly<Record<Shell, (rows: readonly CommandRow[]) => string>> = { bash, zsh, fish };

/** What bash and zsh have different words for. */
interface Words {
  readonly folders: string;
  readonly files: string;
  readonly choose: (words: readonly string[]) => string;
  /** What can come after the words of a command. */
  readonly next: (row: CommandRow) => string;
}

function bash(rows: readonly CommandRow[]): string {
  const offer = (flags: string) => `mapfile -t COMPREPLY < <(compgen ${flags} -- "$current")`;
  const choose = (words: readonly string[]) => offer(`-W ${quoted(words.join(" "))}`);
  return `# bash completion of lamb-compose: source <(lamb-compose completion bash)
_lamb_compose() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      ${withValue(rows)}) ((at++)) ;;
      -*) ;;
      *) command="$command\${command:+ }\${COMP_WORDS[at]}" ;;
    esac
  done
${branches(rows, { folders: offer("-d"), files: offer("-f"), choose, next: (row) => choose(wordsOf(row)) })}
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then ${offer("-f")}; fi
}
complete -F _lamb_compose lamb-compose
`;
}

function zsh(rows: readonly CommandRow[]): string {
  const described = (row: CommandRow) =>
    [
      ...row.commands.map(({ name, about }) => `${name}:${about}`),
      ...row.options.flatMap(({ words, about }) => words.map((word) => `${word}:${about}`)),
    ].map((text) => quoted(text.replaceAll("\n", " ")));
  const words: Words = {
    folders: "_files -/",
    files: "_files",
    choose: (all) => `compadd -- ${all.map(quoted).join(" ")}`,
    next: (row) => `found=(${described(row).join(" ")})`,
  };
  return `#compdef lamb-compose
# zsh completion of lamb-compose: lamb-compose completion zsh > "\${fpath[1]}/_lamb-compose"
_lamb_compose() {
  local before=\${words[CURRENT-1]} command="" at
  local -a found
  for ((at = 2; at < CURRENT; at++)); do
    case \${words[at]} in
      ${withValue(rows)}) ((at++)) ;;
      -*) ;;
      *) command="$command\${command:+ }\${words[at]}" ;;
    esac
  done
${branches(rows, words)}
  _describe 'lamb-compose' found || _files
}
if [ "$funcstack[1]" = _lamb-compose ]; then _lamb_compose "$@"; else compdef _lamb_compose lamb-compose; fi
`;
}

/** The options after which a value comes, as a pattern. */
function withValue(rows: readonly CommandRow[]): string {
  const options = rows.flatMap((row) => row.options).filter(({ value }) => value !== "");
  return [...new Set(options.flatMap(({ words }) => words))].join("|");
}

/** What is offered after a command and the word before: the values of an option, or what comes next. */
function branches(rows: readonly CommandRow[], words: Words): string {
  const branch = (row: CommandRow) => {
    const options = row.options.filter(({ value }) => value !== "");
    const values = options.map((option) => `        ${option.words.join("|")}) ${valuesOf(option, words)}; return ;;`);
    const asked = values.length === 0 ? [] : ["      case $before in", ...values, "      esac"];
    return [`    ${patternOf(row)})`, ...asked, `      ${words.next(row)} ;;`].join("\n");
  };
  // The longest one first.
  return ["  case $command in", ...rows.map(branch).reverse(), "  esac"].join("\n");
}

function valuesOf({ value, choices }: OptionRow, { folders, files, choose }: Words): string {
  if (choices.length > 0) return choose(choices);
  return value === "<DIR>" ? folders : files;
}

function fish(rows: readonly CommandRow[]): string {
  const lines = rows.flatMap(({ path, commands, options }) => {
    const at = condition(
      path,
      commands.map(({ name }) => name),
    );
    return [
      ...commands.map(({ name, about }) => `complete -c lamb-compose -f -n ${at} -a ${name} -d ${escaped(about)}`),
      ...options.map(({ words, value, about, choices }) => {
        const names = words.map((word) => (word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`));
        const given =
          choices.length > 0
            ? ` -x -a ${escaped(choices.join(" "))}`
            : value === ""
              ? ""
              : value === "<DIR>"
                ? " -x -a '(__fish_complete_directories)'"
                : " -r";
        return `complete -c lamb-compose -n ${at} ${names.join(" ")}${given} -d ${escaped(about)}`;
      }),
    ];
  });
  return `# fish completion of lamb-compose: lamb-compose completion fish > ~/.config/fish/completions/lamb-compose.fish\n${lines.join("\n")}\n`;
}

/** Matches the path of a command, and what is given to it. */
function patternOf({ path }: CommandRow): string {
  return path === "" ? "*" : `${quoted(path)}|${quoted(`${path} `)}*`;
}

/** When a command's own words can come: after it, and before one of those below it. */
function condition(path: string, below: readonly string[]): string {
  const seen = path.split(" ").filter((word) => word !== "");
  const said = seen.map((word) => `__fish_seen_subcommand_from ${word}`);
  const unsaid = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(" ")}`];
  const all = [...said, ...unsaid];
  return `'${all.length === 0 ? "true" : all.join("; and ")}'`;
}

function wordsOf({ commands, options }: CommandRow): readonly string[] {
  return [...commands.map(({ name }) => name), ...options.flatMap(({ words }) => words)];
}

/** For bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For fish, where a backslash means something in single quotes. */
function escaped(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", " ")}'`;
}
