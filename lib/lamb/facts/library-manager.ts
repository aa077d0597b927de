import { UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN } from "../running";
import * as variable from "../variables";
import { pluginVariables } from "../variables/plugins";
import { CONSTANT_HEALTH, healthProbe } from "./probes";
import { BUILT_IN, type BuiltServiceFacts, fixed, STOPS } from "./service";
import { LIBRARY_USER } from "./users";

const PORT = 9091;
const DATA = "/app/data";

const PLUGINS = pluginVariables({
  modes: ["DISABLE", "SIMPLIFIED", "ADVANCED"],
  // It takes any other word for its last one.
  alias: "ENABLE",
  names: ["SIMPLE_IMPORT", "MARKITDOWN_IMPORT", "MARKITDOWN_PLUS_IMPORT", "URL_IMPORT", "YOUTUBE_TRANSCRIPT_IMPORT"],
});

/**
 * LAMB's library of documents. LAMB alone can reach it.
 */
export const LIBRARY_MANAGER: BuiltServiceFacts<"data"> = {
  name: "library-manager",
  program: "The library manager",
  is: "the library of documents",
  image: "lamb-library-manager",
  build: { context: "library-manager", dockerfile: "library-manager/Dockerfile" },
  source: {
    title: "LAMB library manager",
    description: "LAMB's library of documents.",
    program: "library-manager/backend",
    modulePath: [],
    entry: "main",
    requirements: "library-manager/pyproject.toml",
    extra: "all",
    workdir: "/app",
    serverOptions: ["--timeout-graceful-shutdown", UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN],
    ignored: [{ why: "The library of a developer.", patterns: ["library-manager/backend/data"] }],
  },
  owner: LIBRARY_USER,
  port: PORT,
  probe: healthProbe(PORT, "the library manager"),
  constant: CONSTANT_HEALTH,
  folders: {
    data: {
      path: DATA,
      holds: "the library and its database",
      volume: "library-manager-data",
      loss: "data",
      stores: [
        { path: "library-manager.db", holds: "libraries and what is in them", copy: "database" },
        { path: ".", holds: "the documents by organization and library", copy: "files" },
      ],
    },
  },
  needs: [{ names: ["LAMB_API_TOKEN"], without: STOPS }],
  fixed: [{ name: "PORT", value: `${PORT}`, because: BUILT_IN }],
  environment: {
    LAMB_API_TOKEN: variable.LAMB_LIBRARY_TOKEN,
    DATA_DIR: DATA,
    PERMALINK_PREFIX: "/docs",
    MAX_CONCURRENT_IMPORTS: variable.LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS,
    IMPORT_TASK_TIMEOUT_SECONDS: variable.LIBRARY_MANAGER_IMPORT_TIMEOUT,
    LM_MAX_JOB_ATTEMPTS: variable.LIBRARY_MANAGER_MAX_ATTEMPTS,
    MAX_UPLOAD_SIZE_BYTES: variable.LIBRARY_MANAGER_MAX_UPLOAD_BYTES,
    MAX_ZIP_IMPORT_SIZE_BYTES: variable.LIBRARY_MANAGER_MAX_ZIP_BYTES,
    LOG_LEVEL: variable.LIBRARY_MANAGER_LOG_LEVEL,
    UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN,
    ...PLUGINS,
  },
  retired: [fixed("LIBRARY_MANAGER_PORT", `${PORT}`, "the port that the image listens on")],
  leftOut: [{ name: "HOST", reason: "the image listens where LAMB asks" }],
  checks: { kinds: { path: ["DATA_DIR"] } },
  talksTo: ["lamb"],
};
