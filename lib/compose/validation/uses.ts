import { get, itemsOf, type MapNode, textAt } from "../tree/node";
import { sortedKeys } from "../tree/rules";

/** The names by which a typed service refers to resources of one section. */
export type Uses = (service: MapNode) => readonly string[];

export const keysAt =
  (key: string): Uses =>
  (service) => {
    const node = service.entries.get(key);
    return node?.kind === "map" ? sortedKeys(node) : [];
  };

export const sourcesAt =
  (...path: readonly string[]): Uses =>
  (service) =>
    itemsOf(get(service, ...path)).map((item) => textAt(item, "source"));

export const namedVolumes: Uses = (service) =>
  itemsOf(service.entries.get("volumes")).flatMap((item) => {
    const source = textAt(item, "source");
    return textAt(item, "type") === "volume" && source !== "" ? [source] : [];
  });
