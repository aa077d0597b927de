import { group } from "./kinds";

const verification = group("Verification");

export const VERIFY_ASSISTANT = verification(
  "VERIFY_ASSISTANT",
  "number of an assistant that is asked for a short answer when the deployment is verified; empty: none is",
  { type: (z) => z.string().regex(/^\d+$/, "must be the number of an assistant") },
);
export const VERIFY_KB_FILE = verification(
  "VERIFY_KB_FILE",
  "document of the knowledge base that is fetched when the deployment is verified, as its address has it after /kb/static/; empty: none is",
  { type: (z) => z.string().regex(/^[\w.~%-]+(?:\/[\w.~%-]+)*$/, "must be such as owner/collection/document.pdf") },
);
