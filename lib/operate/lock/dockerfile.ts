import { tryInterpolate } from "../../compose/template/interpolate";
import { addTo } from "../../spec/group";

/** An instruction of a Dockerfile: its name in capitals, and the rest of it on one line. */
interface Instruction {
  readonly name: string;
  readonly words: string;
}

const ESCAPE = /^#\s*escape\s*=\s*(\S)\s*$/i;
const DIRECTIVE = /^#\s*\w+\s*=/;
const HEREDOC = /(?:^|\s)\d*<<(-?)(["']?)(\w+)\2(?=\s|$)/g;
/** Instructions behind which the text of a file may stand. */
const WITH_HEREDOC: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD"]);

/**
 * The images that a Dockerfile begins stages with or copies from, build arguments at their defaults. A name that an
 * argument without a default stands in is as it is written.
 */
export function imagesInDockerfile(text: string): readonly string[] {
  const args = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const images: string[] = [];
  let count = 0;
  const found = (written: string) => {
    const name = unquoted(written);
    const image = expanded(name, args) ?? name;
    if (!stages.has(image.toLowerCase())) images.push(image);
  };
  for (const { name, words } of instructionsIn(text)) {
    if (name === "ARG" && count === 0) {
      for (const [arg, value] of argumentsIn(words)) {
        const known = value === undefined ? undefined : expanded(value, args);
        if (known !== undefined) args.set(arg, known);
      }
    } else if (name === "FROM") {
      const [image = "", as = "", stage = ""] = words.split(/\s+/).filter((word) => !word.startsWith("--"));
      found(image);
      stages.add(String(count++));
      if (as.toLowerCase() === "as") stages.add(stage.toLowerCase());
    } else {
      for (const source of sourcesIn(name, words)) found(source);
    }
  }
  return [...new Set(images)];
}

/** Where an instruction takes files from: `COPY --from=…`, `RUN --mount=…,from=…`. */
function* sourcesIn(name: string, words: string): Generator<string> {
  for (const word of words.split(/\s+/)) {
    if (!word.startsWith("--")) return;
    if (name === "COPY" && word.startsWith("--from=")) yield word.slice("--from=".length);
    if (name !== "RUN" || !word.startsWith("--mount=")) continue;
    const from = word
      .slice("--mount=".length)
      .split(",")
      .find((option) => option.startsWith("from="));
    if (from !== undefined) yield from.slice("from=".length);
  }
}

/** `NAME=value NAME="value" NAME`. */
function* argumentsIn(words: string): Generator<readonly [name: string, value: string | undefined]> {
  for (const [, name = "", value] of words.matchAll(/(?<!\S)(\w+)(?:=("[^"]*"|'[^']*'|\S*))?(?:\s+|$)/g)) {
    yield [name, value === undefined ? undefined : unquoted(value)];
  }
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/, "$2");
}

/** The text with its arguments. `undefined` when one of them has no value. */
function expanded(text: string, args: ReadonlyMap<string, string>): string | undefined {
  const result = tryInterpolate(text, (name) => args.get(name), { lazy: true });
  return result?.unset.length === 0 ? result.text : undefined;
}

function* instructionsIn(text: string): Generator<Instruction> {
  const lines = text.split(/\r?\n/);
  const sign = continuationIn(lines);
  let plain: Lines | undefined;
  let indented: Lines | undefined;
  const linesOf = (isIndented: boolean): Lines => {
    plain ??= new Lines(lines);
    if (!isIndented) return plain;
    indented ??= new Lines(lines.map((line) => line.replace(/^\t+/, "")));
    return indented;
  };
  let joined = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^\s*(?:#|$)/.test(line)) continue;
    const goesOn = line.trimEnd().endsWith(sign);
    joined += goesOn ? `${line.trimEnd().slice(0, -1)} ` : line;
    if (goesOn && at < lines.length - 1) continue;
    const [, name = "", words = ""] = /^\s*(\w+)\s+(.*)$/s.exec(joined) ?? [];
    joined = "";
    if (name === "") continue;
    const instruction = { name: name.toUpperCase(), words: words.trim() };
    if (WITH_HEREDOC.has(instruction.name)) at = behindHeredocs(at, words, linesOf);
    yield instruction;
  }
}

/** The sign at the end of a line that goes on in the next. Directives stand before everything else. */
function continuationIn(lines: readonly string[]): string {
  for (const line of lines) {
    if (!DIRECTIVE.test(line)) return "\\";
    const sign = ESCAPE.exec(line)?.[1];
    if (sign !== undefined) return sign;
  }
  return "\\";
}

/** Where lines of a text stand, so that none is looked for twice. */
class Lines {
  private readonly places = new Map<string, number[]>();

  constructor(lines: readonly string[]) {
    for (const [index, line] of lines.entries()) addTo(this.places, line, index);
  }

  /** The first such line behind another one. */
  after(line: string, at: number): number | undefined {
    const places = this.places.get(line) ?? [];
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return places[low];
  }
}

/** The last line of the texts that an instruction brings with it. */
function behindHeredocs(from: number, words: string, linesOf: (isIndented: boolean) => Lines): number {
  let at = from;
  for (const [, dash, , end = ""] of words.matchAll(HEREDOC)) {
    const after = linesOf(dash === "-").after(end, at);
    if (after === undefined) return at;
    at = after;
  }
  return at;
}
