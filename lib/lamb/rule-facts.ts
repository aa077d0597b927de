import type { ImageFact } from "../policy/image-facts";
import type { KeptFolder } from "../policy/rules/data-kept";
import type { FixedValue } from "../policy/rules/fixed-values";
import type { ConstantProbe } from "../policy/rules/meaningful-healthcheck";
import type { NeededVariable } from "../policy/rules/needed-variables";
import type { Reach } from "../policy/rules/reach";

/** The service that faces the world. */
export const PROXY = "caddy";

/** An image by its own name, in whichever registry it lies. */
function called(...names: readonly string[]): (repository: string) => boolean {
  const known = new Set(names);
  return (repository) => known.has(repository.slice(repository.lastIndexOf("/") + 1));
}

const LAMB = called("lamb");
const KB = called("lamb-kb");
const LIBRARY = called("lamb-library-manager");
const OPEN_WEBUI = called("openwebui");

/** The images that are released together. Contract section 1.4. */
export const ofLamb = called("lamb", "lamb-kb", "lamb-library-manager", "openwebui");

/**
 * Who may share a network with whom. Open WebUI signs in whoever a header names, so that the knowledge base, which reads what people
 * upload, must not reach it. Contract sections 1 and 4.
 */
export const REACH: Reach = {
  allowed: {
    lamb: ["kb", "openwebui", "library-manager", "ollama", PROXY],
    kb: ["lamb", "ollama", PROXY],
    openwebui: ["lamb", "ollama", PROXY],
    "library-manager": ["lamb"],
    ollama: ["lamb", "kb", "openwebui"],
    [PROXY]: ["lamb", "kb", "openwebui"],
  },
  open: ["lamb", "kb", "openwebui"],
};

/** Model providers, embeddings, web pages to take in, models to fetch, certificates. */
export const NEEDS_INTERNET = ["lamb", "kb", "openwebui", "library-manager", "ollama", PROXY];

/** LAMB polls for Open WebUI's database before it opens its port. Contract section 1.1. */
export const WAITS_FOR = { lamb: ["openwebui"], [PROXY]: ["lamb"] };

/** Keys of other people's services: LAMB does without. Contract sections 1.1, 1.2. */
export const OPTIONAL_SECRETS: ReadonlySet<string> = new Set([
  "OPENAI_API_KEY",
  "GEMINI_API_KEY",
  "GOOGLE_API_KEY",
  "EMBEDDINGS_APIKEY",
  "FIRECRAWL_API_KEY",
  "LANGCHAIN_API_KEY",
  "LTI_GLOBAL_SECRET",
]);

/** Variables that hold addresses for browsers. Contract section 3. */
export const FOR_BROWSERS = [
  "LAMB_WEB_HOST",
  "LAMB_PUBLIC_BASE_URL",
  "LAMB_FRONTEND_BASE_URL",
  "LAMB_FRONTEND_LAMB_SERVER",
  "LAMB_FRONTEND_OPENWEBUI_SERVER",
  "OWI_PUBLIC_BASE_URL",
  "HOME_URL",
  "WEBUI_URL",
];

/** Addresses that answer the same whatever state the service is in. Contract sections 1.1 to 1.4. */
export const CONSTANT_PROBES: readonly ConstantProbe[] = [
  {
    image: LAMB,
    probe: /^(?!.*sqlite3).*\/(status|health|v1|v1\/models)(?![\w/-])/s,
    instead: "whether both databases can be written",
  },
  { image: KB, probe: /\/health(?![\w/-])/, instead: "/database/status with the key" },
  { image: OPEN_WEBUI, probe: /\/health(?![\w/-])/, instead: "/health/db" },
  {
    image: LIBRARY,
    probe: /^(?!.*\b(grep|jq|json)\b).*\/health(?![\w/-])/s,
    instead: "for the word ok in the answer of /health",
  },
];

const STOPS = "stops at its start";

/** Contract sections 0.5, 0.7, 1.1 to 1.4. */
export const NEEDED_VARIABLES: readonly ImageFact<NeededVariable>[] = [
  {
    image: LAMB,
    facts: [
      { names: ["LAMB_WEB_HOST", "PIPELINES_HOST"], without: STOPS },
      { names: ["LAMB_BACKEND_HOST"], without: STOPS },
      { names: ["LAMB_BEARER_TOKEN", "PIPELINES_BEARER_TOKEN"], without: STOPS },
      { names: ["OPENAI_API_KEY"], without: `${STOPS}, even when it needs none` },
      { names: ["OPENAI_BASE_URL"], without: STOPS },
      { names: ["OPENAI_MODEL"], without: STOPS },
      { names: ["OWI_PATH"], without: STOPS },
      { names: ["OWI_BASE_URL"], without: STOPS },
      { names: ["SIGNUP_SECRET_KEY"], without: STOPS },
      { names: ["OWI_ADMIN_NAME"], without: STOPS },
      { names: ["OWI_ADMIN_EMAIL"], without: STOPS },
      { names: ["OWI_ADMIN_PASSWORD"], without: STOPS },
      { names: ["LAMB_KB_SERVER_TOKEN"], without: STOPS },
      {
        names: ["LAMB_JWT_SECRET", "WEBUI_SECRET_KEY", "WEBUI_JWT_SECRET_KEY"],
        without: "signs sessions with a secret that is printed in its source",
      },
      { names: ["LAMB_DB_PATH"], without: "writes the logs of assisted creation into its container" },
      { names: ["OLLAMA_ENABLED"], without: "cannot be told to offer the models of an Ollama" },
    ],
  },
  { image: KB, facts: [{ names: ["LAMB_API_KEY"], without: "takes a key that is printed in its source" }] },
  { image: LIBRARY, facts: [{ names: ["LAMB_API_TOKEN"], without: STOPS }] },
  {
    image: OPEN_WEBUI,
    facts: [
      { names: ["WEBUI_SECRET_KEY"], without: "makes one up in its container, so that each update ends all sessions" },
      { names: ["ENABLE_SIGNUP"], without: "lets everybody sign up" },
      { names: ["OPENAI_API_BASE_URLS"], without: "does not know LAMB's assistants" },
      { names: ["OPENAI_API_KEYS"], without: "may not ask LAMB's assistants" },
    ],
  },
];

const BUILT_IN = "the port is built into the image, and only the probe would follow the variable";

/** Contract sections 0.8, 1.4, 3. */
export const FIXED_VALUES: readonly ImageFact<FixedValue>[] = [
  { image: LAMB, facts: [{ name: "PORT", value: "9099", because: BUILT_IN }] },
  { image: KB, facts: [{ name: "PORT", value: "9090", because: BUILT_IN }] },
  { image: LIBRARY, facts: [{ name: "PORT", value: "9091", because: BUILT_IN }] },
  {
    image: OPEN_WEBUI,
    facts: [
      { name: "PORT", value: "8080", because: "it would move the port that LAMB and the proxy ask" },
      {
        name: "WEBUI_AUTH_TRUSTED_EMAIL_HEADER",
        value: "X-User-Email",
        because: "LAMB sends this header and no other",
      },
      { name: "WEBUI_AUTH_TRUSTED_NAME_HEADER", value: "X-User-Name", because: "LAMB sends this header and no other" },
      { name: "ENABLE_SIGNUP", value: "false", because: "LAMB creates the users, and the first to sign up would rule" },
    ],
  },
];

/** Contract sections 1.1 to 1.5. */
export const KEPT_FOLDERS: readonly ImageFact<KeptFolder>[] = [
  {
    image: LAMB,
    facts: [
      { path: "/data/lamb", holds: "LAMB's database" },
      { path: "/app/backend/static/public", holds: "what people uploaded, and generated images" },
    ],
  },
  {
    image: KB,
    facts: [
      { path: "/app/backend/data", holds: "the databases of the knowledge base" },
      { path: "/app/backend/static", holds: "the documents that people uploaded" },
    ],
  },
  { image: LIBRARY, facts: [{ path: "/app/data", holds: "the library and its database" }] },
  { image: OPEN_WEBUI, facts: [{ path: "/app/backend/data", holds: "Open WebUI's database and uploads" }] },
  {
    image: (repository) => repository.endsWith("ollama/ollama"),
    facts: [{ path: "/root/.ollama", holds: "the models" }],
  },
  { image: called("caddy"), facts: [{ path: "/data", holds: "the certificates" }] },
];

/**
 * Why a service's root file system must be one that it can write. Contract sections 1.1, 1.2, 1.5; the images that this
 * library's Dockerfiles build do not need it.
 */
export const WRITTEN_ROOTS = {
  lamb: "LAMB writes the frontend's config.js into its image's folder at each start, and keeps a cache below /app/backend/static",
  kb: "which paths the libraries in LAMB's own image of the knowledge base write beside its volumes has not been tried",
  ollama: "which paths of its image Ollama writes is not documented",
} as const;

/** A rule that cannot hold for an image, and why. */
export interface Exception {
  readonly rule: string;
  readonly image: (repository: string) => boolean;
  readonly reason: string;
}

/** Contract sections 1 and 2. */
export const EXCEPTIONS: readonly Exception[] = [
  { rule: "read-only-root", image: LAMB, reason: WRITTEN_ROOTS.lamb },
  { rule: "read-only-root", image: KB, reason: WRITTEN_ROOTS.kb },
  {
    rule: "read-only-root",
    image: (repository) => repository.endsWith("ollama/ollama"),
    reason: WRITTEN_ROOTS.ollama,
  },
  ...[LAMB, OPEN_WEBUI].map((image) => ({
    rule: "one-writer",
    image,
    reason: "LAMB writes Open WebUI's users, groups and models into its database: nothing else would do it",
  })),
];
