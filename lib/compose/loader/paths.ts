import { ComposeError } from "../error";
import { withoutEnd } from "../tree/gotext";
import { asText, type MapNode, mapItems, type Node, text, withEntries } from "../tree/node";
import { andContainers, type Rewrite, rewriteEntries, rulesOf } from "../tree/rules";
import { cleanPath } from "../types/volumes";

export interface PathContext {
  /** What relative paths are relative to; it can be relative itself. */
  readonly directory: string;
  /** What a leading `~` stands for. */
  readonly home?: string | undefined;
  /** Where a symbolic link leads; used for `develop.watch` alone. */
  readonly followLinks?: ((path: string) => string) | undefined;
}

/** `join("/a", "../b")` is `/b`; the empty parts do not count. */
export function join(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== "").join("/");
  return joined === "" ? "" : cleanPath(joined);
}

export function isAbsolute(path: string): boolean {
  return path.startsWith("/");
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : cleanPath(path.slice(0, slash + 1));
}

export function baseName(path: string): string {
  const trimmed = withoutEnd(path, "/");
  return trimmed === "" ? (path === "" ? "." : "/") : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** The way from one absolute path to another. */
export function relative(from: string, to: string): string {
  const a = cleanPath(from).split("/").filter(Boolean);
  const b = cleanPath(to).split("/").filter(Boolean);
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const steps = [...a.slice(common).map(() => ".."), ...b.slice(common)];
  return steps.length === 0 ? "." : steps.join("/");
}

function isWindowsAbsolute(path: string): boolean {
  return /^.:[\\/]/.test(path) || /^[\\/]{2}/.test(path);
}

function expandHome(path: string, { home }: PathContext): string {
  return path.startsWith("~") && home !== undefined ? join(home, path.slice(1)) : path;
}

function absolute(path: string, context: PathContext): string {
  const expanded = expandHome(path, context);
  return isAbsolute(expanded) || expanded === "" ? expanded : join(context.directory, expanded);
}

/** As `absolute`, but a Windows path stays; the empty path is the directory. */
function onHost(path: string, context: PathContext): string {
  const expanded = expandHome(path, context);
  return isAbsolute(expanded) || isWindowsAbsolute(expanded) ? expanded : join(context.directory, expanded);
}

const REMOTE = /^(?:https:\/\/|http:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@|service:)/;

function buildContext(path: string, context: PathContext): string {
  return path.includes("://") || REMOTE.test(path) ? path : absolute(path, context);
}

type Rule = Rewrite<PathContext>;

/** A rule for a text; other values stay. */
function each(change: (path: string, context: PathContext) => string): Rule {
  const rule: Rule = (node, path, context, rules) => {
    if (node.kind === "list") return mapItems(node, (item) => rule(item, path, context, rules));
    const before = asText(node);
    if (before === undefined) return node;
    const after = change(before, context);
    return after === before ? node : text(after, { ...node.origin, rule: "relative path" });
  };
  return rule;
}

const hostPath = each(onHost);

function setPath(node: MapNode, key: string, value: Node, path: Parameters<Rule>[1], context: PathContext): MapNode {
  const changed = hostPath(value, path, context, { keys: new Map() });
  return changed === value ? node : withEntries(node, [[key, changed]]);
}

const mount: Rule = (node, path, context) => {
  if (node.kind !== "map" || asText(node.entries.get("type")) !== "bind") return node;
  const source = node.entries.get("source");
  if (source === undefined) {
    const message = 'invalid mount config for type "bind": field Source must not be empty';
    throw new ComposeError("validation", message, node.origin);
  }
  return setPath(node, "source", source, path, context);
};

/** A volume of the driver `local` with the option `o: bind` is a directory of the host. */
const localVolume: Rule = (node, path, context) => {
  if (node.kind !== "map" || asText(node.entries.get("driver")) !== "local") return node;
  const options = node.entries.get("driver_opts");
  if (options?.kind !== "map" || asText(options.entries.get("o")) !== "bind") return node;
  const device = options.entries.get("device");
  if (device === undefined) return node;
  return withEntries(node, [["driver_opts", setPath(options, "device", device, path, context)]]);
};

const watched = each((path, context) => {
  const found = absolute(path, context);
  return context.followLinks?.(found) ?? found;
});

/** Paths of the host: place → how it becomes absolute. */
export const PATHS = rulesOf<Rule>({
  ...andContainers<Rule>({
    "services.*.build.context": each(buildContext),
    "services.*.build.additional_contexts.*": each(buildContext),
    "services.*.build.ssh.*": hostPath,
    "services.*.env_file.*.path": each(absolute),
    "services.*.label_file.*": each(absolute),
    "services.*.extends.file": each(absolute),
    "services.*.develop.watch.*.path": watched,
    "services.*.volumes.*": mount,
  }),
  "configs.*.file": hostPath,
  "secrets.*.file": hostPath,
  "include.path": each(absolute),
  "include.project_directory": each(absolute),
  "include.env_file": each(absolute),
  "volumes.*": localVolume,
});

/** Makes the paths of the table absolute. */
export function resolvePaths(root: MapNode, context: PathContext): MapNode {
  return rewriteEntries(root, PATHS, undefined, context);
}
