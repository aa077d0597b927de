import type { Amendment } from "../amend";
import { mapping, oneOf, text } from "../forms";

/** Where the schema inside Docker Compose 2.40 (compose-go 2.9.1) differs from the specification's of its day. */
export const engineAmendments: readonly Amendment[] = [
  {
    date: "2025-10-28",
    source: "compose-go abb36f7, in v2.9.1",
    at: "services.*.models.*",
    change: { become: oneOf(mapping({ endpoint_var: text, model_var: text }), { type: "null" }) },
  },
];
