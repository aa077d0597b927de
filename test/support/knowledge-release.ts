import type * as releases from "../../lib/lamb/facts/releases";

/** The releases that are known, and after them one with what LAMB's branch for the knowledge store has. */
export async function withKnowledgeRelease(known: typeof releases): Promise<typeof releases> {
  const { KNOWLEDGE_STORE, NEO4J, QDRANT } = await import("../../lib/lamb/facts/knowledge-store");
  const [last] = known.RELEASES.slice(-1);
  if (last === undefined) throw new Error("no release");
  const services = { ...last.services, knowledgeStore: KNOWLEDGE_STORE, neo4j: NEO4J, qdrant: QDRANT };
  return { ...known, RELEASES: [...known.RELEASES, { ...last, version: "0.9", tag: "v0.9", services }] };
}
