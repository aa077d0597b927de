import { UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN } from "../running";
import * as variable from "../variables";
import { inOrder } from "../variables/kinds";
import * as knowledge from "../variables/knowledge";
import { pluginVariables } from "../variables/plugins";
import { kbProbe } from "./probes";
import { BUILT_IN, type BuiltServiceFacts } from "./service";
import { LAMB_USER } from "./users";
import { VECTOR_FILES } from "./vectors";

const PORT = 9090;

const PLUGINS = pluginVariables({
  modes: ["DISABLE", "SIMPLIFIED", "ADVANCED"],
  alias: "ENABLE",
  names: [
    ...["SIMPLE_INGEST", "MARKITDOWN_INGEST", "MARKITDOWN_PLUS_INGEST", "HIERARCHICAL_INGEST"],
    ...["MARKITDOWN_HIERARCHICAL_INGEST", "MOCKAI_JSON_INGEST", "YOUTUBE_TRANSCRIPT_INGEST", "URL_INGEST"],
    ...["SIMPLE_QUERY", "PARENT_CHILD_QUERY"],
  ],
});

/**
 * The knowledge base: documents, their index, and the files that they came from.
 */
export const KB: BuiltServiceFacts<"data" | "originals"> = {
  name: "kb",
  program: "The knowledge base",
  is: "the knowledge base: documents and their contents",
  image: "lamb-kb",
  build: { context: "lamb-kb-server-stable", dockerfile: "lamb-kb-server-stable/Dockerfile" },
  source: {
    title: "LAMB knowledge base",
    description: "LAMB's knowledge base: documents, and the index of what they say.",
    program: "lamb-kb-server-stable/backend",
    modulePath: [],
    entry: "main",
    requirements: "lamb-kb-server-stable/backend/requirements.txt",
    workdir: "/app/backend",
    serverOptions: ["--forwarded-allow-ips", "*", "--timeout-graceful-shutdown", UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN],
    ignored: [
      {
        why: "What people uploaded, and the index of it.",
        patterns: ["lamb-kb-server-stable/backend/data", "lamb-kb-server-stable/backend/static"],
      },
      {
        why: "Tests and examples.",
        patterns: [
          "lamb-kb-server-stable/backend/tests",
          "lamb-kb-server-stable/backend/test_files",
          "lamb-kb-server-stable/backend/examples",
        ],
      },
    ],
  },
  owner: LAMB_USER,
  port: PORT,
  published: variable.KB_PORT,
  memory: variable.KB_MEMORY_LIMIT,
  probe: kbProbe(PORT),
  constant: { probe: /\/health(?![\w/-])/, instead: "/database/status with the key" },
  folders: {
    data: {
      path: "/app/backend/data",
      holds: "the databases of the knowledge base",
      volume: "kb-data",
      loss: "data",
      refersTo: { "kb-static": "documents" },
      stores: [
        { path: "lamb-kb-server.db", holds: "collections and their documents", copy: "database" },
        { path: "chromadb/chroma.sqlite3", holds: "the texts of the index", copy: "database" },
        { path: "chromadb/*", holds: "the vectors of a collection", copy: "files", parts: VECTOR_FILES },
        { path: ".", holds: "settings with a key, and logs", copy: "files" },
      ],
    },
    originals: {
      path: "/app/backend/static",
      holds: "the documents that people uploaded",
      volume: "kb-static",
      loss: "data",
      stores: [
        // Under a name of their own each; what is made of them, as text, is written anew under the same name.
        ...["pdf", "doc", "docx", "ppt", "pptx", "xls", "xlsx", "epub", "zip", "mp3", "mp4", "wav"].map(
          (end) => ({ path: `*.${end}`, holds: `documents (${end})`, copy: "once" }) as const,
        ),
        { path: ".", holds: "the documents by owner and collection, and what was made of them", copy: "files" },
      ],
    },
  },
  needs: [{ names: ["LAMB_API_KEY"], without: "takes a key that is printed in its source" }],
  fixed: [{ name: "PORT", value: `${PORT}`, because: BUILT_IN }],
  environment: {
    LAMB_API_KEY: variable.LAMB_KB_SERVER_TOKEN,
    HOME_URL: variable.KB_HOME_URL,
    ...inOrder(knowledge),
    ...PLUGINS,
    KB_LOG_LEVEL: variable.KB_LOG_LEVEL,
    GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
    UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN,
  },
  forBrowsers: ["HOME_URL"],
  leftOut: [
    { name: "KB_CONFIG_PATH", reason: "its settings are in its volume" },
    { name: "UVICORN_ACCESS_LOG", reason: "no address of a request has a secret in it" },
  ],
  checks: { kinds: {} },
  writesRoot:
    "which paths the libraries in LAMB's own image of the knowledge base write beside its volumes has not been tried",
  talksTo: ["lamb", "ollama", "caddy"],
  open: true,
};
