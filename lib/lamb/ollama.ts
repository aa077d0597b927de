import { brand } from "../construct/brand";
import { Healthcheck } from "../construct/healthcheck";
import { Image } from "../construct/image/image";
import { Relation } from "../construct/relation";
import { Service } from "../construct/service";
import { Volume } from "../construct/volume";
import type { LambStack } from "./lamb-stack";
import { WRITTEN_ROOTS } from "./rule-facts";
import { IN_PRODUCTION } from "./running";
import { withOllama } from "./variables/with-ollama";

const [mark, isOllama] = brand<Ollama>("Ollama");

export interface OllamaProps {
  /**
   * Image, pinned.
   * @default - `ollama/ollama:0.12.6`
   */
  readonly image?: Image | undefined;
  /**
   * Profile that starts it. The `.env` template enables it.
   * @default "ollama"
   */
  readonly profile?: string | undefined;
}

/**
 * Language models and embeddings on this host. LAMB, the knowledge base and Open WebUI can reach it, and nobody else:
 * it knows no passwords. A model is fetched by hand: `docker compose exec ollama ollama pull nomic-embed-text`.
 *
 * @see contract section 1.5
 */
export class Ollama extends Service {
  static isOllama = isOllama;

  /** The port of the container. */
  static readonly port = 11434;

  /** The models. */
  readonly data: Volume;
  /** A network with each of those that ask it. */
  readonly networks: readonly Relation[];

  constructor(stack: LambStack, id = "ollama", props: OllamaProps = {}) {
    super(stack, id);
    mark(this);
    const { profile = "ollama" } = props;
    this.data = new Volume(stack, "ollama-data");
    this.set({
      image: props.image ?? new Image("ollama/ollama", { tag: "0.12.6" }),
      profiles: [profile],
      healthcheck: Healthcheck.command(["ollama", "list"]),
      expose: [String(Ollama.port)],
      volumes: [this.data.at("/root/.ollama")],
    });
    this.with(...IN_PRODUCTION);
    stack.policy.suppress("read-only-root", this, WRITTEN_ROOTS.ollama);
    this.networks = [stack.lamb, stack.kb, stack.openwebui].map((service) => {
      service.dependsOn(this, "service_healthy", { required: false });
      return new Relation(stack, `${id}-${service.name}`, this, service);
    });
    const { OLLAMA_ENABLED, OLLAMA_BASE_URL, ...embeddings } = withOllama(`http://${id}:${Ollama.port}`);
    stack.lamb.setEnvironment("OLLAMA_ENABLED", OLLAMA_ENABLED).setEnvironment("OLLAMA_BASE_URL", OLLAMA_BASE_URL);
    stack.openwebui.setEnvironment("ENABLE_OLLAMA_API", "true").setEnvironment("OLLAMA_BASE_URL", OLLAMA_BASE_URL);
    for (const [name, value] of Object.entries(embeddings)) stack.kb.setEnvironment(name, value);
    stack.env.enableProfile(profile);
  }
}
