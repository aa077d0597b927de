import { count, type Details, group, url } from "./kinds";
import { OPENAI_API_KEY, OPENAI_BASE_URL } from "./models";

const knowledge = group("Knowledge base");
const vendor: Details["type"] = (z) => z.enum(["openai", "ollama", "local"]);
export const EMBEDDINGS_VENDOR = knowledge("EMBEDDINGS_VENDOR", "who computes embeddings: openai, ollama or local", {
  default: "openai",
  type: vendor,
});
export const EMBEDDINGS_MODEL = knowledge("EMBEDDINGS_MODEL", "model that computes embeddings of new collections", {
  default: "text-embedding-3-small",
});
export const EMBEDDINGS_ENDPOINT = knowledge("EMBEDDINGS_ENDPOINT", "address of the embeddings service", {
  default: `${OPENAI_BASE_URL}/embeddings`,
  type: url,
});
export const EMBEDDINGS_APIKEY = knowledge(
  "EMBEDDINGS_APIKEY",
  "key of the embeddings service, when it differs from OPENAI_API_KEY",
  { secret: true, default: `${OPENAI_API_KEY}` },
);
export const FIRECRAWL_API_URL = knowledge(
  "FIRECRAWL_API_URL",
  "address of a Firecrawl server, for pages that need a browser",
  { default: "http://host.docker.internal:3002", type: url },
);
export const FIRECRAWL_API_KEY = knowledge("FIRECRAWL_API_KEY", "key of the Firecrawl server", {
  secret: true,
  default: "",
});
export const MAX_CONCURRENT_INGESTION_TASKS = knowledge(
  "MAX_CONCURRENT_INGESTION_TASKS",
  "documents that are read at once",
  { default: 3, type: count },
);
export const INGESTION_TASK_TIMEOUT_SECONDS = knowledge(
  "INGESTION_TASK_TIMEOUT_SECONDS",
  "seconds after which reading a document is given up",
  { default: 360, type: count },
);
export const INGESTION_JOB_REFRESH_RATE = knowledge(
  "INGESTION_JOB_REFRESH_RATE",
  "seconds after which pages ask again how reading a document goes",
  { default: 3, type: count },
);
