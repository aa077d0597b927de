import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { expect, it, vi } from "vitest";
import { QDRANT } from "../../lib/lamb/facts/knowledge-store";

vi.mock("../../lib/lamb/facts/releases", async (original) => {
  const { withKnowledgeRelease } = await import("../support/knowledge-release");
  return withKnowledgeRelease(await original());
});
const { App, LambRelease, LambStack } = await import("lamb-compose");
const { KgRag, KnowledgeStore } = await import("lamb-compose/lamb");
const { LambGuides } = await import("lamb-compose/guides");

const stackOf = (release: string) => {
  const app = new App();
  return { app, stack: new LambStack(app, "next", { release: new LambRelease(release) }) };
};

it.each(["0.6", "0.7"])("a knowledge store is refused for LAMB %s, which has none", (release) => {
  const { stack } = stackOf(release);
  expect(() => new KnowledgeStore(stack)).toThrow(/has no image of it/);
});

it("guides say what the store, its graph and its vectors are, and what their volumes hold", () => {
  const { app, stack } = stackOf("0.9");
  new KgRag(new KnowledgeStore(stack, "kb-v2", { qdrant: true }));
  new LambGuides(app, "guides", { stack });
  const page = app.synth().files.get("Documentation/installation/deployment.md") ?? "";
  const row = (name: string) => new RegExp(`^\\| \`${name}\` \\| [A-Za-z]`, "m");
  for (const name of ["lamb", "kb-v2", "qdrant", "neo4j", "kb-v2-data", "qdrant-data", "neo4j-data"]) {
    expect(page).toMatch(row(name));
  }
});

it("a stack of a release that has them gets the store, its graph and its vectors, each reached by those who need it", () => {
  const { app, stack } = stackOf("0.9");
  const store = new KnowledgeStore(stack, "kb-v2", { qdrant: true });
  const { neo4j } = new KgRag(store);
  const synthesis = app.synth();
  expect(synthesis.findings.filter(({ severity }) => severity !== "suppressed")).toEqual([]);
  const text = synthesis.files.get("docker-compose.next.yaml") ?? "";
  for (const line of [
    "LAMB_KB_SERVER_V2: http://kb-v2:9092",
    "QDRANT_URL: http://qdrant:6333",
    "KG_RAG_NEO4J_URI: bolt://neo4j:7687",
    "image: ghcr.io/lamb-project/lamb-kb-server:${LAMB_VERSION:-v0.9}",
    "- kb-v2-data:/app/data",
  ]) {
    expect(text).toContain(line);
  }
  expect([store, neo4j].filter((service) => service.has("ports"))).toEqual([]);
  expect(stack.release.builds.map(({ name }) => name)).toContain("lamb-kb-server");
  const names = synthesis.files.get(".env.next.example") ?? "";
  for (const name of ["LAMB_KB_SERVER_V2_TOKEN", "QDRANT_API_KEY", "KG_RAG_NEO4J_PASSWORD"]) {
    expect(names).toContain(`\n${name}=`);
  }
});

it.each([
  ["ready", 200, 0],
  ["not ready yet", 503, 1],
  ["not there", undefined, 1],
])("Qdrant's probe, which has bash alone, says whether it is %s", async (_, status, code) => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/readyz" ? (status ?? 500) : 404).end("200 OK of a page\n");
  });
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  if (status === undefined) await new Promise((closed) => server.close(closed));
  if (typeof QDRANT.probe === "string" || !Array.isArray(QDRANT.probe.test)) throw new Error("another probe");
  const [, program = "", ...words] = QDRANT.probe.test.map((word) =>
    String(word).replaceAll("6333", `${port}`).replaceAll("$$", "$"),
  );
  const ended = await new Promise((closed) => spawn(program, words, { stdio: "ignore" }).on("close", closed));
  server.close();
  expect(ended).toBe(code);
});
