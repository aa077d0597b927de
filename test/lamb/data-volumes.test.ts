import { describe, expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { DataVolume } from "../../lib/construct/data-volume";
import { Service } from "../../lib/construct/service";
import { CaddyOverlay } from "../../lib/lamb/caddy-overlay";
import { GpuOverlay } from "../../lib/lamb/gpu-overlay";
import { OwnershipOverlay } from "../../lib/lamb/images/ownership-overlay";
import { SealedOverlay } from "../../lib/lamb/images/sealed-overlay";
import { LambStack } from "../../lib/lamb/lamb-stack";
import { Ollama } from "../../lib/lamb/ollama";
import { LambRelease } from "../../lib/lamb/release";
import { releaseFacts } from "../../lib/operate/engine/facts";
import { PROJECT_MODEL } from "../../lib/operate/engine/model";

/** The volumes of a release with all that it can have, as Compose resolves them. */
async function volumesOf(version: string, environment: Readonly<Record<string, string>> = {}) {
  const app = new App();
  const release = new LambRelease(version);
  const stack = new LambStack(app, "next", { release });
  new Ollama(stack);
  new CaddyOverlay(stack, "prod");
  const synthesis = app.synth();
  const required = synthesis.deployments.at(-1)?.sampleEnvironment() ?? {};
  const files = ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"];
  const { model } = await synthesis.resolve({
    files,
    environment: { ...required, ...environment },
    profiles: ["ollama"],
  });
  return model.volumes;
}

/**
 * What has been released stays: `docker compose up` offers to make a volume anew, empty, when its definition changes, and
 * `up --yes` does so.
 */
const RELEASED = {
  "caddy-config": { name: "lamb_caddy-config" },
  "caddy-data": { name: "lamb_caddy-data" },
  "kb-data": { name: "lamb_kb-data" },
  "kb-static": { name: "lamb_kb-static" },
  "lamb-data": { name: "lamb_lamb-data" },
  "lamb-static": { name: "lamb_lamb-static" },
  "library-manager-data": { name: "lamb_library-manager-data" },
  "ollama-data": { name: "lamb_ollama-data" },
  "openwebui-data": { name: "lamb_openwebui-data" },
};

/** What is put over the files of LAMB. */
const OVERLAYS: Readonly<Record<string, (stack: LambStack) => unknown>> = {
  "the proxy": (stack) => new CaddyOverlay(stack, "prod"),
  "a proxy of one's own": (stack) =>
    new CaddyOverlay(stack, "prod", { tls: { kind: "proxied", trustedProxies: ["private_ranges"] } }),
  "a GPU": (stack) => new GpuOverlay(stack, "gpu"),
  "other owners": (stack) => new OwnershipOverlay(stack),
  "sealed images": (stack) => new SealedOverlay(stack),
};

describe("the definitions of volumes", () => {
  it.each(LambRelease.versions)("are in LAMB %s those of every other release", async (version) => {
    const { "library-manager-data": library, ...core } = RELEASED;
    const has = new LambRelease(version).has("libraryManager");
    expect(await volumesOf(version)).toEqual(has ? { ...core, "library-manager-data": library } : core);
  });

  it.each(
    LambRelease.versions.flatMap((version) => Object.keys(OVERLAYS).map((overlay) => [overlay, version] as const)),
  )("are those of every other deployment with %s of LAMB %s", async (overlay, version) => {
    const app = new App();
    const stack = new LambStack(app, "next", { release: new LambRelease(version), publishable: true });
    new Ollama(stack);
    OVERLAYS[overlay]?.(stack);
    const synthesis = app.synth();
    const files = [...synthesis.files.keys()].filter((path) => path.endsWith(".yaml"));
    expect(files.length).toBeGreaterThan(1);
    for (const over of files.slice(1)) {
      const environment = synthesis.deployments.at(-1)?.sampleEnvironment() ?? {};
      const { model } = await synthesis.resolve({ files: [...files.slice(0, 1), over], environment, profiles: ["*"] });
      expect({ volumes: RELEASED }).toMatchObject({ volumes: model.volumes });
      expect(model).toHaveProperty(["volumes", "lamb-data"]);
    }
  });

  it("change with the generation in nothing but the names of data that people would miss", async () => {
    const { "caddy-config": config, "caddy-data": certificates, "ollama-data": models, ...data } = RELEASED;
    const next = Object.entries(data).map(([key, { name }]) => [key, { name: `${name}-g2` }]);
    expect(await volumesOf("0.7", { DATA_GENERATION: "-g2" })).toEqual({
      "caddy-config": config,
      "caddy-data": certificates,
      "ollama-data": models,
      ...Object.fromEntries(next),
    });
  });

  it("carry the name of the project that the operator chose", async () => {
    const volumes = await volumesOf("0.6", { COMPOSE_PROJECT_NAME: "campus" });
    expect(volumes).toMatchObject({ "lamb-data": { name: "campus_lamb-data" } });
  });
});

describe("what the files say of data, for who copies them", () => {
  const storesOf = async (version: string) => {
    const app = new App();
    new LambStack(app, "next", { release: new LambRelease(version) });
    return releaseFacts(PROJECT_MODEL.parse((await app.synth().resolve()).model)).stores;
  };

  it("names what is written once, and no upload of LAMB: one of the same name is written into the file", async () => {
    const stores = await storesOf("0.6");
    const once = Object.entries(stores).flatMap(([key, { writtenOnce }]) => (writtenOnce.length > 0 ? [key] : []));
    expect(once).toEqual(["kb-static", "openwebui-data"]);
    expect(stores["openwebui-data"]?.writtenOnce).toEqual(["uploads/*"]);
    expect(stores["kb-static"]?.writtenOnce).not.toContain("*.md");
  });

  it("names a schema where all databases of a volume have a version", async () => {
    expect((await storesOf("0.6"))["lamb-data"]?.schema).toBeUndefined();
    const { "lamb-data": lamb, ...others } = await storesOf("0.7");
    expect(lamb?.schema).toBe("lamb_v4.db 31");
    expect(Object.values(others).every(({ schema }) => schema === undefined)).toBe(true);
  });
});

describe("a volume of data", () => {
  it("is in a stack of one's own, too", async () => {
    const app = new App();
    const shop = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
    new Service(shop, "db", { image: "postgres:17", volumes: [new DataVolume(shop, "db-data").at("/data")] });
    const { model } = await app.synth().resolve({ environment: { DATA_GENERATION: "-a1" } });
    expect(model.volumes).toEqual({ "db-data": { name: "shop_db-data-a1" } });
  });
});
