import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { must } from "./run";
import { answers } from "./stacks";

vi.mock("../../lib/lamb/facts/releases", async (original) => {
  const { withKnowledgeRelease } = await import("../support/knowledge-release");
  return withKnowledgeRelease(await original());
});
const { App, LambRelease, LambStack } = await import("lamb-compose");
const { KgRag, KnowledgeStore } = await import("lamb-compose/lamb");

const FOLDER = fileURLToPath(new URL("knowledge", import.meta.url));
const NAMES = ["lamb-kb-server", "qdrant", "neo4j"] as const;

/** The images themselves cannot be pulled everywhere: these prove what the stack does for them, and not what they do. */
async function buildStandIns(): Promise<Readonly<Record<string, string>>> {
  const { lamb = "", caddy = "" } = inject("standIns") ?? {};
  const folder = await mkdtemp(join(tmpdir(), "lamb-compose-knowledge-"));
  await cp(FOLDER, folder, { recursive: true });
  const args = ["--build-arg", `PYTHON=${lamb}`, "--build-arg", `BUSYBOX=${caddy}`];
  const images: Record<string, string> = {};
  for (const name of NAMES) {
    images[name] = `built/${name}:${process.pid}`;
    const tag = images[name] ?? "";
    await must("docker", ["buildx", "build", "--quiet", "--load", ...args, "--target", name, "--tag", tag, folder]);
  }
  await rm(folder, { recursive: true });
  return images;
}

describeWith(["docker-engine", "docker-buildx"], "the knowledge store with its graph and its vectors", () => {
  let stack: Deployment;
  let images: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    images = await buildStandIns();
    const secret = "of-the-knowledge-store-1234";
    stack = await Deployment.create({
      write: (directory) => {
        const app = new App();
        const next = new LambStack(app, "next", { release: new LambRelease("0.9") });
        new KgRag(new KnowledgeStore(next, "kb-v2", { qdrant: true }));
        return app.synth().write(directory);
      },
      answers: {
        ...answers,
        ...{ LAMB_KB_SERVER_V2_TOKEN: secret, QDRANT_API_KEY: secret, KG_RAG_NEO4J_PASSWORD: secret },
      },
      images: { ...inject("standIns"), ...images },
    });
    await stack.up();
  });
  afterAll(async () => {
    const asked = await stack?.images();
    await stack?.remove();
    const named = ["kb-v2", "qdrant", "neo4j"].flatMap((service) => asked?.get(service) ?? []);
    const names = [...Object.values(images), ...named];
    if (names.length > 0) await must("docker", ["image", "rm", "--force", ...names]);
  });

  const python = async (service: string, program: string) =>
    (await stack.compose("exec", "--no-TTY", service, "python", "-c", program)).stdout.trim();
  const got = (url: string) => `import urllib.request; print(urllib.request.urlopen("${url}").read().decode())`;

  it("are healthy by their probes, and the store reaches both with its keys", async () => {
    expect(JSON.parse(await python("kb-v2", got("http://127.0.0.1:9092/beside")))).toEqual({
      vectors: 200,
      graph: "bolt",
    });
    expect(JSON.parse(await python("lamb", got("http://kb-v2:9092/health")))).toEqual({ status: "ok" });
  });

  it("are found by nobody else", async () => {
    const find = (name: string) =>
      `import socket\ntry: print(len(socket.getaddrinfo("${name}", 1)) > 0)\nexcept OSError: print(False)`;
    expect(await python("kb-v2", find("neo4j"))).toBe("True");
    for (const service of ["lamb", "kb", "openwebui"])
      for (const name of ["neo4j", "qdrant"]) expect(await python(service, find(name)), service).toBe("False");
  });

  it("write their volumes, Neo4j as its own user", async () => {
    expect(await python("neo4j", 'import os; print(os.stat("/data/databases/marker").st_uid)')).toBe("7474");
    await stack.compose("up", "--detach", "--wait", "--force-recreate", "neo4j", "qdrant");
    expect(await python("qdrant", 'print(open("/qdrant/storage/marker").read())')).toBe("vectors");
  });
});
