import { ComposeError } from "../error";
import { sortedEntries } from "../format/render-json";
import { EXTENSIONS } from "../transform/extensions";
import { bool, formatValue, int, isNull, list, map, type Node, type Origin, text, typeName } from "../tree/node";
import { decodePairs } from "./decode-pairs";
import { decodeScalar, quantity, type Reading, readInteger, readText } from "./decode-scalar";
import { splitWords } from "./quantities";
import type { Struct, Type } from "./types";

/** What stands where, as the messages of this stage have it: `services[web].ports[0].target`. */
type Place = () => string;

const HEADER = "decoding failed due to the following error(s):\n\n";

export type DecodeContext = Omit<Reading, "fail">;

class Decoder {
  constructor(private readonly context: DecodeContext) {}

  fail(place: Place, message: string, node: Node): ComposeError {
    return new ComposeError("decode", `${HEADER}'${place()}' ${message}`, node.origin);
  }

  /** The typed value; `undefined` for null where that is the same as absent. */
  decode(node: Node, type: Type, place: Place): Node | undefined {
    if (isNull(node)) return undefined;
    switch (type.kind) {
      case "int":
        return readInteger(node, type.go, this.reading(place));
      case "command":
        return this.command(node, place);
      case "check":
        return this.check(node, place);
      case "ulimit":
        return this.ulimit(node, place);
      case "texts":
        return this.texts(node, place);
      case "words":
        return this.words(node, place);
      case "list":
        return this.list(node, type.of, place);
      case "map":
        return this.map(node, type.of, place);
      case "struct":
        return this.struct(node, type, place);
      case "mapping":
      case "labels":
      case "environment":
      case "options":
      case "many-options":
      case "hosts":
      case "ssh":
        return decodePairs(node, type.kind, this.reading(place).fail);
      default:
        return decodeScalar(node, type.kind, this.reading(place));
    }
  }

  /** What a value at a place is read with. */
  private reading(place: Place): Reading {
    return { ...this.context, fail: (message, node) => this.fail(place, message, node) };
  }

  /** The typed value; where every refusal is asked for, one that cannot be read is absent. */
  private attempt(node: Node, type: Type, place: Place): Node | undefined {
    return this.context.behaviour.attempt(() => this.decode(node, type, place), undefined);
  }

  private command(node: Node, place: Place): Node | undefined {
    const reading = this.reading(place);
    if (node.kind === "list")
      return list(
        node.items.map((item) => readText(item, reading)),
        node.origin,
      );
    if (node.kind !== "scalar" || node.type !== "string") return undefined;
    return quantity(node, reading, () =>
      list(
        splitWords(String(node.value)).map((word) => text(word, node.origin)),
        node.origin,
      ),
    );
  }

  private check(node: Node, place: Place): Node {
    if (node.kind === "list") return node;
    if (node.kind !== "scalar" || node.type !== "string") {
      throw this.fail(place, `unexpected value type ${typeName(node)} for healthcheck.test`, node);
    }
    return list([text("CMD-SHELL", { ...node.origin, rule: "short form of healthcheck.test" }), node], node.origin);
  }

  /** No limit for both is the same as the number 0. */
  private ulimit(node: Node, place: Place): Node {
    if (node.kind === "scalar") {
      if (node.type !== "int") throw this.fail(place, `unexpected value type ${typeName(node)} for ulimit`, node);
      return node.value === 0 ? map([], node.origin) : node;
    }
    for (const key of ["soft", "hard"]) {
      const limit = node.kind === "map" ? node.entries.get(key) : undefined;
      if (limit === undefined || (limit.kind === "scalar" && limit.type === "int")) continue;
      throw this.fail(place, `expected type 'int', got unconvertible type '${typeName(limit)}' for ${key}`, limit);
    }
    return node;
  }

  private texts(node: Node, place: Place): Node {
    if (node.kind === "scalar" && node.type === "string") return list([node], node.origin);
    const items = node.kind === "list" ? node.items : undefined;
    if (items === undefined || !items.every((item) => item.kind === "scalar" && item.type === "string")) {
      throw this.fail(place, `invalid type ${typeName(node)} for string list`, node);
    }
    return node;
  }

  private words(node: Node, place: Place): Node {
    if (node.kind === "scalar" && node.type === "string") return list([node], node.origin);
    if (node.kind !== "list") throw this.fail(place, `invalid type ${typeName(node)} for string list`, node);
    return list(
      node.items.map((item) => text(formatValue(item), item.origin)),
      node.origin,
    );
  }

  private list(node: Node, of: Type, place: Place): Node {
    if (node.kind !== "list") {
      throw this.fail(place, `source data must be an array or slice, got ${typeName(node)}`, node);
    }
    const items = node.items.map((item, index) => {
      return isTyped(item, of) ? item : (this.attempt(item, of, () => `${place()}[${index}]`) ?? zero(of, item.origin));
    });
    return list(items, node.origin);
  }

  private map(node: Node, of: Type, place: Place): Node {
    if (node.kind !== "map") throw this.fail(place, `expected a map, got '${typeName(node)}'`, node);
    const entries = new Map<string, Node>();
    for (const [key, value] of sortedEntries(node)) {
      const decoded = isTyped(value, of) ? value : this.attempt(value, of, () => `${place()}[${key}]`);
      const pointer = of.kind === "struct" && of.optional;
      entries.set(key, decoded ?? (pointer ? value : zero(of, value.origin)));
    }
    return map(entries, node.origin);
  }

  struct(node: Node, type: Struct, place: Place): Node {
    if (node.kind !== "map") throw this.fail(place, `expected a map, got '${goKind(node)}'`, node);
    const entries = new Map<string, Node>();
    for (const { name, type: of, json, since } of type.fields) {
      if (since !== undefined && !this.context.behaviour.does(since)) continue;
      const value = node.entries.get(name);
      if (value === undefined) continue;
      const decoded = isTyped(value, of) ? value : this.attempt(value, of, () => `${place()}.${json ?? name}`);
      if (decoded !== undefined) entries.set(name, decoded);
    }
    const extensions = node.entries.get(EXTENSIONS);
    if (extensions !== undefined && type.extensible) entries.set(EXTENSIONS, extensions);
    return map(entries, node.origin);
  }
}

/** Whether a value is a text where Compose wants one: most are, and need nothing more. */
function isTyped(node: Node, type: Type): boolean {
  return type.kind === "text" && node.kind === "scalar" && node.type === "string";
}

function goKind(node: Node): string {
  return node.kind === "list" ? "slice" : typeName(node);
}

/** What an item is that is written as null. */
function zero(type: Type, origin: Origin): Node {
  switch (type.kind) {
    case "struct":
    case "map":
      return map([], origin);
    case "bool":
      return bool(false, origin);
    case "int":
      return int(0, origin);
    default:
      return text("", origin);
  }
}

/** All values that do not fit as Compose tells them: at once. */
export function joinedFailures(failures: readonly [ComposeError, ...ComposeError[]]): ComposeError {
  const lines = failures.map(({ message }) => message.slice(HEADER.length));
  return new ComposeError("decode", `${HEADER}${lines.join("\n")}`, failures[0].origin);
}

/** Types a value of the model. @throws ComposeError `decoding failed …` */
export function decode(node: Node, type: Struct, place: string, context: DecodeContext): Node {
  return new Decoder(context).struct(node, type, () => place);
}
