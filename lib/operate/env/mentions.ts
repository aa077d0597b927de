import { type Token, tokenize } from "../../compose/template/tokens";
import { Annotated } from "../../construct/annotated";
import type { Input } from "../../construct/binding";
import { isList, isMap } from "../../construct/copy";
import type { InputMap } from "../../construct/read-yaml";
import type { YamlPath } from "../../spec";

/** A variable at one place of a file. */
export interface VariableMention {
  readonly name: string;
  /** The whole expression, such as `${PORT:-8080}`. For a name that is only passed on: the name. */
  readonly raw: string;
  /** What stands behind the name: `:-`, `?` …; nothing in `${NAME}`, and for a name that is only passed on. */
  readonly operator: string;
  /** The default, message or alternative behind the operator. */
  readonly operand: string;
  /** An entry of `environment` without a value: the container has the variable only when it is set. */
  readonly passedOn: boolean;
  readonly path: YamlPath;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The variables of a document, in its order. Those within a default are not looked for: see {@link mentionsInText}. */
export function* mentionsIn(document: InputMap): Generator<VariableMention> {
  const left: { value: Input; path: YamlPath }[] = [{ value: document, path: [] }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (Annotated.isAnnotated(value)) {
      if (value.tag !== "!reset") left.push({ value: value.value, path });
    } else if (isList(value)) {
      for (const [index, item] of [...value.entries()].reverse()) left.push({ value: item, path: [...path, index] });
    } else if (isMap(value)) {
      for (const [key, item] of Object.entries(value).reverse()) left.push({ value: item, path: [...path, key] });
    } else {
      const name = passedOn(value, path);
      if (name !== undefined) yield { name, raw: name, operator: "", operand: "", passedOn: true, path };
      else if (typeof value === "string") yield* mentionsInText(value, path);
    }
  }
}

/** The variables of a text, without those within their defaults. */
export function* mentionsInText(text: string, path: YamlPath): Generator<VariableMention> {
  if (!text.includes("$")) return;
  for (const token of tokenize(text)) {
    const mention = mentionOf(token, path);
    if (mention !== undefined) yield mention;
  }
}

/** The expression that a text is, when it is one and nothing else. */
export function onlyMention(text: string): VariableMention | undefined {
  const [token, second] = tokenize(text);
  return token === undefined || second !== undefined ? undefined : mentionOf(token, []);
}

function mentionOf(token: Token, path: YamlPath): VariableMention | undefined {
  if (token.kind !== "variable" && token.kind !== "choice") return undefined;
  const { name, raw } = token;
  const [operator, operand] = token.kind === "choice" ? [token.operator, token.operand] : ["", ""];
  return { name, raw, operator, operand, passedOn: false, path };
}

/** The name that an entry of a service's `environment` passes on: `NAME:` in a mapping, `- NAME` in a list. */
function passedOn(value: Input, path: YamlPath): string | undefined {
  const [section, , key, entry, ...deeper] = path;
  if (
    (section !== "services" && section !== "jobs") ||
    key !== "environment" ||
    entry === undefined ||
    deeper.length > 0
  )
    return undefined;
  const name = typeof entry === "number" ? value : value === null ? entry : undefined;
  return typeof name === "string" && NAME.test(name) ? name : undefined;
}
