import { describe, expect, it } from "vitest";
import { LambRelease } from "../../lib/lamb/release";
import { type Files, modelOf, service } from "../lamb/compose";
import { describeWith } from "../support/tools";
import { filesBelow, goldenOf } from "./program";

const files: Files = filesBelow(goldenOf("prod"));
const workflow = files.get(".github/workflows/build-images.yml") ?? "";
const env = { OWI_ADMIN_EMAIL: "it@uni.edu", LAMB_PUBLIC_HOST: "lamb.uni.edu", OWI_PUBLIC_HOST: "chat.uni.edu" };

// docker compose -f docker-compose.next.yaml … config --format json
describeWith("docker-compose", "the pull request that examples/prod.ts makes of a checkout", () => {
  const base = ["docker-compose.next.yaml"];
  const stack = modelOf(files, { files: base, env });

  it("has the upcoming release with its library manager, Ollama by its profile, and LAMB's former name", () => {
    const tag = new LambRelease(LambRelease.upcoming).versionVariable.default;
    const own = Object.entries(stack.services).filter(([, { image = "" }]) =>
      image.startsWith("ghcr.io/lamb-project/"),
    );
    expect(own.map(([name]) => name).sort()).toEqual(["kb", "lamb", "library-manager", "openwebui", "uploads"]);
    for (const [, { image }] of own) expect(image).toMatch(new RegExp(`:${tag}$`));
    expect(service(stack, "ollama").profiles).toEqual(["ollama"]);
    for (const network of Object.values(service(stack, "lamb").networks)) expect(network?.aliases).toContain("backend");
  });

  it("has GPUs for Ollama in a file of their own, which nobody gets without naming it", () => {
    expect(service(stack, "ollama").deploy).toBeUndefined();
    const gpu = modelOf(files, { files: [...base, "docker-compose.next.gpu.yaml"], env });
    expect(JSON.stringify(service(gpu, "ollama").deploy)).toContain('"nvidia"');
    expect(files.get(".env.next.example")).toMatch(
      /^COMPOSE_FILE=docker-compose\.next\.yaml:docker-compose\.next\.prod\.yaml$/m,
    );
  });
});

describe("the smoke test of that pull request", () => {
  it("starts what is built, and Ollama with it", () => {
    expect(workflow).toContain("COMPOSE_PROFILES: ollama\n");
    expect(workflow).toContain("--set COMPOSE_PROFILES=ollama");
  });
});
