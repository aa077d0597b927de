import { ConstructError } from "../../construct/errors";
import { quoteToken } from "./token";

/** A set of conditions with a name, which directives of the same body refer to by this object. */
export interface NamedMatcher {
  readonly kind: "matcher";
  /** Without the `@`. */
  readonly name: string;
  /** All must hold. Several values of one condition, such as two paths, are alternatives. */
  readonly conditions: readonly Directive[];
  readonly comment?: string;
}

/** A line of a Caddyfile, with a block of further lines if it has one. */
export interface Directive {
  readonly kind: "directive";
  readonly name: string;
  /** Which requests it applies to: a named matcher, or a path such as `/a/*`. Default: all. */
  readonly matcher?: NamedMatcher | string;
  readonly args: readonly string[];
  readonly body?: readonly Entry[];
  /** Why the line is there. Stands above it. */
  readonly comment?: string;
}

export type Entry = Directive | NamedMatcher;

/** A named piece that sites take in with the directive `import`. */
export interface Snippet {
  readonly name: string;
  readonly body: readonly Entry[];
  readonly comment?: string;
}

/** What answers under one or more addresses. */
export interface Site {
  readonly addresses: readonly string[];
  readonly body: readonly Entry[];
  readonly comment?: string;
}

/** A Caddyfile as data. Source: Caddy's own description, "Caddyfile Concepts". */
export interface Caddyfile {
  /** Stands at the very top. */
  readonly comment?: string;
  readonly globals: readonly Directive[];
  readonly snippets: readonly Snippet[];
  readonly sites: readonly Site[];
}

/** What a directive can have beside its name and arguments. */
export type DirectiveExtras = Partial<Pick<Directive, "matcher" | "body" | "comment">>;

/** A line: `directive("respond", ["404"], { matcher })`. */
export function directive(name: string, args: readonly string[] = [], extras: DirectiveExtras = {}): Directive {
  return { kind: "directive", name, args, ...extras };
}

/** A named set of conditions: `namedMatcher("old", [directive("path", ["/old/*"])])`. */
export function namedMatcher(name: string, conditions: readonly Directive[], comment?: string): NamedMatcher {
  return { kind: "matcher", name, conditions, ...(comment === undefined ? {} : { comment }) };
}

/**
 * The file's text, formatted as `caddy fmt` formats it, with a final line break.
 * @throws ConstructError `caddy-name` for a name that Caddy cannot read, `caddy-token` for a text that cannot be quoted,
 * `caddy-site` for a site without an address.
 */
export function renderCaddyfile(file: Caddyfile): string {
  const parts: string[][] = [];
  if (file.comment !== undefined) parts.push(commentLines(file.comment, ""));
  if (file.globals.length > 0) parts.push(["{", ...bodyLines(file.globals, "\t"), "}"]);
  for (const { name, body, comment } of file.snippets) parts.push(topLevel(`(${checkName(name)})`, body, comment));
  for (const { addresses, body, comment } of file.sites) parts.push(topLevel(addressLine(addresses), body, comment));
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function topLevel(head: string, body: readonly Entry[], comment: string | undefined): string[] {
  return [...commentLines(comment, ""), `${head} {`, ...bodyLines(body, "\t"), "}"];
}

function addressLine(addresses: readonly string[]): string {
  if (addresses.length === 0) {
    throw new ConstructError({
      code: "caddy-site",
      reason: "a site of a Caddyfile has no address",
      fix: "give the site at least one address, such as a host name",
    });
  }
  return addresses.map(quoteToken).join(", ");
}

function bodyLines(entries: readonly Entry[], indent: string): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    if (entry.comment !== undefined && lines.length > 0) lines.push("");
    lines.push(...commentLines(entry.comment, indent), ...entryLines(entry, indent));
  }
  return lines;
}

function entryLines(entry: Entry, indent: string): string[] {
  if (entry.kind === "matcher") return matcherLines(entry, indent);
  const matcher = entry.matcher === undefined ? [] : [matcherToken(entry.matcher)];
  const head = [checkName(entry.name), ...matcher, ...entry.args.map(quoteToken)].join(" ");
  return block(head, entry.body, indent);
}

function matcherLines({ name, conditions }: NamedMatcher, indent: string): string[] {
  const head = `@${checkName(name)}`;
  const [only, ...others] = conditions;
  if (only !== undefined && others.length === 0 && only.body === undefined && only.comment === undefined) {
    return [`${indent}${[head, checkName(only.name), ...only.args.map(quoteToken)].join(" ")}`];
  }
  return block(head, conditions, indent);
}

function block(head: string, body: readonly Entry[] | undefined, indent: string): string[] {
  if (body === undefined) return [`${indent}${head}`];
  return [`${indent}${head} {`, ...bodyLines(body, `${indent}\t`), `${indent}}`];
}

function matcherToken(matcher: NamedMatcher | string): string {
  return typeof matcher === "string" ? quoteToken(matcher) : `@${checkName(matcher.name)}`;
}

function commentLines(comment: string | undefined, indent: string): string[] {
  if (comment === undefined) return [];
  return comment.split("\n").map((line) => `${indent}# ${line.trim()}`.trimEnd());
}

// A directive's name is also a header operation such as `-Server` in a block of `header`, or a log field such as `request>uri`.
const NAME = /^[-+?>\w][\w.>-]*$/;

function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new ConstructError({
    code: "caddy-name",
    value: JSON.stringify(name),
    reason: "this is not a name that can start a line of a Caddyfile",
    fix: "use letters, digits, `_`, `-`, `.` and `>`",
  });
}
