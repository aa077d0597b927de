import { rawErrors } from "./checker";
import { inDocumentOrder } from "./order";
import { problemOf, type SchemaProblem } from "./problem";

/**
 * Checks a document against the Compose Specification: all problems at once, in the document's order, none when it is
 * valid. It looks at one file as it is, so variables count as text, and nothing is merged, looked up or run. It never
 * throws, and its time grows with the size of the document.
 */
export function validate(document: unknown): SchemaProblem[] {
  const errors = rawErrors(document);
  return errors.length === 0 ? [] : inDocumentOrder(document, errors.map(problemOf));
}
