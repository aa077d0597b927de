import Ajv from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { flatten } from "./flatten";
import { hoist } from "./hoist";
import type { SchemaNode } from "./node";
import { type Place, side } from "./place";
import { withoutProse } from "./prose";
import { tidy } from "./tidy";

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
  ajv.addSchema(flatten(hoist(reduced)), "specification");
  return tidy(standalone(ajv, { validate: "specification" }));
}
