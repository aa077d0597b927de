import { EnvVar, type EnvVarProps } from "../construct/env-var";
import { PUBLIC_SECRETS } from "./public-secrets";

type Details = Omit<EnvVarProps, "meaning" | "group">;

const port: Details["type"] = (z) =>
  z.string().refine((text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535, "must be a port from 1 to 65535");
const url: Details["type"] = (z) =>
  z.url({ protocol: /^https?$/ }).refine((text) => !text.endsWith("/"), "must not end with /");
const flag: Details["type"] = (z) => z.enum(["true", "false"]);
const count: Details["type"] = (z) => z.string().regex(/^[1-9]\d*$/, "must be a whole number from 1");

function group(name: string) {
  return (variable: string, meaning: string, details: Details = {}) =>
    new EnvVar(variable, { meaning, group: name, ...details });
}

const secrets = group("Secrets");
const required: Details = { required: true, secret: true, refused: PUBLIC_SECRETS };

/** Nobody but the deployment needs to know these. Contract section 3. */
export const LAMB_BEARER_TOKEN = secrets(
  "LAMB_BEARER_TOKEN",
  "key of LAMB's completions API; Open WebUI uses the same",
  required,
);
export const LAMB_JWT_SECRET = secrets("LAMB_JWT_SECRET", "signs the sessions of LAMB's own pages", required);
export const WEBUI_SECRET_KEY = secrets("WEBUI_SECRET_KEY", "signs the sessions of Open WebUI", required);
export const LAMB_KB_SERVER_TOKEN = secrets("LAMB_KB_SERVER_TOKEN", "key of the knowledge base; LAMB uses the same", {
  ...required,
  formerNames: ["LAMB_API_KEY"],
});
export const LAMB_LIBRARY_TOKEN = secrets("LAMB_LIBRARY_TOKEN", "key of the library manager; LAMB uses the same", {
  ...required,
  formerNames: ["LIBRARY_MANAGER_TOKEN"],
});
export const SIGNUP_SECRET_KEY = secrets(
  "SIGNUP_SECRET_KEY",
  "what people must know to sign up, when sign-up is enabled",
  required,
);
export const LTI_SECRET = secrets(
  "LTI_SECRET",
  "shared with the learning management system, and the key of MCP",
  required,
);

const administrator = group("First administrator");
export const OWI_ADMIN_EMAIL = administrator("OWI_ADMIN_EMAIL", "e-mail address of the first administrator", {
  required: true,
  example: "lamb@campus.example",
  type: (z) => z.email(),
});
export const OWI_ADMIN_PASSWORD = administrator(
  "OWI_ADMIN_PASSWORD",
  "password of the first administrator; used at the first start only",
  required,
);
export const OWI_ADMIN_NAME = administrator("OWI_ADMIN_NAME", "name of the first administrator", { default: "Admin" });

const ports = group("Ports on this host");
export const LAMB_PORT = ports("LAMB_PORT", "port of LAMB on 127.0.0.1", { default: 9099, type: port });
export const KB_PORT = ports("KB_PORT", "port of the knowledge base on 127.0.0.1", { default: 9090, type: port });
export const OPENWEBUI_PORT = ports("OPENWEBUI_PORT", "port of Open WebUI on 127.0.0.1", { default: 8080, type: port });

const addresses = group("Addresses that browsers use");
export const LAMB_WEB_HOST = addresses("LAMB_WEB_HOST", "address of LAMB", {
  default: `http://localhost:${LAMB_PORT}`,
  type: url,
});
export const OWI_PUBLIC_BASE_URL = addresses("OWI_PUBLIC_BASE_URL", "address of Open WebUI", {
  default: `http://localhost:${OPENWEBUI_PORT}`,
  type: url,
});
export const LAMB_PUBLIC_BASE_URL = addresses(
  "LAMB_PUBLIC_BASE_URL",
  "address of LAMB in LTI redirects, when it is not the one that a request came to",
  { type: url },
);
export const KB_HOME_URL = addresses("KB_HOME_URL", "address before /static/… of the knowledge base's files", {
  default: `http://localhost:${KB_PORT}`,
  type: url,
  formerNames: ["HOME_URL"],
});

const models = group("Language models");
export const OPENAI_API_KEY = models(
  "OPENAI_API_KEY",
  "key of the OpenAI-compatible provider; empty when it needs none",
  {
    secret: true,
    default: "",
  },
);
export const OPENAI_BASE_URL = models("OPENAI_BASE_URL", "address of the OpenAI-compatible provider", {
  default: "https://api.openai.com/v1",
  type: url,
});
export const OPENAI_MODEL = models("OPENAI_MODEL", "model that is used where none is chosen", {
  default: "gpt-4o-mini",
});
export const OPENAI_MODELS = models("OPENAI_MODELS", "models that are offered, separated by commas", {
  default: "gpt-4o-mini,gpt-4o",
});
export const GEMINI_API_KEY = models("GEMINI_API_KEY", "key of Google's models", { secret: true });
const ollama = { enabled: "offer the models of an Ollama server", address: "address of the Ollama server" };
export const OLLAMA_ENABLED = models("OLLAMA_ENABLED", ollama.enabled, { default: false, type: flag });
/** Without a value LAMB lists no Ollama among its providers. */
export const OLLAMA_BASE_URL = models("OLLAMA_BASE_URL", ollama.address, {
  example: "http://host.docker.internal:11434",
  type: url,
});
export const OLLAMA_MODEL = models("OLLAMA_MODEL", "model of the Ollama server that is used where none is chosen", {
  default: "llama3.1",
});
export const GLOBAL_DEFAULT_MODEL_PROVIDER = models(
  "GLOBAL_DEFAULT_MODEL_PROVIDER",
  "provider of new assistants, such as openai",
);
export const GLOBAL_DEFAULT_MODEL_NAME = models("GLOBAL_DEFAULT_MODEL_NAME", "model of new assistants");
export const SMALL_FAST_MODEL_PROVIDER = models("SMALL_FAST_MODEL_PROVIDER", "provider of the model for small tasks");
export const SMALL_FAST_MODEL_NAME = models("SMALL_FAST_MODEL_NAME", "model for small tasks, such as titles");

const knowledge = group("Knowledge base");
const embeddings = {
  vendor: "who computes embeddings: openai, ollama or local",
  model: "model that computes embeddings of new collections",
  endpoint: "address of the embeddings service",
};
const vendor: Details["type"] = (z) => z.enum(["openai", "ollama", "local"]);
export const EMBEDDINGS_VENDOR = knowledge("EMBEDDINGS_VENDOR", embeddings.vendor, { default: "openai", type: vendor });
export const EMBEDDINGS_MODEL = knowledge("EMBEDDINGS_MODEL", embeddings.model, { default: "text-embedding-3-small" });
export const EMBEDDINGS_ENDPOINT = knowledge("EMBEDDINGS_ENDPOINT", embeddings.endpoint, {
  default: `${OPENAI_BASE_URL}/embeddings`,
  type: url,
});
export const EMBEDDINGS_APIKEY = knowledge(
  "EMBEDDINGS_APIKEY",
  "key of the embeddings service, when it differs from OPENAI_API_KEY",
  {
    secret: true,
    default: `${OPENAI_API_KEY}`,
  },
);
export const FIRECRAWL_API_URL = knowledge(
  "FIRECRAWL_API_URL",
  "address of a Firecrawl server, for pages that need a browser",
  {
    default: "http://host.docker.internal:3002",
    type: url,
  },
);
export const FIRECRAWL_API_KEY = knowledge("FIRECRAWL_API_KEY", "key of the Firecrawl server", {
  secret: true,
  default: "",
});
export const MAX_CONCURRENT_INGESTION_TASKS = knowledge(
  "MAX_CONCURRENT_INGESTION_TASKS",
  "documents that are read at once",
  {
    default: 3,
    type: count,
  },
);
export const INGESTION_TASK_TIMEOUT_SECONDS = knowledge(
  "INGESTION_TASK_TIMEOUT_SECONDS",
  "seconds after which reading a document is given up",
  {
    default: 360,
    type: count,
  },
);

/**
 * What takes the place of these variables when the stack has an Ollama of its own: the defaults lead there, and the key
 * of another provider is not handed to it.
 */
export function withOllama(address: string) {
  return {
    OLLAMA_ENABLED: models("OLLAMA_ENABLED", ollama.enabled, { default: true, type: flag }),
    OLLAMA_BASE_URL: models("OLLAMA_BASE_URL", ollama.address, { default: address, type: url }),
    EMBEDDINGS_VENDOR: knowledge("EMBEDDINGS_VENDOR", embeddings.vendor, { default: "ollama", type: vendor }),
    EMBEDDINGS_MODEL: knowledge("EMBEDDINGS_MODEL", embeddings.model, { default: "nomic-embed-text" }),
    EMBEDDINGS_ENDPOINT: knowledge("EMBEDDINGS_ENDPOINT", embeddings.endpoint, { default: address, type: url }),
    EMBEDDINGS_APIKEY: knowledge("EMBEDDINGS_APIKEY", "key of the embeddings service; Ollama needs none", {
      secret: true,
      default: "",
    }),
  };
}

const people = group("People");
export const SIGNUP_ENABLED = people("SIGNUP_ENABLED", "people can sign up to LAMB with SIGNUP_SECRET_KEY", {
  default: false,
  type: flag,
});
export const DEFAULT_USER_ROLE = people("DEFAULT_USER_ROLE", "role of new users of Open WebUI", {
  default: "user",
  type: (z) => z.enum(["user", "pending"]),
});
export const LTI_GLOBAL_CONSUMER_KEY = people(
  "LTI_GLOBAL_CONSUMER_KEY",
  "consumer key of the one LTI tool for all activities",
  { default: "lamb" },
);
export const LTI_GLOBAL_SECRET = people("LTI_GLOBAL_SECRET", "secret of that tool, when it differs from LTI_SECRET", {
  secret: true,
});

const frontend = group("Frontend");
export const LAMB_FRONTEND_BASE_URL = frontend("LAMB_FRONTEND_BASE_URL", "path of the creator API for browsers", {
  default: "/creator",
});
export const LAMB_FRONTEND_LAMB_SERVER = frontend("LAMB_FRONTEND_LAMB_SERVER", "address of LAMB for the frontend", {
  default: `${LAMB_WEB_HOST}`,
});
export const LAMB_FRONTEND_OPENWEBUI_SERVER = frontend(
  "LAMB_FRONTEND_OPENWEBUI_SERVER",
  "address of Open WebUI for the frontend",
  {
    default: `${OWI_PUBLIC_BASE_URL}`,
  },
);
export const LAMB_ENABLE_OPENWEBUI = frontend("LAMB_ENABLE_OPENWEBUI", "show the way to Open WebUI", {
  default: true,
  type: flag,
});
export const LAMB_ENABLE_DEBUG = frontend("LAMB_ENABLE_DEBUG", "show what helps when looking for mistakes", {
  default: false,
  type: flag,
});

const running = group("Running");
export const LAMB_WORKERS = running(
  "LAMB_WORKERS",
  "processes that answer requests; more than 1 only after the first start",
  {
    default: 1,
    type: count,
  },
);
export const LAMB_DB_PREFIX = running("LAMB_DB_PREFIX", "prefix of LAMB's tables; empty for a database that has none", {
  default: "LAMB_",
  emptyIsValue: true,
});
const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
export const GLOBAL_LOG_LEVEL = running("GLOBAL_LOG_LEVEL", "how much is logged", {
  default: "WARNING",
  type: (z) => z.enum(LEVELS),
});
export const DEV_MODE = running("DEV_MODE", "LAMB's development mode", { default: false, type: flag });

const size: Details["type"] = (z) => z.string().regex(/^(0|\d+(\.\d+)?[bkmgt]b?)$/i, "must be 0 or a size such as 4g");
const limit = (service: string): Details & { meaning: string } => ({
  meaning: `most memory that ${service} may take, such as 4g; 0 is no limit`,
  default: 0,
  type: size,
});
export const LAMB_MEMORY_LIMIT = new EnvVar("LAMB_MEMORY_LIMIT", { group: "Running", ...limit("LAMB") });
export const KB_MEMORY_LIMIT = new EnvVar("KB_MEMORY_LIMIT", { group: "Running", ...limit("the knowledge base") });
export const OPENWEBUI_MEMORY_LIMIT = new EnvVar("OPENWEBUI_MEMORY_LIMIT", {
  group: "Running",
  ...limit("Open WebUI"),
});

const library = group("Library manager");
export const LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS = library(
  "LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS",
  "documents that are imported at once",
  {
    default: 3,
    type: count,
  },
);
export const LIBRARY_MANAGER_IMPORT_TIMEOUT = library(
  "LIBRARY_MANAGER_IMPORT_TIMEOUT",
  "seconds after which an import is given up",
  {
    default: 600,
    type: count,
  },
);

const face = group("Public names");
const hostName: Details["type"] = (z) =>
  z.hostname().refine((text) => text.includes("."), "must be a full name such as lamb.campus.example");
export const LAMB_PUBLIC_HOST = face("LAMB_PUBLIC_HOST", "host name under which people reach LAMB", {
  required: true,
  example: "lamb.campus.example",
  refused: ["lamb.yourdomain.com"],
  type: hostName,
});
export const OWI_PUBLIC_HOST = face("OWI_PUBLIC_HOST", "host name under which people reach Open WebUI", {
  required: true,
  example: "chat.campus.example",
  refused: ["owi.lamb.yourdomain.com"],
  type: hostName,
});
export const CADDY_EMAIL = face("CADDY_EMAIL", "address to which the certificate authority writes", {
  required: true,
  example: "it@campus.example",
  refused: ["admin@yourdomain.com"],
  type: (z) => z.email(),
});
export const TLS_CERTIFICATE_FILE = face(
  "TLS_CERTIFICATE_FILE",
  "file on this host with the certificate for both names and its chain, PEM",
  {
    required: true,
    example: "./certs/fullchain.pem",
  },
);
export const TLS_KEY_FILE = face("TLS_KEY_FILE", "file on this host with the certificate's private key, PEM", {
  required: true,
  example: "./certs/privkey.pem",
});
