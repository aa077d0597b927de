import { ComposeError } from "../error";
import { startedDependency } from "../override/forms";
import {
  asText,
  bool,
  formatValue,
  int,
  list,
  type MapNode,
  made,
  map,
  mapItems,
  mapValues,
  type Node,
  nothing,
  text,
  typeName,
  withEntries,
} from "../tree/node";
import { type Path, pathText, type Rewrite, rewriteChildren, rewriteEntries } from "../tree/rules";
import { PortError, type PortMapping, parsePorts } from "../types/ports";
import { cleanPath, parseVolume, VolumeError, type VolumeMount } from "../types/volumes";
import type { Behaviour } from "../version";

export interface CanonicalOptions {
  /** Leave a short form that does not parse as it is: without interpolation it may hold a variable. */
  readonly lenient: boolean;
  /** Leave a short form with a variable as it is. */
  readonly keepsTemplates: boolean;
  readonly warn: (message: string) => void;
  readonly behaviour: Behaviour;
}

export type Rule = Rewrite<CanonicalOptions>;

function fail(message: string, node: Node): ComposeError {
  return new ComposeError("canonical", message, node.origin);
}

function wrongType(path: Path, node: Node, what: string): ComposeError {
  return fail(`${pathText(path)}: invalid type ${typeName(node)} for ${what}`, node);
}

function isTemplate(node: Node): boolean {
  return asText(node)?.includes("$") === true;
}

export const oneOrMany = (node: Node): Node =>
  asText(node) === undefined ? node : made(list([node], node.origin), "string → list");

/** One or many, without the empty ones. */
export const nonEmpty: Rule = (node) => {
  const many = oneOrMany(node);
  if (many.kind !== "list") return many;
  const kept = many.items.filter((item) => item.kind !== "scalar" || (item.type !== "null" && item.value !== ""));
  return kept.length === many.items.length ? many : list(kept, many.origin);
};

export const asWords: Rule = (node) => (asText(node) === undefined ? text(formatValue(node), node.origin) : node);

export const build: Rule = (node, path, context, rules) => {
  if (node.kind === "map") return rewriteEntries(node, rules, path, context);
  if (asText(node) === undefined) throw wrongType(path, node, "build");
  return made(map([["context", node]], node.origin), "short form of build");
};

export const extended: Rule = (node, path, context, rules) => {
  if (node.kind === "map") return rewriteEntries(node, rules, path, context);
  if (asText(node) === undefined) throw wrongType(path, node, "extends");
  return map([["service", node]], node.origin);
};

export const granted: Rule = (node, path) => {
  if (node.kind === "map") return node;
  if (asText(node) === undefined) throw fail(`${pathText(path)}: unsupported type ${typeName(node)}`, node);
  return made(map([["source", node]], node.origin), "short form of a config or secret");
};

export const keyValues: Rule = (node, path, { lenient }) => {
  if (node.kind === "map") return node;
  if (node.kind !== "list") throw fail(`${pathText(path)}: invalid type ${typeName(node)}`, node);
  const entries = new Map<string, Node>();
  for (const item of node.items) {
    const written = formatValue(item);
    const equals = written.indexOf("=");
    if (equals < 0) {
      if (lenient) return node;
      throw fail(`${pathText(path)}: invalid value ${written}, expected key=value`, item);
    }
    entries.set(written.slice(0, equals), text(written.slice(equals + 1), item.origin));
  }
  return made(map(entries, node.origin), "list → mapping");
};

export const ssh: Rule = (node, path) => {
  if (node.kind === "map") return node;
  if (node.kind !== "list") throw wrongType(path, node, "ssh");
  const keys = new Map<string, Node>();
  for (const item of node.items) {
    const written = asText(item);
    if (written === undefined) throw fail(`invalid ssh key type ${typeName(item)}`, item);
    const equals = written.indexOf("=");
    if (equals >= 0) keys.set(written.slice(0, equals), text(written.slice(equals + 1), item.origin));
    else if (written === "default") keys.set(written, nothing(item.origin));
    else throw fail(`invalid ssh key ${JSON.stringify(written)}`, item);
  }
  return made(map(keys, node.origin), "list → mapping");
};

export const dependencies: Rule = (node, path) => {
  if (node.kind === "list") {
    const named = node.items.map((item) => [formatValue(item), startedDependency(item.origin)] as const);
    return made(map(named, node.origin), "short form of depends_on");
  }
  if (node.kind !== "map") throw wrongType(path, node, "depend_on");
  return mapValues(node, (value, name) => {
    if (value.kind !== "map") {
      throw fail(`${pathText(path)}.${name}: unsupported value ${formatValue(node)}`, value);
    }
    if (value.entries.has("condition") && value.entries.has("required")) return value;
    const defaults = startedDependency(value.origin);
    return withEntries(
      value,
      [...defaults.entries].filter(([key]) => !value.entries.has(key)),
    );
  });
};

const required = (node: Node) => made(bool(true, node.origin), "default");

function envFile(node: Node): Node {
  if (node.kind === "map")
    return node.entries.has("required") ? node : withEntries(node, [["required", required(node)]]);
  if (asText(node) === undefined) return nothing(node.origin);
  return made(
    map(
      [
        ["path", node],
        ["required", required(node)],
      ],
      node.origin,
    ),
    "short form of env_file",
  );
}

export const envFiles: Rule = (node, path) => {
  if (node.kind === "list") return mapItems(node, envFile);
  if (asText(node) === undefined) throw wrongType(path, node, "env_file");
  return list([envFile(node)], node.origin);
};

export const namesToMap: Rule = (node) => {
  if (node.kind !== "list") return node;
  const named = node.items.map((item) => [formatValue(item), nothing(item.origin)] as const);
  return made(map(named, node.origin), "list → mapping");
};

export const gpus: Rule = (node, path, context, rules) => {
  if (node.kind === "list") return rewriteChildren(node, rules, path, context);
  if (asText(node) === undefined) throw wrongType(path, node, "gpus");
  return made(list([map([["count", text("all", node.origin)]], node.origin)], node.origin), "short form of gpus");
};

export const device: Rule = (node, path, { lenient }) => {
  if (node.kind === "map") return node;
  const written = asText(node);
  if (written === undefined) throw wrongType(path, node, "service volume mount");
  const parts = written.split(":");
  if (parts.length > 3 && !lenient) throw fail(`confusing device mapping, please use long syntax: ${written}`, node);
  const [source = "", target = "", permissions = "rwm"] = parts.length > 3 ? [] : parts;
  const part = (value: string) => text(value, node.origin);
  return made(
    map(
      [
        ["source", part(source)],
        ["target", part(target === "" ? source : target)],
        ["permissions", part(permissions)],
      ],
      node.origin,
    ),
    "short form of a device",
  );
};

export const ulimit: Rule = (node, path, { lenient, behaviour }) => {
  if (node.kind === "map" || (node.kind === "scalar" && node.type === "int")) return node;
  const leaves = behaviour.does("leavesLimitText");
  if (leaves && lenient && asText(node) !== undefined) return node;
  throw wrongType(path, node, leaves ? "ulimits" : "external");
};

function portNode(port: PortMapping, from: Node): Node {
  const { target, published, host_ip, protocol } = port;
  const entries = new Map<string, Node>([["mode", made(text("ingress", from.origin), "default")]]);
  if (host_ip !== undefined) entries.set("host_ip", text(host_ip, from.origin));
  // The reference leaves out a port 0, and then misses it.
  if (target !== 0) entries.set("target", int(target, from.origin));
  if (published !== undefined) entries.set("published", text(published, from.origin));
  entries.set("protocol", text(protocol, from.origin));
  return made(map(entries, from.origin), "short form of a port");
}

export const ports: Rule = (node, path, { lenient, keepsTemplates, behaviour }) => {
  const newer = behaviour.does("newPortReader");
  if (node.kind !== "list") throw wrongType(path, node, "port");
  if (node.items.every(({ kind }) => kind === "map")) return node;
  const found: Node[] = [];
  for (const item of node.items) {
    if (item.kind === "map" || (keepsTemplates && isTemplate(item))) {
      found.push(item);
      continue;
    }
    if (item.kind !== "scalar" || (item.type !== "int" && item.type !== "string")) throw wrongType(path, item, "port");
    try {
      for (const port of parsePorts(String(item.value), { newer })) found.push(portNode(port, item));
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (lenient && item.type === "string") return node;
      behaviour.refuse(fail(error.message, item));
    }
  }
  return list(found, node.origin);
};

function volumeNode(volume: VolumeMount, from: Node): MapNode {
  const { origin } = from;
  const entries = new Map<string, Node>([["type", text(volume.type, origin)]]);
  if (volume.source !== undefined) entries.set("source", text(volume.source, origin));
  if (volume.target !== "") entries.set("target", text(cleanPath(volume.target), origin));
  if (volume.read_only === true) entries.set("read_only", bool(true, origin));
  if (volume.bind !== undefined) {
    const { selinux, propagation, create_host_path: create } = volume.bind;
    const bind = new Map<string, Node>();
    if (selinux !== undefined) bind.set("selinux", text(selinux, origin));
    if (propagation !== undefined) bind.set("propagation", text(propagation, origin));
    if (create === true) bind.set("create_host_path", bool(true, origin));
    entries.set("bind", map(bind, origin));
  }
  if (volume.volume !== undefined) {
    const nocopy = volume.volume.nocopy === true ? [["nocopy", bool(true, origin)] as const] : [];
    entries.set("volume", map(nocopy, origin));
  }
  return made(map(entries, origin), "short form of a volume");
}

export const volume: Rule = (node, path, { lenient, keepsTemplates }) => {
  if (node.kind === "map" || (keepsTemplates && isTemplate(node))) return node;
  const spec = asText(node);
  if (spec === undefined) throw wrongType(path, node, "service volume mount");
  try {
    return volumeNode(parseVolume(spec), node);
  } catch (error) {
    if (!(error instanceof VolumeError)) throw error;
    if (lenient) return node;
    throw fail(error.message, node);
  }
};

/** `external: {name: n}` is the old way to say `external: true` and `name: n`. */
export const resource: Rule = (node, path, { warn }) => {
  if (node.kind !== "map") return node;
  const external = node.entries.get("external");
  if (external?.kind !== "map") return node;
  const name = node.entries.get("name");
  const inner = external.entries.get("name");
  const yes: [string, Node] = ["external", bool(true, external.origin)];
  if (inner === undefined) return withEntries(node, [yes]);
  warn(`${pathText(path)}: external.name is deprecated. Please set name and external: true`);
  if (name === undefined) return withEntries(node, [yes, ["name", inner]]);
  if (asText(name) !== asText(inner)) {
    throw fail(`${pathText(path)}: name and external.name conflict; only use name`, inner);
  }
  return withEntries(node, [yes]);
};

export const include: Rule = (node, path) => {
  if (node.kind === "map") return node;
  if (asText(node) === undefined) throw wrongType(path, node, "external");
  return map([["path", node]], node.origin);
};

export const schedule: Rule = (node, path) => {
  if (node.kind === "map") return node;
  if (asText(node) === undefined) throw wrongType(path, node, "schedule entry");
  return made(map([["cron", node]], node.origin), "short form of a schedule");
};
