import { count, group, secret } from "./kinds";

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
export const QDRANT_API_KEY = store("QDRANT_API_KEY", "key of Qdrant; the knowledge store uses the same", secret);

const graph = group("Knowledge graph");
export const KG_RAG_NEO4J_PASSWORD = graph(
  "KG_RAG_NEO4J_PASSWORD",
  "password of Neo4j, which takes it when its volume is new; the knowledge store uses the same",
  secret,
);
export const KG_RAG_OPENAI_API_KEY = graph(
  "KG_RAG_OPENAI_API_KEY",
  "key of the provider whose models read the graph out of documents",
  { secret: true },
);
export const KG_RAG_CHAT_MODEL = graph("KG_RAG_CHAT_MODEL", "model that asks the graph");
export const KG_RAG_EXTRACTION_MODEL = graph("KG_RAG_EXTRACTION_MODEL", "model that reads the graph out of documents");
