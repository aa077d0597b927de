import { brand } from "../construct/brand";
import type { Image } from "../construct/image/image";
import { Relation } from "../construct/relation";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { addressOf } from "./facts/service";
import { expectWrittenRoot, propsOf, volumeOf } from "./from-facts";
import type { LambStack } from "./lamb-stack";
import { IN_PRODUCTION } from "./running";
import { withOllama } from "./variables/with-ollama";

const [mark, isOllama] = brand<Ollama>("Ollama");

/** Which image {@link Ollama} is, and where its models are. */
export interface OllamaProps {
  /**
   * Image, pinned.
   * @default - the one that is known to work with the release
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
 * @example
 * ```ts
 * new Ollama(stack);
 * ```
 */
export class Ollama extends Service {
  static isOllama = isOllama;

  /** The port of the container. */
  readonly port: number;
  /** The models. */
  readonly data: Volume;
  /** A network with each of those that ask it. */
  readonly networks: readonly Relation[];

  constructor(stack: LambStack, id = "ollama", props: OllamaProps = {}) {
    super(stack, id);
    mark(this);
    const { profile = "ollama" } = props;
    const facts = stack.release.service("ollama");
    const { data } = facts.folders;
    this.port = facts.port;
    this.data = volumeOf(stack, data);
    this.set({
      ...propsOf(facts),
      image: props.image ?? stack.release.image("ollama"),
      profiles: [profile],
      volumes: [this.data.at(data.path)],
    });
    this.with(...IN_PRODUCTION);
    expectWrittenRoot(stack.policy, this, facts);
    this.networks = [stack.lamb, stack.kb, stack.openwebui].map((service) => {
      service.by(this, () => service.dependsOn(this, "service_healthy", { required: false }));
      return new Relation(stack, `${id}-${service.name}`, this, service);
    });
    const { OLLAMA_ENABLED, OLLAMA_BASE_URL, ...embeddings } = withOllama(addressOf(this));
    const told = [
      { service: stack.lamb, variables: { OLLAMA_ENABLED, OLLAMA_BASE_URL } },
      { service: stack.openwebui, variables: { ENABLE_OLLAMA_API: "true", OLLAMA_BASE_URL } },
      { service: stack.kb, variables: embeddings },
    ];
    for (const { service, variables } of told) {
      service.by(this, () => {
        for (const [name, value] of Object.entries(variables)) service.setEnvironment(name, value);
      });
    }
    stack.env.enableProfile(profile);
  }
}
