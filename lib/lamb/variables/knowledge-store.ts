import { count, group, level, secret, tuned } from "./kinds";

const store = group("Knowledge store");
export const LAMB_KB_SERVER_V2_TOKEN = store(
  "LAMB_KB_SERVER_V2_TOKEN",
  "key of the knowledge store; LAMB uses the same",
  { ...secret, formerNames: ["KB_SERVER_V2_TOKEN"] },
);
export const KNOWLEDGE_STORE_MAX_INGESTIONS = store(
  "KNOWLEDGE_STORE_MAX_INGESTIONS",
  "documents that the knowledge store reads at once",
  { default: 3, type: count },
);
export const KNOWLEDGE_STORE_TIMEOUT = store(
  "KNOWLEDGE_STORE_TIMEOUT",
  "seconds after which the knowledge store gives up reading a document",
  { default: 1800, type: count },
);
const stored = tuned(store, "the knowledge store");
export const KNOWLEDGE_STORE_MAX_ATTEMPTS = stored(
  "KNOWLEDGE_STORE_MAX_ATTEMPTS",
  "how often the knowledge store tries to read a document",
);
export const KNOWLEDGE_STORE_MAX_REQUEST_BYTES = stored(
  "KNOWLEDGE_STORE_MAX_REQUEST_BYTES",
  "bytes of the largest request of LAMB to the knowledge store",
);
export const KNOWLEDGE_STORE_LOG_LEVEL = stored(
  "KNOWLEDGE_STORE_LOG_LEVEL",
  "how much the knowledge store logs",
  level,
);
export const MAX_EMBED_CHARS = stored("MAX_EMBED_CHARS", "characters of the longest part that is embedded");
export const RESPLIT_CHUNK_SIZE = stored("RESPLIT_CHUNK_SIZE", "characters of the parts that a longer one becomes");
export const QDRANT_API_KEY = store("QDRANT_API_KEY", "key of Qdrant; the knowledge store uses the same", secret);
