import { Healthcheck } from "../../construct/healthcheck";
import * as variable from "../variables/knowledge-store";
import { CONSTANT_HEALTH, healthProbe } from "./probes";
import { BUILT_IN, type LambServiceFacts, type ServiceFacts, STOPS } from "./service";
import { LIBRARY_USER } from "./users";

const PORT = 9092;
const DATA = "/app/data";

/**
 * The knowledge store that comes after the knowledge base: collections by organization, each with its own index. No release
 * that is known has it yet; its facts are those of LAMB's branch for it.
 */
export const KNOWLEDGE_STORE: LambServiceFacts<"data"> = {
  name: "kb-v2",
  program: "The knowledge store",
  image: "lamb-kb-server",
  build: { context: "lamb-kb-server", dockerfile: "lamb-kb-server/Dockerfile" },
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
  },
  talksTo: ["lamb", "neo4j", "qdrant", "ollama"],
};

/** Vectors of the knowledge store, apart from it. */
export const QDRANT: ServiceFacts<"data"> = {
  name: "qdrant",
  program: "Qdrant",
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
  environment: { NEO4J_AUTH: `neo4j/${variable.KG_RAG_NEO4J_PASSWORD}` },
  writesRoot: "its start script writes the settings below /var/lib/neo4j",
  talksTo: ["kb-v2"],
};
