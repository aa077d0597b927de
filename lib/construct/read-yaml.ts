import { ComposeError as ReadError } from "../compose/error";
import { readDocument } from "../compose/loader/document";
import { mergeDocuments } from "../compose/override/merge";
import { IMPLICIT, map, type Node } from "../compose/tree/node";
import { clearPaths } from "../compose/tree/reset";
import { keysOf } from "../compose/tree/rules";
import { parseYaml } from "../compose/yaml/parser";
import { formatPath } from "../spec";
import { setOwn } from "../spec/value";
import { override, reset } from "./annotated";
import type { Input } from "./binding";
import { isMap } from "./copy";
import { ConstructError } from "./errors";

/** A mapping as programs write it. */
export type InputMap = { readonly [key: string]: Input };

/**
 * A Compose file, read as Compose reads it, with `!reset` and `!override` kept. Of several documents each is merged over
 * those before it.
 *
 * @param construct path of the construct that the document is for
 * @param isOverlay whether there are files below, which tags of later documents are about, too
 * @throws ConstructError `invalid-yaml`, with line and column in its reason
 */
export function readYaml(text: string, construct: string, isOverlay = true): InputMap {
  const fix = "correct the text; `docker compose config` reads it the same way";
  const refused = (reason: string) => new ConstructError({ code: "invalid-yaml", construct, reason, fix });
  try {
    const { documents, error } = parseYaml(text);
    if (error !== undefined) throw refused(at(error.message.replace(/^yaml: (line \d+: )?/, ""), error));
    let merged = map([], IMPLICIT);
    const resets: (readonly string[])[] = [];
    for (const document of documents) {
      const read = readDocument(document, "the text");
      merged = mergeDocuments(clearPaths(merged, read.resets), read.root);
      if (isOverlay || document === documents[0]) resets.push(...read.resets);
    }
    const input = toInput(merged);
    for (const path of resets) annotate(input, path);
    return isMap(input) ? input : {};
  } catch (error) {
    if (error instanceof ReadError) throw refused(at(error.message, error.origin));
    throw error;
  }
}

function at(message: string, place: { readonly line: number; readonly column: number } | undefined): string {
  return place === undefined ? message : `${message} (line ${place.line}, column ${place.column})`;
}

type Mutable = { [key: string]: Input };

/**
 * An integer that a number cannot hold becomes text, which Compose reads as the same value and keeps to its last digit.
 *
 * @throws ReadError for a date or a time outside of `x-…`
 */
function toInput(node: Node): Mutable | Input {
  if (node.kind === "scalar" && node.type === "time") {
    const keys = keysOf(node.origin.at);
    const reason = "is a date or a time, which Compose refuses: put it in quotes";
    if (!keys.some((key) => key.startsWith("x-")))
      throw new ReadError("schema", `${formatPath(keys)} ${reason}`, node.origin);
  }
  if (node.kind === "list") return node.items.map(toInput);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? String(node.value) : node.value;
  const value: Mutable = {};
  for (const [key, item] of node.entries) setOwn(value, key, toInput(item));
  return value;
}

/** Puts a tag back where it stood: what is gone was reset, what is there was replaced. */
function annotate(input: Input, path: readonly string[]): void {
  const key = path.at(-1);
  let parent: Input = input;
  for (const step of path.slice(0, -1)) parent = isMap(parent) ? parent[step] : undefined;
  if (key === undefined || !isMap(parent)) return;
  const mutable: Mutable = parent;
  setOwn(mutable, key, Object.hasOwn(mutable, key) ? override(mutable[key]) : reset());
}
