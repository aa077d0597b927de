/** What a test must know of a stand-in to talk to it. */
export interface StandIn {
  /** Last part of the image's name. */
  readonly image: string;
  readonly port: number;
  /** Places in which it keeps data of one kind each; `PUT /stand-in/marker?place=…` writes there. */
  readonly places: readonly string[];
}

/** By the service's name. */
const STAND_INS: Readonly<Record<string, StandIn>> = {
  lamb: { image: "lamb", port: 9099, places: ["database", "uploads", "logs"] },
  kb: { image: "lamb-kb", port: 9090, places: ["database", "index", "originals"] },
  openwebui: { image: "openwebui", port: 8080, places: ["database", "uploads", "vectors"] },
  "library-manager": { image: "lamb-library-manager", port: 9091, places: ["database", "content"] },
  ollama: { image: "ollama", port: 11434, places: ["models"] },
  caddy: { image: "caddy", port: 2019, places: [] },
  // Built by their test alone.
  "kb-v2": { image: "lamb-kb-server", port: 9092, places: [] },
  qdrant: { image: "qdrant", port: 6333, places: [] },
  neo4j: { image: "neo4j", port: 7474, places: [] },
  // Each ends after a command of LAMB's image.
  uploads: { image: "lamb", port: 9099, places: [] },
  ownership: { image: "lamb", port: 9099, places: [] },
  // A service that an example adds: any program with a healthcheck in its image.
  grades: { image: "lamb-kb", port: 9090, places: [] },
};

export function standIn(service: string): StandIn {
  const found = STAND_INS[service];
  if (found === undefined) {
    throw new Error(`no stand-in for the service ${JSON.stringify(service)}`);
  }
  return found;
}
