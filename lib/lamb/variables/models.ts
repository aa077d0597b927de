import { flag, group, url } from "./kinds";

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
