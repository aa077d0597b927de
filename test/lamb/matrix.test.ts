import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { validateFiles } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { describeWith, run } from "../support/tools";
import { inFolder, type Model, model, service } from "./compose";
import { DEPLOYMENTS, lamb } from "./deployments";
import { officialErrors } from "./official";
import * as property from "./properties";

const made = DEPLOYMENTS.map(([name, parts]) => [name, parts, lamb(parts)] as const);

describe("every deployment of LAMB", () => {
  it("is one of 32", () => {
    expect(new Set(made.map(([, , { files }]) => [...files.values()].join("\0"))).size).toBe(32);
  });

  it.each(made)("has valid files: %s", (_, __, synthesis) => {
    expect(validateFiles(synthesis)).toEqual([]);
  });

  it.each(made)("has files that the official schema takes: %s", (_, __, synthesis) => {
    const files = [...synthesis.files].filter(([path]) => path.endsWith(".yaml"));
    expect(files.length).toBeGreaterThan(0);
    for (const [path, text] of files) expect(officialErrors(text), path).toEqual([]);
  });

  it("would not be taken with a key that the specification does not have, nor with a value that it does not allow", () => {
    const text = lamb().files.get("docker-compose.next.yaml") ?? "";
    expect(officialErrors(text.replace("restart:", "restarts:"))).not.toEqual([]);
    expect(officialErrors(text.replace("start_interval: 500ms", "start_interval: 500"))).not.toEqual([]);
  });
});

describeWith("docker-compose", "every deployment of LAMB, as Compose merges it", () => {
  it.each(made)("is what an operator may rely on: %s", (_, parts, synthesis) => {
    const merged = model(synthesis);
    expect(servicesOf(merged)).toEqual(
      [
        ...["kb", "lamb", "openwebui"],
        ...(parts.prod ? ["caddy"] : []),
        ...(parts.library ? ["library-manager", "uploads"] : []),
        ...(parts.ollama ? ["ollama"] : []),
      ].sort(),
    );
    expect(merged.name).toBe("lamb");
    expect(property.unpinnedImages(merged)).toEqual([]);
    expect(property.builds(merged)).toEqual([]);
    expect(property.mountsOfTheHost(merged)).toEqual([]);
    expect(property.unhealthyDependencies(merged)).toEqual([]);
    expect(property.withoutReadiness(merged)).toEqual([]);
    expect(property.publishedPorts(merged)).toEqual(parts.prod ? property.PUBLIC_FACE : property.LOOPBACK);
    // Pages put an address without scheme and host twice before that of rubrics: `/creator/creator/rubrics` is not there.
    expect(service(merged, "lamb").environment.LAMB_FRONTEND_BASE_URL).toMatch(/^https?:\/\/[^/]+\/creator$/);
    if (parts.prod) expect(property.localAddresses(merged)).toEqual([]);
    expect(property.namesOf(merged, "lamb")).toEqual(parts.alias ? ["backend"] : []);
    expect(property.withGpu(merged)).toEqual(parts.gpu ? [parts.ollama ? "ollama" : "openwebui"] : []);
  });

  it.each(made.filter(([, { ollama }]) => ollama))("does without the profile of Ollama: %s", (_, __, synthesis) => {
    expect(servicesOf(model(synthesis, { profiles: [], env: { COMPOSE_PROFILES: "" } }))).not.toContain("ollama");
    expect(servicesOf(model(synthesis, { profiles: [] }))).toContain("ollama");
  });

  it("is named lamb wherever the files lie, so that its volumes keep their names", () => {
    const [one, other] = ["next", "Somewhere_else"].map((folder) => model(lamb({ prod: true }), { folder }));
    expect(one?.volumes).toEqual(other?.volumes);
    expect(one?.volumes["lamb-data"]?.name).toBe("lamb_lamb-data");
  });
});

describeWith("caddy", "every Caddyfile of LAMB", () => {
  const faces = made.filter(([, { prod }]) => prod);

  it.each(faces)("is valid, and formatted as Caddy formats: %s", (_, __, synthesis) => {
    inFolder(synthesis.files, (folder) => {
      const env = {
        HOME: join(folder, "home"),
        XDG_DATA_HOME: join(folder, "home"),
        XDG_CONFIG_HOME: join(folder, "home"),
        LAMB_PUBLIC_HOST: "lamb.campus.example",
        OWI_PUBLIC_HOST: "chat.campus.example",
        CADDY_EMAIL: "it@campus.example",
      };
      mkdirSync(env.HOME);
      const file = join(folder, "caddy", "Caddyfile.next");
      const validated = run("caddy", ["validate", "--adapter", "caddyfile", "--config", file], { env });
      expect(validated.status, validated.stderr).toBe(0);
      const formatted = run("caddy", ["fmt", "--diff", file], { env });
      expect(formatted.status, formatted.stdout).toBe(0);
    });
  });
});

function servicesOf({ services }: Model): readonly string[] {
  return Object.keys(services).sort();
}
