import type { ComposeError } from "../error";
import { quote } from "../tree/gotext";
import { formatValue, int, type Node, text, typeName } from "../tree/node";
import type { Behaviour } from "../version";
import { type CastResult, parseBoolean, parseDecimal, parseFloatText } from "./casts";
import { formatDuration, parseDuration, parseSize, QuantityError } from "./quantities";
import type { IntegerType, ScalarKind } from "./types";

/** What the reading of one value takes beside it. */
export interface Reading {
  readonly behaviour: Behaviour;
  readonly warn: (message: string) => void;
  /** The refusal of a value, with its place. */
  readonly fail: (message: string, node: Node) => ComposeError;
}

type Read = (node: Node, reading: Reading) => Node | undefined;

/** How a value of each kind is read. `undefined` is a value that is the same as none. */
const READERS: Readonly<Record<ScalarKind, Read>> = {
  text: readText,
  bool: readBool,
  "opt-out": readBool,
  "created-path": readCreatedPath,
  float32: readFloat32,
  cpus: readCpus,
  size: readSize,
  duration: readDuration,
  "file-mode": readFileMode,
  "device-count": readDeviceCount,
};

/** The typed value of a kind that is no list and no mapping in the end. @throws ComposeError */
export function decodeScalar(node: Node, kind: ScalarKind, reading: Reading): Node | undefined {
  return READERS[kind](node, reading);
}

function expected(type: string, node: Node, { fail }: Reading): ComposeError {
  return fail(`expected type '${type}', got unconvertible type '${typeName(node)}'`, node);
}

/** A text or an integer as a text. */
export function readText(node: Node, reading: Reading): Node {
  if (node.kind !== "scalar" || (node.type !== "string" && node.type !== "int"))
    throw expected("string", node, reading);
  return node.type === "string" ? node : text(String(node.value), node.origin);
}

function cast({ type, value, problem, warning }: CastResult, node: Node, { fail, warn }: Reading): Node {
  if (problem !== undefined) throw fail(problem, node);
  if (warning !== undefined) warn(warning);
  return { kind: "scalar", type, value, origin: node.origin };
}

function readBool(node: Node, reading: Reading): Node {
  if (node.kind === "scalar" && typeof node.value === "boolean") return node;
  if (node.kind !== "scalar" || node.type !== "string") throw expected("bool", node, reading);
  return cast(parseBoolean(String(node.value)), node, reading);
}

/** Whether a bind mount creates its path: only the answer that is not the default is kept. */
function readCreatedPath(node: Node, reading: Reading): Node | undefined {
  const answer = readBool(node, reading);
  const standard = reading.behaviour.does("printsRefusedPath");
  return answer.kind === "scalar" && answer.value === standard ? undefined : answer;
}

/** An integer of a type of Go. */
export function readInteger(node: Node, go: IntegerType, reading: Reading): Node {
  if (node.kind !== "scalar") throw expected(go, node, reading);
  if (node.type === "string" && (go === "int" || go === "int64")) {
    return cast(parseDecimal(String(node.value), go === "int" ? "Atoi" : "ParseInt"), node, reading);
  }
  const { value } = node;
  if (typeof value !== "number" && typeof value !== "bigint") throw expected(go, node, reading);
  if (go.startsWith("uint") && value < 0) throw reading.fail(`cannot parse, ${value} overflows uint`, node);
  return node.type === "int" ? node : int(wholePart(Number(value)), node.origin);
}

/** A float as a 64-bit integer; what does not fit becomes the smallest one. */
function wholePart(value: number): number | bigint {
  const whole = Math.trunc(value);
  return Math.abs(whole) < 2 ** 63 ? whole : -(2n ** 63n);
}

/** A number as one of 32 bits. `undefined` for what is no number. */
function asFloat32(node: Node): Node | undefined {
  if (node.kind !== "scalar" || (typeof node.value !== "number" && typeof node.value !== "bigint")) return undefined;
  return { kind: "scalar", type: "float32", value: Math.fround(Number(node.value)), origin: node.origin };
}

function readFloat32(node: Node, reading: Reading): Node {
  if (node.kind === "scalar" && node.type === "string")
    return cast(parseFloatText(String(node.value), 32), node, reading);
  const number = asFloat32(node);
  if (number === undefined) throw expected("float32", node, reading);
  return number;
}

function readCpus(node: Node, reading: Reading): Node {
  const isText = node.kind === "scalar" && node.type === "string";
  const number = asFloat32(isText ? cast(parseFloatText(String(node.value), 64), node, reading) : node);
  if (number === undefined) throw reading.fail(`unexpected value type ${typeName(node)} for cpus`, node);
  return number;
}

/** What reads a quantity, with its refusal placed. */
export function quantity(node: Node, { fail }: Reading, read: () => Node): Node {
  try {
    return read();
  } catch (error) {
    if (error instanceof QuantityError) throw fail(error.message, node);
    throw error;
  }
}

/** A float is no size: the reference leaves it out without a word. */
function readSize(node: Node, reading: Reading): Node | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.type === "int") return text(String(node.value), node.origin);
  if (node.type !== "string") return undefined;
  const written = String(node.value);
  const signed = reading.behaviour.does("signedSizes") && /^[-+]?\d+$/.test(written);
  if (signed) return text(String(BigInt(written.replace("+", ""))), node.origin);
  return quantity(node, reading, () => text(String(parseSize(written)), node.origin));
}

function readDuration(node: Node, reading: Reading): Node {
  return quantity(node, reading, () => text(formatDuration(parseDuration(formatValue(node))), node.origin));
}

function readFileMode(node: Node, { fail }: Reading): Node {
  if (node.kind === "scalar" && node.type === "string") {
    const written = String(node.value);
    if (!/^[-+]?[0-7]+$/.test(written)) {
      throw fail(`strconv.ParseInt: parsing ${quote(written)}: invalid syntax`, node);
    }
    return text(octal(Number.parseInt(written, 8)), node.origin);
  }
  if (node.kind === "scalar" && node.type === "int") return text(octal(Number(node.value)), node.origin);
  throw fail(`unexpected value type ${typeName(node)} for mode`, node);
}

function octal(mode: number): string {
  return mode < 0 ? `0-${(-mode).toString(8)}` : `0${mode.toString(8)}`;
}

function readDeviceCount(node: Node, { fail }: Reading): Node {
  if (node.kind === "scalar" && node.type === "int") return node;
  if (node.kind !== "scalar" || node.type !== "string") {
    throw fail(`invalid type ${typeName(node)} for device count`, node);
  }
  const written = String(node.value);
  if (written.toLowerCase() === "all") return int(-1, node.origin);
  const { value, problem } = parseDecimal(written, "ParseInt");
  if (problem !== undefined || typeof value === "string" || typeof value === "boolean") {
    throw fail(`invalid value ${quote(written)}, the only value allowed is 'all' or a number`, node);
  }
  return int(value, node.origin);
}
