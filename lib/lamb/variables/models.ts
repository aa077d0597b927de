import { count, flag, group, url } from "./kinds";

const models = group("Language models");
export const OPENAI_API_KEY = models(
  "OPENAI_API_KEY",
  "key of the OpenAI-compatible provider; empty when it needs none",
  { secret: true, default: "" },
);
export const OPENAI_BASE_URL = models("OPENAI_BASE_URL", "address of the OpenAI-compatible provider", {
  default: "https://api.openai.com/v1",
  type: url,
});
export const OPENAI_MODEL = models("OPENAI_MODEL", "model that is used where none is chosen", {
  default: "gpt-5-mini",
});
export const OPENAI_MODELS = models("OPENAI_MODELS", "models that are offered, separated by commas", {
  default: "gpt-5-mini,gpt-4o-mini,gpt-4o",
});
export const OPENAI_ENABLED = models("OPENAI_ENABLED", "offer the models of that provider; unset is true", {
  type: flag,
});
export const GEMINI_API_KEY = models("GEMINI_API_KEY", "key of Google's models", { secret: true });
export const GOOGLE_API_KEY = models("GOOGLE_API_KEY", "the same, where GEMINI_API_KEY is not set", { secret: true });
export const GEMINI_MODELS = models("GEMINI_MODELS", "Google's models that are offered, separated by commas");
export const GEMINI_DEFAULT_MODEL = models("GEMINI_DEFAULT_MODEL", "that of them which is used where none is chosen");
export const VERTEX_ENABLED = models("VERTEX_ENABLED", "offer models of Vertex AI; unset is true", { type: flag });
export const GOOGLE_CLOUD_PROJECT = models("GOOGLE_CLOUD_PROJECT", "project at Google of Vertex AI");
export const GOOGLE_CLOUD_LOCATION = models("GOOGLE_CLOUD_LOCATION", "region at Google of Vertex AI");
export const VERTEX_PROJECT_ID = models("VERTEX_PROJECT_ID", "the same as GOOGLE_CLOUD_PROJECT, where that is not set");
export const VERTEX_LOCATION = models("VERTEX_LOCATION", "the same as GOOGLE_CLOUD_LOCATION, where that is not set");
export const OLLAMA_ENABLED = models("OLLAMA_ENABLED", "offer the models of an Ollama server", {
  default: false,
  type: flag,
});
/** Without a value LAMB lists no Ollama among its providers. */
export const OLLAMA_BASE_URL = models("OLLAMA_BASE_URL", "address of the Ollama server", {
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

export const LLM_REQUEST_TIMEOUT = models("LLM_REQUEST_TIMEOUT", "seconds that an answer may take", {
  default: 120,
  type: count,
});
export const LLM_CONNECT_TIMEOUT = models("LLM_CONNECT_TIMEOUT", "seconds until a provider must take a call", {
  default: 10,
  type: count,
});
export const LLM_MAX_CONNECTIONS = models("LLM_MAX_CONNECTIONS", "answers that one process of LAMB writes at once", {
  default: 50,
  type: count,
});
export const OLLAMA_REQUEST_TIMEOUT = models("OLLAMA_REQUEST_TIMEOUT", "seconds that an answer of Ollama may take", {
  default: 120,
  type: count,
});
