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

/** Open WebUI asks the assistant itself for these, with its documents and at its price. */
const generated = (variable: string, what: string) =>
  models(variable, `Open WebUI asks the assistant ${what}, until an administrator sets it there`, {
    default: false,
    type: flag,
  });
export const ENABLE_AUTOCOMPLETE_GENERATION = generated(
  "ENABLE_AUTOCOMPLETE_GENERATION",
  "to complete what people are typing",
);
export const ENABLE_TAGS_GENERATION = generated("ENABLE_TAGS_GENERATION", "for tags of a new chat");
export const ENABLE_RETRIEVAL_QUERY_GENERATION = generated(
  "ENABLE_RETRIEVAL_QUERY_GENERATION",
  "what to look for in attached files, before each answer",
);
