import { ComposeError } from "../error";
import { sortedEntries } from "../format/render-json";
import { EXTENSIONS } from "../transform/extensions";
import { quote } from "../tree/gotext";
import { bool, formatValue, int, isNull, list, map, type Node, type Origin, text, typeName } from "../tree/node";
import type { Behaviour } from "../version";
import { type CastResult, parseBoolean, parseDecimal, parseFloatText } from "./casts";
import { decodePairs } from "./decode-pairs";
import { formatDuration, parseDuration, parseSize, QuantityError, splitWords } from "./quantities";
import type { Struct, Type } from "./types";

/** What stands where, as the messages of this stage have it: `services[web].ports[0].target`. */
type Place = () => string;

const HEADER = "decoding failed due to the following error(s):\n\n";

export interface DecodeContext {
  readonly behaviour: Behaviour;
  readonly warn: (message: string) => void;
}

class Decoder {
  constructor(private readonly context: DecodeContext) {}

  fail(place: Place, message: string, node: Node): ComposeError {
    return new ComposeError("decode", `${HEADER}'${place()}' ${message}`, node.origin);
  }

  private expected(place: Place, type: string, node: Node): ComposeError {
    return this.fail(place, `expected type '${type}', got unconvertible type '${typeName(node)}'`, node);
  }

  /** The typed value; `undefined` for null where that is the same as absent. */
  decode(node: Node, type: Type, place: Place): Node | undefined {
    if (isNull(node)) return undefined;
    switch (type.kind) {
      case "text":
        return this.text(node, place);
      case "bool":
      case "opt-out":
        return this.bool(node, place);
      case "created-path":
        return this.createdPath(node, place);
      case "int":
        return this.int(node, type.go, place);
      case "float32":
        return this.float32(node, place);
      case "cpus":
        return this.cpus(node, place);
      case "size":
        return this.size(node, place);
      case "duration":
        return this.quantity(node, place, () => text(formatDuration(parseDuration(formatValue(node))), node.origin));
      case "command":
        return this.command(node, place);
      case "check":
        return this.check(node, place);
      case "file-mode":
        return this.fileMode(node, place);
      case "device-count":
        return this.deviceCount(node, place);
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
      default:
        return decodePairs(node, type.kind, (message, at) => this.fail(place, message, at));
    }
  }

  /** The typed value; where every refusal is asked for, one that cannot be read is absent. */
  private attempt(node: Node, type: Type, place: Place): Node | undefined {
    return this.context.behaviour.attempt(() => this.decode(node, type, place), undefined);
  }

  private text(node: Node, place: Place): Node {
    if (node.kind !== "scalar" || (node.type !== "string" && node.type !== "int"))
      throw this.expected(place, "string", node);
    return node.type === "string" ? node : text(String(node.value), node.origin);
  }

  private cast({ type, value, problem, warning }: CastResult, node: Node, place: Place): Node {
    if (problem !== undefined) throw this.fail(place, problem, node);
    if (warning !== undefined) this.context.warn(warning);
    return { kind: "scalar", type, value, origin: node.origin };
  }

  private bool(node: Node, place: Place): Node {
    if (node.kind === "scalar" && typeof node.value === "boolean") return node;
    if (node.kind !== "scalar" || node.type !== "string") throw this.expected(place, "bool", node);
    return this.cast(parseBoolean(String(node.value)), node, place);
  }

  /** Whether a bind mount creates its path: only the answer that is not the default is kept. */
  private createdPath(node: Node, place: Place): Node | undefined {
    const answer = this.bool(node, place);
    const standard = this.context.behaviour.does("printsRefusedPath");
    return answer.kind === "scalar" && answer.value === standard ? undefined : answer;
  }

  private int(node: Node, go: string, place: Place): Node {
    if (node.kind !== "scalar") throw this.expected(place, go, node);
    if (node.type === "string" && (go === "int" || go === "int64")) {
      return this.cast(parseDecimal(String(node.value), go === "int" ? "Atoi" : "ParseInt"), node, place);
    }
    const { value } = node;
    if (typeof value !== "number" && typeof value !== "bigint") throw this.expected(place, go, node);
    if (go.startsWith("uint") && value < 0) throw this.fail(place, `cannot parse, ${value} overflows uint`, node);
    return node.type === "int" ? node : int(wholePart(Number(value)), node.origin);
  }

  private float32(node: Node, place: Place): Node {
    if (node.kind !== "scalar") throw this.expected(place, "float32", node);
    if (node.type === "string") return this.cast(parseFloatText(String(node.value), 32), node, place);
    if (typeof node.value !== "number" && typeof node.value !== "bigint") throw this.expected(place, "float32", node);
    return { kind: "scalar", type: "float32", value: Math.fround(Number(node.value)), origin: node.origin };
  }

  private cpus(node: Node, place: Place): Node {
    const { kind } = node;
    if (kind === "scalar" && node.type === "string") {
      const { value } = this.numeric(parseFloatText(String(node.value), 64), node, place);
      return { kind, type: "float32", value: Math.fround(value), origin: node.origin };
    }
    if (kind !== "scalar" || (typeof node.value !== "number" && typeof node.value !== "bigint")) {
      throw this.fail(place, `unexpected value type ${typeName(node)} for cpus`, node);
    }
    return { kind, type: "float32", value: Math.fround(Number(node.value)), origin: node.origin };
  }

  private numeric({ value, problem }: CastResult, node: Node, place: Place): { value: number } {
    if (problem !== undefined) throw this.fail(place, problem, node);
    return { value: Number(value) };
  }

  private quantity(node: Node, place: Place, read: () => Node): Node {
    try {
      return read();
    } catch (error) {
      if (error instanceof QuantityError) throw this.fail(place, error.message, node);
      throw error;
    }
  }

  /** A float is no size: the reference leaves it out without a word. */
  private size(node: Node, place: Place): Node | undefined {
    if (node.kind !== "scalar") return undefined;
    if (node.type === "int") return text(String(node.value), node.origin);
    if (node.type !== "string") return undefined;
    const signed = this.context.behaviour.does("signedSizes") && /^[-+]?\d+$/.test(String(node.value));
    if (signed) return text(String(BigInt(String(node.value).replace("+", ""))), node.origin);
    return this.quantity(node, place, () => text(String(parseSize(String(node.value))), node.origin));
  }

  private command(node: Node, place: Place): Node | undefined {
    if (node.kind === "list")
      return list(
        node.items.map((item) => this.text(item, place)),
        node.origin,
      );
    if (node.kind !== "scalar" || node.type !== "string") return undefined;
    return this.quantity(node, place, () =>
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

  private fileMode(node: Node, place: Place): Node {
    if (node.kind === "scalar" && node.type === "string") {
      const written = String(node.value);
      if (!/^[-+]?[0-7]+$/.test(written)) {
        throw this.fail(place, `strconv.ParseInt: parsing ${quote(written)}: invalid syntax`, node);
      }
      return text(octal(Number.parseInt(written, 8)), node.origin);
    }
    if (node.kind === "scalar" && node.type === "int") return text(octal(Number(node.value)), node.origin);
    throw this.fail(place, `unexpected value type ${typeName(node)} for mode`, node);
  }

  private deviceCount(node: Node, place: Place): Node {
    if (node.kind === "scalar" && node.type === "int") return node;
    if (node.kind !== "scalar" || node.type !== "string") {
      throw this.fail(place, `invalid type ${typeName(node)} for device count`, node);
    }
    const written = String(node.value);
    if (written.toLowerCase() === "all") return int(-1, node.origin);
    const { value, problem } = parseDecimal(written, "ParseInt");
    if (problem !== undefined || typeof value === "string" || typeof value === "boolean") {
      throw this.fail(place, `invalid value ${quote(written)}, the only value allowed is 'all' or a number`, node);
    }
    return int(value, node.origin);
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

/** A float as a 64-bit integer; what does not fit becomes the smallest one. */
function wholePart(value: number): number | bigint {
  const whole = Math.trunc(value);
  return Math.abs(whole) < 2 ** 63 ? whole : -(2n ** 63n);
}

function octal(mode: number): string {
  return mode < 0 ? `0-${(-mode).toString(8)}` : `0${mode.toString(8)}`;
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
