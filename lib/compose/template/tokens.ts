/** How `${NAME…}` decides between its value and the text behind the operator. */
export type Operator = ":-" | "-" | ":?" | "?" | ":+" | "+";

/** One piece of a template, in the order of the text. */
export type Token =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly raw: string; readonly at: number }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly operator: Operator;
      /** The default, message or alternative: itself a template. */
      readonly operand: string;
      readonly raw: string;
      readonly at: number;
    }
  | {
      readonly kind: "invalid";
      /** The innermost text that Compose quotes when it reports the bad token. */
      readonly template: string;
      readonly at: number;
    };

/** U+017F and U+212A fold to `s` and `k`, and the reference matches names without regard to case. */
const NAME = /[_a-zA-Z\u017F\u212A][_a-zA-Z0-9\u017F\u212A]*/y;
const OPERATOR = /:?[-+?]/y;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function isOperator(text: string): text is Operator {
  return text !== "";
}

/** The last `}` of the line that holds `from`, looked up once a line and in no other line. */
function lastBraceOfLine(text: string): (from: number) => number {
  let end = -1;
  let brace = -1;
  return (from) => {
    if (from > end) {
      const newline = text.indexOf("\n", from);
      end = newline < 0 ? text.length : newline;
      brace = end;
      while (brace >= from && text.charCodeAt(brace) !== 0x7d) brace--;
    }
    return brace < from ? -1 : brace;
  };
}

/** The `}` that closes the `{` at `open`; a character right behind any `{` is not looked at. */
function closingBrace(text: string, open: number, last: number): number {
  let depth = 0;
  for (let i = open; i <= last; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x7d) {
      depth--;
      if (depth === 0) return i;
    } else if (char === 0x7b) {
      depth++;
      i++;
    }
  }
  return last;
}

/**
 * Cuts a template into its tokens (Compose interpolation: `$NAME`, `${NAME}`, `${NAME:-default}` …, `$$`).
 * Never throws: what Compose refuses is a token of kind `invalid`.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const lastBrace = lastBraceOfLine(text);
  let plain = 0;
  /** After a token with an operator, Compose treats the rest of the line up to its last brace as a template of its own. */
  let tail = { from: 0, to: 0 };
  const literal = (to: number) => {
    if (to > plain) tokens.push({ kind: "literal", text: text.slice(plain, to) });
  };
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", at)) {
    const next = text[at + 1];
    if (next === "$") {
      literal(at + 1);
      at += 2;
      plain = at;
      continue;
    }
    if (next !== "{") {
      const name = matchAt(NAME, text, at + 1);
      if (name === "") {
        at++;
        continue;
      }
      literal(at);
      const raw = `$${name}`;
      tokens.push({ kind: "variable", name, raw, at });
      at += raw.length;
      plain = at;
      continue;
    }
    literal(at);
    const name = matchAt(NAME, text, at + 2);
    const afterName = at + 2 + name.length;
    const operator = name === "" ? "" : matchAt(OPERATOR, text, afterName);
    const operandAt = afterName + operator.length;
    const last = isOperator(operator) ? lastBrace(operandAt) : -1;
    if (name !== "" && text[afterName] === "}") {
      const raw = text.slice(at, afterName + 1);
      tokens.push({ kind: "variable", name, raw, at });
      at = afterName + 1;
    } else if (isOperator(operator) && last >= 0) {
      const end = closingBrace(text, at + 1, last);
      tokens.push({
        kind: "choice",
        name,
        operator,
        operand: text.slice(operandAt, end),
        raw: text.slice(at, end + 1),
        at,
      });
      tail = { from: end + 1, to: last + 1 };
      at = end + 1;
    } else {
      tokens.push({ kind: "invalid", template: at < tail.to ? text.slice(tail.from, tail.to) : text, at });
      at += 2;
    }
    plain = at;
  }
  literal(text.length);
  return tokens;
}
