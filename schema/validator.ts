import Ajv from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { flatten } from "./flatten";
import type { SchemaNode } from "./node";
import { type Place, side } from "./place";
import { withoutProse } from "./prose";

/**
 * Compiles a schema ahead of time: the text of an ES module that exports `validate` and imports nothing. Lists of
 * scalars are compared in there; lists of mappings, `distinct`, are left to the library: ajv would compare each item
 * with every other, and import a helper of its own for it.
 */
export function renderValidator(root: SchemaNode, distinct: readonly Place[]): string {
  const reduced = withoutProse(root);
  for (const place of distinct) delete side(reduced, place, "array").uniqueItems;
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  ajv.addSchema(flatten(reduced), "specification");
  const code = standalone(ajv, { validate: "specification" }).replaceAll(
    /vErrors === null \? (\w+)\.errors : vErrors\.concat\(\1\.errors\)/g,
    "joined(vErrors, $1.errors)",
  );
  if (/\brequire\(/.test(code)) throw new Error("schema: the compiled validator would need a module when it runs");
  if (/\.concat\(/.test(code)) throw new Error("schema: the compiled validator copies its errors again and again");
  return code + JOINED;
}

/** With it, many bad services cost what each of them costs; ajv's own way copies all former errors for each. */
const JOINED = `
function joined(errors, more) {
  if (errors === null) return more;
  for (const error of more) errors.push(error);
  return errors;
}
`;
