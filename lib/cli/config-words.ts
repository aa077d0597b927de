const OWN_FLAGS: ReadonlySet<string> = new Set(["-h", "--help", "-V", "--version"]);

/** Whether words are those of `config`, with an option of Compose's own before it, too, as in `-f compose.yaml config`. */
export function isConfig(words: readonly string[]): boolean {
  const [first = ""] = words;
  if (first === "config") return !words.some((word) => OWN_FLAGS.has(word));
  return first.startsWith("-") && !OWN_FLAGS.has(first) && words.includes("config");
}
