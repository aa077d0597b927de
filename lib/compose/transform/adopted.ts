import { mergeDocuments } from "../override/merge";
import { asMap, type MapNode, map, mapItems, mapValues, type Node, withEntries } from "../tree/node";
import type { Behaviour } from "../version";

/** Extension fields that the specification has adopted since: where, under which name, and under which one now. */
const DEVELOP = { from: "x-develop", to: "develop" };
const INITIAL_SYNC = { from: "x-initialSync", to: "initial_sync" };

function adopt(node: MapNode, { from, to }: { from: string; to: string }, behaviour: Behaviour): MapNode {
  const extension = node.entries.get(from);
  if (extension === undefined) return node;
  const own = node.entries.get(to);
  const alone = (value: Node) => map([[to, value]], node.origin);
  const merged =
    own === undefined ? extension : mergeDocuments(alone(extension), alone(own), behaviour).entries.get(to);
  return withEntries(node, [
    [from, undefined],
    [to, merged],
  ]);
}

/** Gives the specification's name to what a document has under an older one. The specification's own wins. */
export function adoptExtensions(document: MapNode, behaviour: Behaviour): MapNode {
  const services = asMap(document.entries.get("services"));
  if (services === undefined) return document;
  const rule = (node: Node) => (node.kind === "map" ? adopt(node, INITIAL_SYNC, behaviour) : node);
  const adopted = mapValues(services, (service) => {
    if (service.kind !== "map") return service;
    const named = adopt(service, DEVELOP, behaviour);
    const develop = asMap(named.entries.get("develop"));
    const watch = develop?.entries.get("watch");
    if (develop === undefined || watch?.kind !== "list") return named;
    return withEntries(named, [["develop", withEntries(develop, [["watch", mapItems(watch, rule)]])]]);
  });
  return adopted === services ? document : withEntries(document, [["services", adopted]]);
}

/** A path to reset, and the same one under the specification's names. */
export function adoptedPaths(path: readonly string[]): readonly (readonly string[])[] {
  const [section, , key] = path;
  return section === "services" && key === DEVELOP.from ? [path, path.with(2, DEVELOP.to)] : [path];
}
