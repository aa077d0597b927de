import { Healthcheck } from "../../construct/healthcheck";
import { UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN } from "../running";
import { KG_RAG_NEO4J_PASSWORD } from "../variables/knowledge-graph";
import * as variable from "../variables/knowledge-store";
import { pluginVariables } from "../variables/plugins";
import { CONSTANT_HEALTH, healthProbe } from "./probes";
import { BUILT_IN, type CheckoutServiceFacts, type ServiceFacts, STOPS } from "./service";
import { LIBRARY_USER } from "./users";

const PORT = 9092;
const DATA = "/app/data";
const MODES = ["DISABLE", "ENABLE"] as const;

/**
 * The knowledge store that comes after the knowledge base: collections by organization, each with its own index. No release
 * that is known has it yet; its facts are those of LAMB's branch for it.
 */
export const KNOWLEDGE_STORE: CheckoutServiceFacts<"data"> = {
  name: "kb-v2",
  program: "The knowledge store",
  is: "the knowledge store: collections of documents, by organization",
  image: "lamb-kb-server",
  build: { context: "lamb-kb-server", dockerfile: "lamb-kb-server/Dockerfile" },
  source: { program: "lamb-kb-server/backend" },
  owner: LIBRARY_USER,
  port: PORT,
  probe: healthProbe(PORT, "the knowledge store"),
  constant: CONSTANT_HEALTH,
  folders: {
    data: {
      path: DATA,
      holds: "the knowledge store and its database",
      volume: "kb-v2-data",
      loss: "data",
      stores: [
        { path: "kb-server.db", holds: "collections and what is in them", copy: "database" },
        { path: ".", holds: "documents and their index, by organization and collection", copy: "files" },
      ],
    },
  },
  needs: [{ names: ["LAMB_API_TOKEN"], without: STOPS }],
  fixed: [{ name: "PORT", value: `${PORT}`, because: BUILT_IN }],
  environment: {
    LAMB_API_TOKEN: variable.LAMB_KB_SERVER_V2_TOKEN,
    DATA_DIR: DATA,
    MAX_CONCURRENT_INGESTIONS: variable.KNOWLEDGE_STORE_MAX_INGESTIONS,
    INGESTION_TASK_TIMEOUT_SECONDS: variable.KNOWLEDGE_STORE_TIMEOUT,
    KB_MAX_JOB_ATTEMPTS: variable.KNOWLEDGE_STORE_MAX_ATTEMPTS,
    MAX_REQUEST_SIZE_BYTES: variable.KNOWLEDGE_STORE_MAX_REQUEST_BYTES,
    MAX_EMBED_CHARS: variable.MAX_EMBED_CHARS,
    RESPLIT_CHUNK_SIZE: variable.RESPLIT_CHUNK_SIZE,
    LOG_LEVEL: variable.KNOWLEDGE_STORE_LOG_LEVEL,
    UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN,
    ...pluginVariables({ modes: MODES, names: ["CHROMADB", "QDRANT"], kind: "VECTOR_DB" }),
    ...pluginVariables({ modes: MODES, names: ["SIMPLE", "BY_PAGE", "BY_SECTION", "HIERARCHICAL"], kind: "CHUNKING" }),
    ...pluginVariables({ modes: MODES, names: ["OPENAI", "OLLAMA", "LOCAL"], kind: "EMBEDDING" }),
  },
  leftOut: [
    { name: "HOST", reason: "the image listens where LAMB asks" },
    { name: "HF_HUB_DISABLE_TELEMETRY", reason: "the program sets it itself" },
    { name: "QDRANT_*", reason: "it is given where Qdrant runs beside the knowledge store" },
    ...["NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "OPENAI_CHAT_MODEL", "OPENAI_EXTRACTION_MODEL"].map((name) => ({
      name,
      reason: "the knowledge store takes the name that begins with KG_RAG_ first",
    })),
    ...["EMBEDDINGS_APIKEY", "OPENAI_API_KEY", "OLLAMA_DEFAULT_ENDPOINT", "OLLAMA_HOST"].map((name) => ({
      name,
      reason: "LAMB hands keys and addresses of models to the knowledge store with each request",
    })),
    ...["PLUGIN_KG_RAG_QUERY", "KG_RAG_*"].map((name) => ({
      name,
      reason: "it is given where Neo4j runs beside the knowledge store",
    })),
  ],
  writesRoot: "which paths its libraries write beside its volume has not been tried",
  talksTo: ["lamb", "neo4j", "qdrant", "ollama"],
};

/** Vectors of the knowledge store, apart from it. */
export const QDRANT: ServiceFacts<"data"> = {
  name: "qdrant",
  program: "Qdrant",
  is: "the vectors of the knowledge store",
  image: "qdrant/qdrant",
  tag: "v1.15.4",
  port: 6333,
  // Its image has bash, and neither curl nor wget.
  probe: Healthcheck.command([
    "bash",
    "-c",
    'exec 3<>/dev/tcp/127.0.0.1/6333 && printf "GET /readyz HTTP/1.0\\r\\n\\r\\n" >&3 && read -r _ code _ <&3 && [ "$code" = 200 ]',
  ]),
  folders: {
    data: {
      path: "/qdrant/storage",
      holds: "the vectors of the knowledge store",
      volume: "qdrant-data",
      loss: "data",
      stores: [{ path: ".", holds: "collections of vectors", copy: "files" }],
    },
  },
  environment: { QDRANT__SERVICE__API_KEY: variable.QDRANT_API_KEY, QDRANT__TELEMETRY_DISABLED: "true" },
  writesRoot: "which paths of its image Qdrant writes has not been tried",
  talksTo: ["kb-v2"],
};

/** The graph of the knowledge store. */
export const NEO4J: ServiceFacts<"data"> = {
  name: "neo4j",
  program: "Neo4j",
  is: "the graph of the knowledge store",
  image: "neo4j",
  tag: "5.26.0-community",
  port: 7687,
  probe: Healthcheck.wget("http://127.0.0.1:7474/"),
  folders: {
    data: {
      path: "/data",
      holds: "the graph of the knowledge store",
      volume: "neo4j-data",
      loss: "data",
      stores: [{ path: ".", holds: "the graph", copy: "files" }],
    },
  },
  environment: { NEO4J_AUTH: `neo4j/${KG_RAG_NEO4J_PASSWORD}` },
  writesRoot: "its start script writes the settings below /var/lib/neo4j",
  talksTo: ["kb-v2"],
};
