import { KNOWLEDGE_STORE, NEO4J, QDRANT } from "./knowledge-store";
import { RELEASES, servicesOf } from "./releases";
import type { ServiceFacts } from "./service";

/** Every service of any release, oldest first, and those that none has yet. */
export const ALL_SERVICES: readonly ServiceFacts[] = [
  ...new Set([...RELEASES.flatMap(servicesOf), KNOWLEDGE_STORE, QDRANT, NEO4J]),
];
