import { ComposeError, dangling, placed } from "../error";
import { mergeService } from "../override/merge";
import { quote } from "../tree/gotext";
import { asText, isNull, type MapNode, map, type Node, withEntries } from "../tree/node";
import { clearPaths } from "../tree/reset";
import { sortedKeys } from "../tree/rules";
import type { Behaviour } from "../version";
import type { LoadedFile } from "./loader";
import { directoryOf, isAbsolute, join, relative } from "./paths";
import { localPath } from "./remote";

type Resets = readonly (readonly string[])[];

export interface ExtendsContext {
  readonly file: string;
  /** What the document that holds the services resets. */
  readonly resets: Resets;
  readonly directory: string;
  readonly behaviour: Behaviour;
  /** Loads another file, with its paths relative to `base`. */
  readonly load: (path: string, base: string) => LoadedFile;
}

/** Services that are being extended; a service that is done takes the place of its first form. */
interface Scope {
  readonly services: Map<string, Node>;
  readonly resets: Resets;
}

interface Link {
  readonly name: string;
  readonly service: MapNode;
  readonly scope: Scope;
}

/** Merges every service and every job of a document with the one that it `extends`, across files. */
export function applyExtends(document: MapNode, context: ExtendsContext): MapNode {
  const sections = context.behaviour.does("sharesContainerKeys") ? ["services", "jobs"] : ["services"];
  return withEntries(
    document,
    sections.flatMap((key) => extendSection(key, document.entries.get(key), context)),
  );
}

function extendSection(key: string, section: Node | undefined, context: ExtendsContext): [string, Node][] {
  if (section === undefined) return [];
  if (section.kind !== "map") throw new ComposeError("extends", `${key} must be a mapping`, section.origin);
  const scope: Scope = { services: new Map(section.entries), resets: context.resets };
  const loaded = new Map<string, Scope>();
  const { attempt } = context.behaviour;
  for (const name of sortedKeys(section)) attempt(() => extend(name, scope, context, loaded), undefined);
  return [[key, map(scope.services, section.origin)]];
}

/** Follows the chain of bases to its end, then merges back down. */
function extend(first: string, scope: Scope, context: ExtendsContext, loaded: Map<string, Scope>): void {
  const chain: Link[] = [];
  const visited: { readonly name: string; readonly file: string }[] = [];
  const seen = new Set<string>();
  let base: MapNode | undefined;
  let at = { name: first, scope };
  for (;;) {
    const service = at.scope.services.get(at.name);
    if (service === undefined || isNull(service)) break;
    if (service.kind !== "map") {
      throw new ComposeError("extends", `services.${at.name} must be a mapping`, service.origin);
    }
    const extended = service.entries.get("extends");
    if (extended === undefined) {
      base = service;
      break;
    }
    const next = follow(at.name, extended, at.scope, context, loaded);
    track(visited, seen, { name: at.name, file: next.file });
    chain.push({ name: at.name, service, scope: at.scope });
    at = { name: next.name, scope: next.scope };
  }
  for (const { name, service, scope: own } of chain.reverse()) {
    // A base that is null leaves the service as it is.
    base = base === undefined ? service : merge(base, service, name, own.resets, context.behaviour);
    own.services.set(name, base);
  }
}

function merge(base: MapNode, service: MapNode, name: string, resets: Resets, behaviour: Behaviour): MapNode {
  const paths = resets.flatMap(([section, key, ...rest]) =>
    section === "services" && key === name && rest.length > 0 ? [rest] : [],
  );
  const cleared = clearPaths(base, paths);
  return withEntries(mergeService(cleared, service, name, behaviour), [["extends", undefined]]);
}

interface Base {
  readonly name: string;
  readonly file: string;
  readonly scope: Scope;
}

function follow(name: string, node: Node, scope: Scope, context: ExtendsContext, loaded: Map<string, Scope>): Base {
  const reference = node.kind === "map" ? asText(node.entries.get("service")) : (asText(node) ?? "");
  if (reference === undefined) {
    throw new ComposeError("extends", `extends.${name}.service is required`, node.origin);
  }
  const written = node.kind === "map" ? node.entries.get("file") : undefined;
  const where = (file: string) => `cannot extend service ${quote(name)} in ${file}`;
  if (written === undefined || isNull(written)) {
    if (scope.services.has(reference)) return { name: reference, file: context.file, scope };
    const message = `${where(context.file)}: service ${quote(reference)} not found`;
    throw new ComposeError("extends", message, node.origin, dangling("service", reference));
  }
  const file = asText(written) ?? "";
  const other = loaded.get(file) ?? load(file, where, node, context);
  loaded.set(file, other);
  if (!other.services.has(reference)) {
    const message = `${where(context.file)}: service ${quote(reference)} not found in ${file}`;
    throw new ComposeError("extends", message, node.origin);
  }
  return { name: reference, file, scope: other };
}

function load(file: string, where: (file: string) => string, node: Node, context: ExtendsContext): Scope {
  const path = isAbsolute(file) ? file : join(context.directory, localPath(file, node.origin));
  const base = relative(context.directory, directoryOf(path));
  const { model, resets } = placed(node.origin, () => context.load(path, base));
  const services = model.entries.get("services");
  if (services === undefined) throw new ComposeError("extends", `${where(path)}: no services section`, node.origin);
  if (services.kind !== "map") {
    throw new ComposeError("extends", `${where(path)}: services must be a mapping`, node.origin);
  }
  return { services: new Map(services.entries), resets };
}

function track(
  visited: { readonly name: string; readonly file: string }[],
  seen: Set<string>,
  next: { readonly name: string; readonly file: string },
): void {
  const key = `${next.file}\0${next.name}`;
  if (seen.has(key)) {
    const lines = [...visited, next].map(
      ({ name, file }, index) => `  ${index === 0 ? "" : "extends "}${name} in ${file}`,
    );
    throw new ComposeError("extends", ["Circular reference:", ...lines].join("\n"));
  }
  seen.add(key);
  visited.push(next);
}
