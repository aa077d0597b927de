import { ConstructError } from "../../construct/errors";

/** A directive of a Caddyfile, a matcher, a site or a snippet: words, and what stands in its braces. */
export interface CaddyNode {
  readonly words: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly children: readonly CaddyNode[];
}

interface Token {
  readonly text: string;
  readonly line: number;
  /** Quoted words are never braces. */
  readonly isQuoted: boolean;
}

/** Words, quoted words, words in back quotes, and comments, which begin at the start of a word. */
const TOKEN =
  /[ \t\r]+|\\\r?\n|(?<break>\n)|(?<comment>#[^\n]*)|"(?<quoted>[^"\\]*(?:\\.[^"\\]*)*)"|`(?<raw>[^`]*)`|(?<word>[^\s]+)/gs;

function* tokens(text: string): Generator<Token | "break"> {
  let line = 1;
  for (const match of text.matchAll(TOKEN)) {
    const { break: newline, quoted, raw, word } = match.groups ?? {};
    if (newline !== undefined) yield "break";
    else if (word !== undefined) yield { text: word, line, isQuoted: false };
    else if (quoted !== undefined || raw !== undefined) yield { text: quoted ?? raw ?? "", line, isQuoted: true };
    line += match[0].split("\n").length - 1;
  }
}

/** Nobody writes so many blocks in each other, imported snippets included; each node knows all blocks around it. */
const MAX_DEPTH = 100;

/**
 * The blocks of a Caddyfile, as far as its words and braces say: no directive is understood.
 *
 * @throws ConstructError `too-deep`
 */
export function readCaddyfile(text: string): readonly CaddyNode[] {
  const root: CaddyNode[] = [];
  const open: CaddyNode[][] = [root];
  let words: string[] = [];
  let line = 0;
  const finish = (children: CaddyNode[]): void => {
    open.at(-1)?.push({ words, line, children });
    words = [];
  };
  for (const token of tokens(text)) {
    if (token === "break") {
      // A site's addresses go on after a comma.
      if (words.length > 0 && !words.at(-1)?.endsWith(",")) finish([]);
    } else if (token.text === "{" && !token.isQuoted) {
      if (words.length === 0) line = token.line;
      const children: CaddyNode[] = [];
      finish(children);
      open.push(children);
      if (open.length > MAX_DEPTH) throw tooDeep(token.line);
    } else if (token.text === "}" && !token.isQuoted) {
      if (words.length > 0) finish([]);
      if (open.length > 1) open.pop();
    } else {
      if (words.length === 0) line = token.line;
      words.push(token.text);
    }
  }
  if (words.length > 0) finish([]);
  return root;
}

function tooDeep(line: number): ConstructError {
  return new ConstructError({
    code: "too-deep",
    path: `line ${line}`,
    reason: `is in more than ${MAX_DEPTH} blocks, imported snippets included`,
    fix: "close the blocks before it, or look for a brace without its partner",
  });
}

/** A node, and the nodes whose braces it stands in, outermost first. */
export interface Placed {
  readonly node: CaddyNode;
  readonly within: readonly CaddyNode[];
}

/** Snippets that import each other twice over grow without end; no Caddyfile has so much to say. */
const MOST = 100_000;

/** How many directives may still be looked at. One for a whole file: many sites can import one large snippet. */
export interface Room {
  left: number;
}

export const room = (): Room => ({ left: MOST });

/**
 * Everything in a site, imported snippets in their place.
 *
 * @throws ConstructError `too-deep`, `too-large`
 */
export function contentsOf(
  site: CaddyNode,
  snippets: ReadonlyMap<string, CaddyNode>,
  space: Room = room(),
): readonly Placed[] {
  const found: Placed[] = [];
  const open: Placed[] = [...site.children].reverse().map((node) => ({ node, within: [] }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, within } = next;
    if (space.left-- <= 0) throw tooLarge(site.line);
    found.push(next);
    const [name, imported = ""] = node.words;
    const snippet =
      name === "import" && !within.some((outer) => isImportOf(outer, imported)) ? snippets.get(imported) : undefined;
    const children = snippet?.children ?? node.children;
    if (children.length > 0 && within.length >= MAX_DEPTH) throw tooDeep(node.line);
    const around = [...within, node];
    for (const child of [...children].reverse()) open.push({ node: child, within: around });
  }
  return found;
}

function tooLarge(line: number): ConstructError {
  return new ConstructError({
    code: "too-large",
    path: `line ${line}`,
    reason: `the sites up to here have more than ${MOST} directives, imported snippets included at each import`,
    fix: "look for a snippet that is imported far too often, or look at parts of the file by themselves",
  });
}

function isImportOf({ words }: CaddyNode, snippet: string): boolean {
  return words[0] === "import" && words[1] === snippet;
}
