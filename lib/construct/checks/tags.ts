import { isCommented, isList, isMap, isTagged, type YamlNode } from "../../compose/emit";
import type { YamlPath } from "../../spec";
import type { Finding } from "../finding";
import { Overlay } from "../overlay";
import type { RenderedFile } from "../rendered-file";
import { inFile } from "./check";

/** `reset()` and `replace()` in a file that changes nothing below it. */
export function* tags(rendered: RenderedFile): Generator<Finding> {
  if (Overlay.isOverlay(rendered.file)) return;
  const open: { readonly node: YamlNode; readonly path: YamlPath }[] = [{ node: rendered.tree, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    if (isTagged(node)) {
      const reason = `${node.tag} changes what files below say, and this file is merged over none`;
      yield inFile(rendered, {
        code: "tag-outside-overlay",
        path,
        reason,
        fix: "set the value itself, or use an Overlay",
      });
    } else if (isCommented(node)) open.push({ node: node.value, path });
    else if (isList(node))
      for (const [index, item] of node.entries()) open.push({ node: item, path: [...path, index] });
    else if (isMap(node))
      for (const [key, item] of Object.entries(node)) open.push({ node: item, path: [...path, key] });
  }
}
