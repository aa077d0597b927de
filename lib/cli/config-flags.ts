/** What the words of `docker compose … config …` say. */
export interface ConfigWords {
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly services: readonly string[];
  readonly values: ReadonlyMap<ValueFlag, string>;
  readonly switches: ReadonlySet<Switch>;
}

/** Flags with a value that is given once. */
const VALUES = ["--project-directory", "--project-name", "--format", "--output", "--hash", "--compose"] as const;

const SWITCHES = [
  "--all-resources",
  "--compatibility",
  "--environment",
  "--help",
  "--images",
  "--lock-image-digests",
  "--models",
  "--networks",
  "--no-consistency",
  "--no-env-resolution",
  "--no-interpolate",
  "--no-normalize",
  "--no-path-resolution",
  "--profiles",
  "--quiet",
  "--resolve-image-digests",
  "--services",
  "--variables",
  "--volumes",
] as const;

export type ValueFlag = (typeof VALUES)[number];

export type Switch = (typeof SWITCHES)[number];

type Kind = "file" | "env-file" | "profile" | ValueFlag | Switch;

/** Word → what it is. */
const FLAGS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["-f", "file"],
  ["--file", "file"],
  ["--env-file", "env-file"],
  ["--profile", "profile"],
  ["-p", "--project-name"],
  ["-o", "--output"],
  ["-q", "--quiet"],
  ["-h", "--help"],
  ...[...SWITCHES, ...VALUES].map((flag) => [flag, flag] as const),
]);

const SWITCH_SET: ReadonlySet<string> = new Set(SWITCHES);
const VALUE_SET: ReadonlySet<string> = new Set(VALUES);

function isSwitch(kind: Kind): kind is Switch {
  return SWITCH_SET.has(kind);
}

function isValue(kind: Kind): kind is ValueFlag {
  return VALUE_SET.has(kind);
}

/** Words that cannot be read; the message is Compose's. */
export class WordsError extends Error {
  override readonly name = "WordsError";
}

/** `-fa.yaml` and `--file=a.yaml` in two parts. */
function split(word: string): readonly [flag: string, value: string | undefined] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  return word.length > 2 ? [word.slice(0, 2), word.slice(2).replace(/^=/, "")] : [word, undefined];
}

/** Reads the words behind `lamb-compose`; the word `config` can stand anywhere among the flags. @throws WordsError */
export function parseConfigWords(words: readonly string[]): ConfigWords {
  const files: string[] = [];
  const envFiles: string[] = [];
  const profiles: string[] = [];
  const services: string[] = [];
  const values = new Map<ValueFlag, string>();
  const switches = new Set<Switch>();
  let seenConfig = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-") || word === "-") {
      if (word === "config" && !seenConfig) seenConfig = true;
      else services.push(word);
      continue;
    }
    const [flag, inline] = split(word);
    const kind = FLAGS.get(flag);
    if (kind === undefined) {
      throw new WordsError(
        flag.startsWith("--") ? `unknown flag: ${flag}` : `unknown shorthand flag: '${flag[1]}' in ${word}`,
      );
    }
    if (isSwitch(kind)) {
      if (inline !== "false") switches.add(kind);
      continue;
    }
    const value = inline ?? words[++at];
    if (value === undefined) throw new WordsError(`flag needs an argument: ${flag}`);
    if (isValue(kind)) values.set(kind, value);
    else if (kind === "env-file") envFiles.push(...value.split(","));
    else if (kind === "file") files.push(value);
    else profiles.push(value);
  }
  return { files, envFiles, profiles, services, values, switches };
}
