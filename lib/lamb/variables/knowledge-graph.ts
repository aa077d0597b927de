import { flag, group, secret, tuned } from "./kinds";

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
const drawn = tuned(graph, "the knowledge store");
export const KG_RAG_INDEX_ON_INGEST = drawn(
  "KG_RAG_INDEX_ON_INGEST",
  "read the graph out of a document when it comes",
  flag,
);
export const KG_RAG_GRAPH_DEPTH = drawn("KG_RAG_GRAPH_DEPTH", "steps from what a question names, from 1 to 4");
export const KG_RAG_LIMIT_FACTOR = drawn("KG_RAG_LIMIT_FACTOR", "how much more is looked at than is answered with");
export const KG_RAG_EXTRACTION_MAX_WORKERS = drawn(
  "KG_RAG_EXTRACTION_MAX_WORKERS",
  "parts of a document out of which the graph is read at once",
);
export const KG_RAG_OPENAI_TIMEOUT_SECONDS = drawn(
  "KG_RAG_OPENAI_TIMEOUT_SECONDS",
  "seconds that the model may take for a part of a document",
);
