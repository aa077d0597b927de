import { isNode, parseDocument, visit } from "yaml";
import { compile, officialSchema } from "../spec/judges";

const validate = compile(officialSchema());

/**
 * What the official schema has against a file, in its own words. What the file resets is taken out before, and an
 * override is taken as it stands, as Compose does.
 */
export function officialErrors(text: string): readonly string[] {
  const document = parseDocument(text, { logLevel: "silent" });
  visit(document, {
    Pair: (_, { value }) => (isNode(value) && value.tag === "!reset" ? visit.REMOVE : undefined),
  });
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  validate(document.toJS());
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
