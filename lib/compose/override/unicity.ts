import { ComposeError } from "../error";
import {
  asMap,
  asText,
  formatValue,
  type ListNode,
  list,
  type MapNode,
  mapValues,
  type Node,
  replacing,
  typeName,
} from "../tree/node";
import { below, type Path, pathText, type Rules, rulesOf, step } from "../tree/rules";
import { parseVolume, VolumeError } from "../types/volumes";
import type { Behaviour } from "../version";

/** What makes an item of a list the same as an earlier one, which it then replaces. */
type KeyOf = (item: Node, path: () => string) => string;

function fail(message: string, item: Node): ComposeError {
  return new ComposeError("merge", message, item.origin);
}

const name: KeyOf = (item, path) => {
  const value = asText(item);
  if (value === undefined) throw fail(`${path()}: unexpected type ${typeName(item)}`, item);
  const equals = value.indexOf("=");
  return equals < 0 ? value : value.slice(0, equals);
};

const mount: KeyOf = (item, path) => {
  const spec = asText(item);
  if (item.kind === "map") {
    const target = asText(item.entries.get("target"));
    if (target === undefined) throw fail(`service volume ${path()} is missing a mount target`, item);
    return target;
  }
  if (spec === undefined) return "";
  try {
    return parseVolume(spec).target;
  } catch (error) {
    if (error instanceof VolumeError) throw fail(error.message, item);
    throw error;
  }
};

const device: KeyOf = (item, path) => {
  if (item.kind === "map") {
    const target = asText(item.entries.get("target"));
    if (target === undefined) throw fail(`service device ${path()} is missing a mount target`, item);
    return target;
  }
  const [source = "", target] = asText(item)?.split(":") ?? [];
  return target ?? source;
};

const exposed: KeyOf = (item, path) => {
  if (item.kind === "scalar" && (item.type === "string" || item.type === "int")) return String(item.value);
  throw fail(`${path()}: unsupported expose value ${badVerb(item)}`, item);
};

/** Go's `%s` for a value that is no string. */
export function badVerb(item: Node): string {
  if (item.kind === "list") return `[${item.items.map(badVerb).join(" ")}]`;
  if (item.kind === "map") {
    return `map[${[...item.entries].map(([key, value]) => `${key}:${badVerb(value)}`).join(" ")}]`;
  }
  if (item.type === "string") return String(item.value);
  return item.type === "null" ? "%!s(<nil>)" : `%!s(${typeName(item)}=${formatValue(item)})`;
}

function granted(folder: string): KeyOf {
  return (item, path) => {
    const source = asText(item);
    if (source !== undefined) return `${folder}/${source}`;
    if (item.kind !== "map") throw fail(`${path()}: unsupported expose value ${badVerb(item)}`, item);
    const target = item.entries.get("target");
    if (target !== undefined) return formatValue(target);
    const from = item.entries.get("source");
    return `${folder}/${from === undefined ? "%!s(<nil>)" : formatValue(from)}`;
  };
}

const port: KeyOf = (item, path) => {
  if (item.kind === "map") {
    const { entries } = item;
    const target = entries.get("target");
    if (target === undefined) throw fail(`service ports ${path()} is missing a target port`, item);
    const published = entries.get("published");
    const part = (key: string, otherwise: string) => {
      const value = entries.get(key);
      return value === undefined ? otherwise : badVerb(value);
    };
    return `${part("host_ip", "0.0.0.0")}:${published === undefined ? "%!s(<nil>)" : badVerb(published)}:${typeName(target)} ${formatValue(target)}/${part("protocol", "tcp")}`;
  }
  return item.kind === "scalar" && (item.type === "int" || item.type === "string") ? String(item.value) : "";
};

const envFile: KeyOf = (item, path) => {
  if (item.kind !== "map") return asText(item) ?? "";
  const file = item.entries.get("path");
  if (file === undefined) throw fail(`environment path attribute ${path()} is missing`, item);
  return formatValue(file);
};

/** Which lists hold no two items for the same thing: place → what the thing is. */
export const UNIQUE_RULES = rulesOf<KeyOf>({
  "networks.*.labels": name,
  "networks.*.ipam.options": name,
  "services.*.annotations": name,
  "services.*.build.args": name,
  "services.*.build.additional_contexts": name,
  "services.*.build.platform": name,
  "services.*.build.tags": name,
  "services.*.build.labels": name,
  "services.*.cap_add": name,
  "services.*.cap_drop": name,
  "services.*.configs": granted(""),
  "services.*.deploy.labels": name,
  "services.*.devices": device,
  "services.*.dns": name,
  "services.*.dns_opt": name,
  "services.*.dns_search": name,
  "services.*.environment": name,
  "services.*.env_file": envFile,
  "services.*.expose": exposed,
  "services.*.labels": name,
  "services.*.links": name,
  "services.*.networks.*.aliases": name,
  "services.*.networks.*.link_local_ips": name,
  "services.*.ports": port,
  "services.*.profiles": name,
  "services.*.secrets": granted("/run/secrets"),
  "services.*.sysctls": name,
  "services.*.tmpfs": name,
  "services.*.volumes": mount,
});

/**
 * In each list of the table, an item takes the place of an earlier one for the same thing.
 *
 * @param settled a model in which this was done before: what of it is still there is not looked at again
 */
export function enforceUnicity(root: MapNode, behaviour: Behaviour, settled?: MapNode): MapNode {
  return within(root, UNIQUE_RULES, undefined, behaviour, settled);
}

function within(
  node: MapNode,
  rules: Rules<KeyOf>,
  path: Path | undefined,
  behaviour: Behaviour,
  settled: MapNode | undefined,
): MapNode {
  return mapValues(node, (value, key) => {
    const next = step(rules, key);
    const before = settled?.entries.get(key);
    if (next === undefined || value === before) return value;
    if (value.kind === "map") return within(value, next, below(path, key), behaviour, asMap(before));
    const { rule } = next;
    if (value.kind !== "list" || rule === undefined) return value;
    return behaviour.attempt(() => withoutTwins(value, rule, below(path, key)), value);
  });
}

function withoutTwins(node: ListNode, keyOf: KeyOf, path: Path): Node {
  const [only] = node.items;
  if (only !== undefined && node.items.length === 1) keyOf(only, () => pathText(below(path, "[0]")));
  if (node.items.length < 2) return node;
  const kept = uniqueItems(node.items, keyOf, path);
  return kept.length === node.items.length ? node : list(kept, node.origin);
}

function uniqueItems(items: readonly Node[], keyOf: KeyOf, path: Path | undefined): readonly Node[] {
  const positions = new Map<string, number>();
  const kept: Node[] = [];
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, () => pathText(below(path, `[${index}]`)));
    const position = positions.get(key);
    if (position === undefined) {
      positions.set(key, kept.length);
      kept.push(item);
    } else kept[position] = replacing(item, kept[position]?.origin ?? item.origin);
  }
  return kept;
}

/** Of `KEY=value` items the last one of each key, where its first one stands. */
export function uniqueByKey(items: readonly Node[], path: Path | undefined): readonly Node[] {
  return uniqueItems(items, name, path);
}
