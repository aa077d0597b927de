import { sortedEntries } from "../format/render-json";
import { compareText, SPACE } from "../tree/gotext";
import { formatValue, isNull, list, map, type Node, nothing, type Origin, text, typeName } from "../tree/node";
import type { Reading } from "./decode-scalar";
import type { PairsKind } from "./types";

type Fail = Reading["fail"];

/** The attributes that are a mapping of texts in the end, each with its own ways to write one. */
export function decodePairs(node: Node, kind: PairsKind, fail: Fail): Node | undefined {
  switch (kind) {
    case "hosts":
      return hosts(node, fail);
    case "ssh":
      return ssh(node, fail);
    case "options":
    case "many-options":
      return options(node, kind === "many-options", fail);
    default:
      break;
  }
  const entries = new Map<string, Node>();
  if (node.kind === "map") {
    for (const [key, value] of sortedEntries(node)) {
      const empty = isNull(value);
      if (empty && kind === "environment") entries.set(key, value);
      else entries.set(key, text(empty ? "" : formatValue(value), value.origin));
    }
    return map(entries, node.origin);
  }
  if (node.kind !== "list") {
    throw fail(`unexpected value type ${typeName(node)} for ${kind === "labels" ? "labels" : "mapping"}`, node);
  }
  for (const item of node.items) {
    const written = formatValue(item);
    const equals = written.indexOf("=");
    const key = equals < 0 ? written : written.slice(0, equals);
    if (kind === "environment" && key !== "" && SPACE.test(key.charAt(key.length - 1))) {
      throw fail(`environment variable ${key} is declared with a trailing space`, item);
    }
    if (equals >= 0) entries.set(key, text(written.slice(equals + 1), item.origin));
    else entries.set(key, kind === "environment" ? nothing(item.origin) : text("", item.origin));
  }
  return map(entries, node.origin);
}

function options(node: Node, many: boolean, fail: Fail): Node {
  if (node.kind !== "map") throw fail(`invalid type ${typeName(node)} for options`, node);
  const entries = new Map<string, Node>();
  for (const [key, value] of sortedEntries(node)) {
    const asItem = (item: Node) => text(formatValue(item), item.origin);
    if (many) entries.set(key, list((value.kind === "list" ? value.items : [value]).map(asItem), value.origin));
    else entries.set(key, isNull(value) ? text("", value.origin) : asItem(value));
  }
  return map(entries, node.origin);
}

function ssh(node: Node, fail: Fail): Node {
  if (node.kind !== "map") throw fail(`invalid ssh config type ${typeName(node)}`, node);
  const keys = sortedEntries(node).map(([key, value]) =>
    isNull(value) || formatValue(value) === ""
      ? text(key, value.origin)
      : map([[key, text(formatValue(value), value.origin)]], value.origin),
  );
  return list(keys, node.origin);
}

function hosts(node: Node, fail: Fail): Node | undefined {
  const found = new Map<string, [address: string, origin: Origin][]>();
  const add = (host: string, addresses: readonly string[], origin: Origin) => {
    // A host without addresses is a host.
    const known = found.get(host) ?? [];
    found.set(host, known);
    for (const address of addresses) known.push([address, origin]);
  };
  if (node.kind === "map") {
    for (const [host, value] of sortedEntries(node)) {
      if (value.kind === "map" || (value.kind === "scalar" && value.type !== "string" && value.type !== "null")) {
        throw fail(`unexpected value type ${typeName(node)} for extra_hosts entry`, value);
      }
      add(
        host,
        value.kind === "list" ? value.items.map(formatValue) : [isNull(value) ? "" : formatValue(value)],
        value.origin,
      );
    }
  } else if (node.kind === "list") {
    for (const item of node.items) {
      const written = formatValue(item);
      const at = written.includes("=") ? written.indexOf("=") : written.indexOf(":");
      if (at < 0) throw fail(`invalid additional host, missing IP: ${written}`, item);
      add(written.slice(0, at), written.slice(at + 1).split(","), item.origin);
    }
  } else throw fail(`unexpected value type ${typeName(node)} for extra_hosts`, node);
  const lines: [string, Origin][] = [];
  for (const [host, addresses] of found) {
    if (host === "" || /[:=]/.test(host)) throw fail(`bad host name '${host}'`, node);
    for (const [address, origin] of addresses) lines.push([`${host}=${address.replace(/^\[(.+)\]$/, "$1")}`, origin]);
  }
  lines.sort(([a], [b]) => compareText(a, b));
  if (found.size === 0) return undefined;
  return list(
    lines.map(([line, origin]) => text(line, origin)),
    node.origin,
  );
}
