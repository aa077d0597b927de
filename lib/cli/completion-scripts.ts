import type { CommandRow, OptionRow } from "./command-table";

/** The shells that can complete the words of the command. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** The script that has a shell complete the words of the command. */
export const COMPLETION: Readonly<Record<Shell, (rows: readonly CommandRow[]) => string>> = { bash, zsh, fish };

/** Bash and zsh have the words that came before as `path`: the commands alone, without options and their values. */
function bash(rows: readonly CommandRow[]): string {
  const values = rows.flatMap(({ options }) => options).filter(({ value }) => value !== "");
  const withValue = [...new Set(values.flatMap(({ words }) => words))];
  return `# bash completion of lamb-compose: source <(lamb-compose completion bash)
_lamb_compose() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} path="" words="" at word
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      ${withValue.join("|")}) ((at++)) ;;
      -*) ;;
      *) path="$path\${path:+ }$word" ;;
    esac
  done
  case $before in
${folderCase(values)}
${choiceCases(values)}
  esac
  case $path in
${rows
  .map((row) => `    ${patternOf(row)}) words=${quoted(wordsOf(row).join(" "))} ;;`)
  .reverse()
  .join("\n")}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
}
complete -F _lamb_compose lamb-compose
`;
}

function folderCase(options: readonly OptionRow[]): string {
  const words = [...new Set(options.filter(({ value }) => value === "<DIR>").flatMap((option) => option.words))];
  return `    ${words.join("|")}) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;`;
}

function choiceCases(options: readonly OptionRow[]): string {
  const cases = options
    .filter(({ choices }) => choices.length > 0)
    .map(({ words, choices }) => {
      const reply = `mapfile -t COMPREPLY < <(compgen -W ${quoted(choices.join(" "))} -- "$current")`;
      return `    ${words.join("|")}) ${reply}; return ;;`;
    });
  return [...new Set(cases)].join("\n");
}

function zsh(rows: readonly CommandRow[]): string {
  const described = (row: CommandRow) =>
    [
      ...row.commands.map(({ name, about }) => `${name}:${about}`),
      ...row.options.flatMap(({ words, about }) => words.map((word) => `${word}:${about}`)),
    ]
      .map((text) => quoted(text.replaceAll("\n", " ")))
      .join(" ");
  return `#compdef lamb-compose
# zsh completion of lamb-compose: lamb-compose completion zsh > "\${fpath[1]}/_lamb-compose"
_lamb_compose() {
  local path="" word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] || path="$path\${path:+ }$word"
  done
  if [[ \${words[CURRENT-1]} == --dir ]]; then _files -/; return; fi
  case $path in
${rows
  .map((row) => `    ${patternOf(row)}) found=(${described(row)}) ;;`)
  .reverse()
  .join("\n")}
  esac
  _describe 'lamb-compose' found || _files
}
if [ "$funcstack[1]" = _lamb-compose ]; then _lamb_compose "$@"; else compdef _lamb_compose lamb-compose; fi
`;
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
