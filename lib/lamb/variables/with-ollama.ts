import { group } from "./kinds";
import { EMBEDDINGS_ENDPOINT, EMBEDDINGS_MODEL, EMBEDDINGS_VENDOR } from "./knowledge";
import { OLLAMA_BASE_URL, OLLAMA_ENABLED } from "./models";

/**
 * What takes the place of these variables when the stack has an Ollama of its own: the defaults lead there, and the key
 * of another provider is not handed to it.
 */
export function withOllama(address: string) {
  return {
    OLLAMA_ENABLED: OLLAMA_ENABLED.withDefault(true),
    OLLAMA_BASE_URL: OLLAMA_BASE_URL.withDefault(address),
    EMBEDDINGS_VENDOR: EMBEDDINGS_VENDOR.withDefault("ollama"),
    EMBEDDINGS_MODEL: EMBEDDINGS_MODEL.withDefault("nomic-embed-text"),
    EMBEDDINGS_ENDPOINT: EMBEDDINGS_ENDPOINT.withDefault(address),
    EMBEDDINGS_APIKEY: group("Knowledge base")(
      "EMBEDDINGS_APIKEY",
      "key of the embeddings service; Ollama needs none",
      { secret: true, default: "" },
    ),
  };
}
