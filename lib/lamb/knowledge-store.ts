import { Relation } from "../construct/relation";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { addressOf } from "./facts/service";
import { expectWrittenRoot, propsOf, volumeOf } from "./from-facts";
import type { LambStack } from "./lamb-stack";
import { HOST_GATEWAY, IN_PRODUCTION } from "./running";
import { inOrder } from "./variables/kinds";
import * as graph from "./variables/knowledge-graph";
import * as variable from "./variables/knowledge-store";

/** Where a {@link KnowledgeStore} keeps its vectors. */
export interface KnowledgeStoreProps {
  /**
   * In a Qdrant beside it.
   * @default false - in its own volume
   */
  readonly qdrant?: boolean | undefined;
}

/**
 * LAMB's knowledge store, which comes after the knowledge base. LAMB alone can reach it. Both can run beside each other.
 *
 * No release that is out has it. Its facts are read from LAMB's branch, and those of Qdrant and Neo4j from their
 * documentation: the stack was tried with programs that stand for the three, never with their images. Try it on data
 * that may be lost before you rely on it.
 *
 * @example
 * ```ts
 * if (stack.release.has("knowledgeStore")) new KgRag(new KnowledgeStore(stack));
 * ```
 */
export class KnowledgeStore extends Service {
  readonly stack: LambStack;
  /** Database, documents and index. */
  readonly data: Volume;
  /** The vectors, where they lie apart. */
  readonly qdrant: Service | undefined;

  /** @throws ConstructError `not-in-release` */
  constructor(stack: LambStack, id = "kb-v2", props: KnowledgeStoreProps = {}) {
    const { release } = stack;
    const facts = release.service("knowledgeStore");
    super(stack, id);
    this.stack = stack;
    const { data } = facts.folders;
    this.data = volumeOf(stack, data);
    this.set({
      ...propsOf(facts),
      image: release.image("knowledgeStore"),
      extra_hosts: HOST_GATEWAY,
      volumes: [this.data.at(data.path)],
    });
    this.with(...IN_PRODUCTION);
    expectWrittenRoot(stack.policy, this, facts);
    stack.lamb.by(this, (lamb) =>
      lamb
        .setEnvironment("LAMB_KB_SERVER_V2", addressOf({ name: this.name, port: facts.port }))
        .setEnvironment("LAMB_KB_SERVER_V2_TOKEN", variable.LAMB_KB_SERVER_V2_TOKEN)
        .dependsOn(this),
    );
    new Relation(stack, `lamb-${id}`, stack.lamb, this);
    this.qdrant = props.qdrant === true ? this.useQdrant() : undefined;
  }

  private useQdrant(): Service {
    const { port } = this.stack.release.service("qdrant");
    const qdrant = backing(this, "qdrant");
    this.setEnvironment("QDRANT_URL", addressOf({ name: qdrant.name, port }))
      .setEnvironment("QDRANT_API_KEY", variable.QDRANT_API_KEY)
      .dependsOn(qdrant);
    return qdrant;
  }
}

/**
 * Answers from a graph of what documents say, which the knowledge store keeps in Neo4j. As for {@link KnowledgeStore},
 * Neo4j's own image was never started in this stack.
 *
 * @example
 * ```ts
 * if (stack.release.has("neo4j")) new KgRag(new KnowledgeStore(stack, "kb-v2", { qdrant: true }));
 * ```
 */
export class KgRag {
  /** Where the graph is. */
  readonly neo4j: Service;

  /** @throws ConstructError `not-in-release` */
  constructor(store: KnowledgeStore) {
    const { port } = store.stack.release.service("neo4j");
    // Its own user: as root its start script would change owners first.
    this.neo4j = backing(store, "neo4j").set({ user: "7474:7474" });
    store
      .setEnvironment("KG_RAG_ENABLED", "true")
      .setEnvironment("KG_RAG_NEO4J_URI", `bolt://${this.neo4j.name}:${port}`)
      .setEnvironment("KG_RAG_NEO4J_USER", "neo4j")
      .dependsOn(this.neo4j);
    for (const [name, value] of Object.entries(inOrder(graph))) store.setEnvironment(name, value);
  }
}

/** A service that the knowledge store alone can reach. */
function backing(store: KnowledgeStore, name: "qdrant" | "neo4j"): Service {
  const { stack } = store;
  const facts = stack.release.service(name);
  const { data } = facts.folders;
  const service = new Service(stack, facts.name, {
    ...propsOf(facts),
    image: stack.release.image(name),
    volumes: [volumeOf(stack, data).at(data.path)],
  });
  service.with(...IN_PRODUCTION);
  expectWrittenRoot(stack.policy, service, facts);
  new Relation(stack, `${store.name}-${facts.name}`, store, service);
  return service;
}
