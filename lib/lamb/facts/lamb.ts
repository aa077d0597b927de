import { UVICORN_ACCESS_LOG, UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN } from "../running";
import * as variable from "../variables";
import * as features from "../variables/features";
import * as frontend from "../variables/frontend";
import { inOrder } from "../variables/kinds";
import * as logs from "../variables/logs";
import * as models from "../variables/models";
import * as people from "../variables/people";
import { pluginVariables } from "../variables/plugins";
import { KB } from "./kb";
import { KNOWLEDGE_STORE } from "./knowledge-store";
import { LIBRARY_MANAGER } from "./library-manager";
import { OPEN_WEBUI } from "./open-webui";
import { CACHE_FOLDER, PAGE_SETTINGS, SETTINGS_FOLDER } from "./page-settings";
import { lambProbe } from "./probes";
import { addressOf, BUILT_IN, type BuiltServiceFacts, fixed, fixedAddress, STOPS } from "./service";
import { LAMB_USER } from "./users";

const PORT = 9099;
const DATA = "/data/lamb";
const OPEN_WEBUI_DATA = "/data/openwebui";

/** Variables without which LAMB does start: the image brings a value. */
const IMAGE_ENVIRONMENT = { LAMB_DB_PATH: DATA, OLLAMA_ENABLED: "false" };

const OWN_DATABASE = "Open WebUI's database is in its volume, and LAMB waits for it";

const PLUGINS = pluginVariables({
  modes: ["DISABLE", "ENABLE"],
  names: [
    ...["OPENAI", "OLLAMA", "BANANA_IMG", "BYPASS", "NO_RAG", "SIMPLE_RAG", "SINGLE_FILE_RAG", "CONTEXT_AWARE_RAG"],
    ...["RUBRIC_RAG", "HIERARCHICAL_RAG"],
  ],
});

/** Folder of what becomes the pages. */
export const FRONTEND = "frontend";

/**
 * LAMB itself: the backend with the bundled frontend.
 */
export const LAMB: BuiltServiceFacts<"data" | "openwebui" | "uploads"> = {
  name: "lamb",
  program: "LAMB",
  is: "LAMB itself, with its pages",
  image: "lamb",
  build: { context: ".", dockerfile: "backend/Dockerfile" },
  source: {
    title: "LAMB",
    description: "LAMB: the backend, and the pages that it serves.",
    program: "backend",
    // The import of people in bulk names its modules from there: `backend.lamb.…`.
    modulePath: [{ checkout: ".", image: "/app" }],
    entry: "main",
    requirements: "backend/requirements.txt",
    sourceOnly: ["peewee"],
    workdir: "/app/backend",
    serverOptions: ["--forwarded-allow-ips", "*", "--timeout-graceful-shutdown", UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN],
    environment: IMAGE_ENVIRONMENT,
    scratch: [CACHE_FOLDER, SETTINGS_FOLDER],
    ignored: [
      {
        why: "What people uploaded, and caches.",
        patterns: ["backend/static/public", "backend/static/cache", "backend/aac_logs", "backend/test_output"],
      },
      { why: "Tests.", patterns: ["backend/tests", "backend/test_*.py"] },
    ],
  },
  owner: LAMB_USER,
  port: PORT,
  published: variable.LAMB_PORT,
  memory: variable.LAMB_MEMORY_LIMIT,
  probe: lambProbe(PORT, true),
  constant: {
    probe: /^(?!.*sqlite3).*\/(status|health|v1|v1\/models)(?![\w/-])/s,
    instead: "whether both databases can be written",
  },
  folders: {
    data: {
      path: DATA,
      holds: "LAMB's database",
      volume: "lamb-data",
      isPrivate: true,
      loss: "data",
      refersTo: {
        "openwebui-data": "people, groups and models",
        "kb-data": "knowledge bases",
        "lamb-static": "uploads",
        "library-manager-data": "libraries",
      },
      stores: [
        {
          path: "lamb_v4.db",
          holds: "people, organizations and assistants",
          copy: "database",
          versions: "schema_version",
        },
        { path: ".", holds: "logs of assisted creation, and what connectors keep", copy: "files" },
      ],
    },
    openwebui: {
      path: OPEN_WEBUI_DATA,
      holds: "Open WebUI's database",
      volume: "openwebui-data",
      loss: "data",
      stores: [],
      of: "openwebui",
      writes:
        "LAMB writes Open WebUI's users, groups and models into webui.db through this mount. Read-only, LAMB would start, log people in, and then fail when users or assistants are created.",
    },
    uploads: {
      path: "/app/backend/static/public",
      holds: "what people uploaded, and generated images",
      volume: "lamb-static",
      // LAMB's own files have the whole of `static` on the volume: uploads lie where those have them.
      subpath: "public",
      loss: "data",
      // An upload of the same name is written into the file that is there: a copy must not share it.
      stores: [{ path: ".", holds: "uploads by the number of their owner, and generated images", copy: "files" }],
    },
  },
  needs: [
    ...[
      ["LAMB_WEB_HOST", "PIPELINES_HOST"],
      ["LAMB_BACKEND_HOST"],
      ["LAMB_BEARER_TOKEN", "PIPELINES_BEARER_TOKEN"],
    ].map((names) => ({ names, without: STOPS })),
    { names: ["OPENAI_API_KEY"], without: `${STOPS}, even when it needs none` },
    ...[
      "OPENAI_BASE_URL",
      "OPENAI_MODEL",
      "OWI_PATH",
      "OWI_BASE_URL",
      "SIGNUP_SECRET_KEY",
      "OWI_ADMIN_NAME",
      "OWI_ADMIN_EMAIL",
      "OWI_ADMIN_PASSWORD",
      "LAMB_KB_SERVER_TOKEN",
    ].map((name) => ({ names: [name], without: STOPS })),
    {
      names: ["LAMB_JWT_SECRET", "WEBUI_SECRET_KEY", "WEBUI_JWT_SECRET_KEY"],
      without: "signs sessions with a secret that is printed in its source",
    },
    { names: ["LAMB_DB_PATH"], without: "writes the logs of assisted creation into its container" },
    { names: ["OLLAMA_ENABLED"], without: "cannot be told to offer the models of an Ollama" },
  ],
  fixed: [{ name: "PORT", value: `${PORT}`, because: BUILT_IN }],
  environment: {
    LAMB_WEB_HOST: variable.LAMB_WEB_HOST,
    LAMB_PUBLIC_BASE_URL: variable.LAMB_PUBLIC_BASE_URL,
    LAMB_BACKEND_HOST: `http://localhost:${PORT}`,
    LAMB_DB_PATH: DATA,
    LAMB_DB_PREFIX: variable.LAMB_DB_PREFIX,
    LAMB_BEARER_TOKEN: variable.LAMB_BEARER_TOKEN,
    LAMB_JWT_SECRET: variable.LAMB_JWT_SECRET,
    SIGNUP_SECRET_KEY: variable.SIGNUP_SECRET_KEY,
    LTI_SECRET: variable.LTI_SECRET,
    LAMB_MOODLE_ENCRYPTION_KEY: variable.LAMB_MOODLE_ENCRYPTION_KEY,
    LAMB_KB_SERVER_TOKEN: variable.LAMB_KB_SERVER_TOKEN,
    ...inOrder(people),
    OWI_PATH: OPEN_WEBUI_DATA,
    OWI_PUBLIC_BASE_URL: variable.OWI_PUBLIC_BASE_URL,
    ...inOrder(models),
    ...inOrder(frontend),
    LAMB_LIBRARY_SERVER_ENABLE: "DISABLE",
    LAMB_WORKERS: variable.LAMB_WORKERS,
    GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
    DEV_MODE: variable.DEV_MODE,
    UVICORN_ACCESS_LOG,
    UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN,
    INGESTION_JOB_REFRESH_RATE: variable.INGESTION_JOB_REFRESH_RATE,
    ...inOrder(features),
    ...PLUGINS,
    ...inOrder(logs),
  },
  forBrowsers: [
    "LAMB_WEB_HOST",
    "LAMB_PUBLIC_BASE_URL",
    "LAMB_FRONTEND_BASE_URL",
    "LAMB_FRONTEND_LAMB_SERVER",
    "LAMB_FRONTEND_OPENWEBUI_SERVER",
    "OWI_PUBLIC_BASE_URL",
  ],
  leftOut: [
    { name: "AAC_LOG_PATH", reason: "the logs of assisted creation lie beside LAMB's database, in its volume" },
    ...["OWI_DB_PATH", "OWI_DB_POLL_INTERVAL_SECONDS"].map((name) => ({ name, reason: OWN_DATABASE })),
    {
      name: "LAMB_LIBRARY_SERVER_ENABLE",
      reason: "the library is on where its manager runs, which `lamb-compose init --no-library` leaves out",
    },
    ...["LAMB_AAC_PACKS_DIR", "LAMB_AGENT_DOCS_DIR"].map((name) => ({
      name,
      reason: "the image brings what is there; another folder must be mounted, too",
    })),
    { name: "LAMB_LITESHELL_URL", reason: "it is LAMB's address for itself, which its default has right" },
    { name: "LAMB_BASE_URL", reason: "LAMB_PUBLIC_BASE_URL says what pages need" },
    { name: "WEBUI_JWT_SECRET_KEY", reason: "LAMB_JWT_SECRET goes before it" },
    ...["JWT_SECRET_KEY", "SESSION_SECRET", "PIPELINES_DIR", "LLM_DEFAULT_MODEL", "LLM_ENABLED"].map((name) => ({
      name,
      reason: "no part of LAMB that is reached depends on it",
    })),
    { name: "LAMB_INTEGRATIONS_KEY", reason: "only a branch of LAMB reads it, and no release", isKept: true },
    { name: "PLUGIN_*", reason: "no service of these releases has such a plugin" },
  ],
  retired: [
    fixed("OWI_PATH", OPEN_WEBUI_DATA, "the place of Open WebUI's data in the container"),
    fixed("OWI_BASE_URL", addressOf(OPEN_WEBUI), "the address of Open WebUI inside the deployment"),
    fixed("LAMB_BACKEND_HOST", `http://localhost:${PORT}`, "LAMB's address for itself"),
    fixed("LAMB_DB_PATH", DATA, "the place of LAMB's database in the container"),
    fixedAddress("LAMB_KB_SERVER", KB, "the knowledge base"),
    fixedAddress("LAMB_LIBRARY_SERVER", LIBRARY_MANAGER, "the library manager"),
    fixedAddress("LAMB_KB_SERVER_V2", KNOWLEDGE_STORE, "the knowledge store"),
    fixed("LAMB_FRONTEND_BUILD_PATH", "/app/frontend/build", "the place of the frontend in the image"),
    { name: "LAMB_PROJECT_PATH", reason: "nothing is mounted from a checkout any more" },
  ],
  checks: {
    kinds: {
      address: ["LAMB_BACKEND_HOST", "LAMB_KB_SERVER", "LAMB_KB_SERVER_V2", "LAMB_LIBRARY_SERVER", "OWI_BASE_URL"],
      path: ["LAMB_DB_PATH", "OWI_PATH"],
      switch: ["LAMB_LIBRARY_SERVER_ENABLE"],
    },
    secrets: [
      "LAMB_LIBRARY_TOKEN",
      "LAMB_KB_SERVER_V2_TOKEN",
      "LAMB_MOODLE_ENCRYPTION_KEY",
      "LTI_SECRET",
      "LTI_GLOBAL_SECRET",
    ],
    folders: [
      { path: "$OWI_PATH", holds: "Open WebUI's database, into which LAMB writes people and groups" },
      { path: SETTINGS_FOLDER, holds: "the settings of the pages" },
    ],
    otherOrigins: variable.OWI_PUBLIC_BASE_URL.distinctFrom.map(({ variable: other, reason }) => [
      variable.OWI_PUBLIC_BASE_URL.name,
      other.name,
      reason,
    ]),
    emptyWhenMissing: ["OPENAI_API_KEY"],
    workers: "LAMB_WORKERS",
    settings: PAGE_SETTINGS,
  },
  writesRoot:
    "LAMB writes the frontend's config.js into its image's folder at each start, and keeps a cache below /app/backend/static",
  talksTo: ["kb", "openwebui", "library-manager", "ollama", "caddy"],
  open: true,
  waitsFor: ["openwebui"],
};
