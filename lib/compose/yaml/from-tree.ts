import { isCommented, isList, isMap, isTagged, type YamlNode as Tree, type YamlNodeMap } from "../emit/node";
import { numberText } from "../emit/scalar";
import type { YamlMapping, YamlNode, YamlScalar, YamlStream } from "./parser";

/** Nothing has printed the tree yet, so that it has no lines. */
const NOWHERE = { line: 0, column: 0 };

/** A tree is read for each release and each deployment that has it, and no reader changes what it gets. */
const KNOWN = new WeakMap<object, YamlStream>();

/** What the parser would make of a tree if it were printed, without the lines. */
export function streamOf(tree: Tree): YamlStream {
  const key = typeof tree === "object" && tree !== null ? tree : undefined;
  const known = key && KNOWN.get(key);
  if (known !== undefined) return known;
  const stream: YamlStream = { documents: [nodeOf(tree, "")], hasAliases: false, isTree: true };
  if (key !== undefined) KNOWN.set(key, stream);
  return stream;
}

/** A mapping of a tree. What is in it is made when it is looked at, and not kept: a tree is as a rule read once. */
class TreeMapping implements YamlMapping {
  readonly kind = "mapping";
  readonly line = 0;
  readonly column = 0;

  constructor(
    private readonly tree: YamlNodeMap,
    readonly tag: string,
  ) {}

  get entries(): (readonly [YamlNode, YamlNode])[] {
    const { tree } = this;
    return Object.keys(tree).map((key) => [scalar(key, false, ""), nodeOf(tree[key] ?? null, "")]);
  }
}

function nodeOf(tree: Tree, tag: string): YamlNode {
  if (isCommented(tree)) return nodeOf(tree.value, tag);
  if (isTagged(tree)) return nodeOf(tree.value, tree.tag);
  if (isList(tree)) return { kind: "sequence", ...NOWHERE, tag, items: tree.map((item) => nodeOf(item, "")) };
  if (isMap(tree)) return new TreeMapping(tree, tag);
  if (typeof tree === "string") return scalar(tree, false, tag);
  return scalar(typeof tree === "number" ? numberText(tree) : String(tree), true, tag);
}

function scalar(value: string, plain: boolean, tag: string): YamlScalar {
  return { kind: "scalar", line: 0, column: 0, tag, value, plain };
}
