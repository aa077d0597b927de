import type { YamlNode } from "./node";
import { commentLines } from "./text";
import { Writer } from "./writer";

export { EmitError } from "./error";
export {
  Commented,
  type ComposeTag,
  isCommented,
  isList,
  isMap,
  isTagged,
  Tagged,
  type YamlNode,
  type YamlNodeMap,
} from "./node";
export { plain } from "./plain";

/** How {@link emit} writes. */
export interface EmitOptions {
  /**
   * What stands above the document as a comment, with an empty line below.
   *
   * @default - no header
   */
  readonly header?: string;
  /**
   * Whether an entry has an empty line above it, and above its comment. The first one of a collection never has.
   *
   * @default - none has
   */
  readonly apart?: (path: readonly (string | number)[]) => boolean;
}

/**
 * Writes a document as YAML that every reader reads the same: YAML 1.1 and 1.2, go-yaml (Docker Compose), js-yaml and
 * PyYAML. Block style, two spaces, keys in the order of the object, line feeds, no anchors, no folding. A text is plain
 * where every reader takes it for that text, a literal block where it has several lines, else in double quotes.
 * `$` is written as it is.
 *
 * @throws EmitError with the path of a value that is not YAML, of a number that is not finite, of half a surrogate
 * pair, of a value that contains itself, of two tags on one value, or of nesting beyond 99 levels (js-yaml's limit).
 */
export function emit(document: YamlNode, options: EmitOptions = {}): string {
  const header = options.header === undefined ? "" : `${commentLines(options.header).join("\n")}\n\n`;
  return header + new Writer(options.apart).document(document);
}
