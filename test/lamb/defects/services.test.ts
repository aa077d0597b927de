import { BackendAlias, GpuOverlay, Image, LambStack, Ollama } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { type Files, type Model, model, modelOf, service } from "../compose";
import { DEPLOYMENTS, lamb } from "../deployments";
import * as property from "../properties";
import { FAULTY, FAULTY_BASE, FAULTY_ENV, FAULTY_GPU } from "./faulty";

const EVERYTHING = { ollama: true, library: true } as const;

describeWith("docker-compose", "defects of the services", () => {
  const faulty = modelOf(FAULTY, { files: FAULTY_BASE, env: FAULTY_ENV });

  /** What else a variable for a port of the host changes. */
  const movedBesides = (files: Files, env = {}) => {
    const base = ["docker-compose.next.yaml"];
    const ports = { LAMB_PORT: "28000", KB_PORT: "27000", OPENWEBUI_PORT: "29000" };
    const before = modelOf(files, { files: base, env });
    const after = modelOf(files, { files: base, env: { ...env, ...ports } });
    return (["lamb", "kb", "openwebui"] as const).flatMap((name, index) => {
      const [was, is] = [service(before, name), service(after, name)];
      const wrong = (what: string) => `${name}: ${what}`;
      return [
        ...(is.ports[0]?.published === Object.values(ports)[index] ? [] : [wrong("the host's side stays")]),
        ...(is.ports[0]?.target === was.ports[0]?.target ? [] : [wrong("the container's side moves")]),
        ...(JSON.stringify(is.healthcheck) === JSON.stringify(was.healthcheck) ? [] : [wrong("the probe moves")]),
        ...("PORT" in is.environment ? [wrong("the service is told to listen elsewhere")] : []),
        ...Object.keys(is.environment)
          .filter((key) => is.environment[key] !== was.environment[key] && key !== "PORT")
          .filter((key) => !/^http:\/\/localhost:2\d000(\/creator)?$/.test(is.environment[key] ?? ""))
          .map((key) => wrong(`${key} changes`)),
      ];
    });
  };

  it("defect 6: a host port variable moves only the host's side", () => {
    expect(movedBesides(lamb().files)).toEqual([]);
    expect(movedBesides(FAULTY, FAULTY_ENV)).toEqual([
      ...["lamb: the host's side stays", "lamb: the service is told to listen elsewhere"],
      ...["kb: the host's side stays", "kb: the service is told to listen elsewhere"],
      ...["openwebui: the host's side stays", "openwebui: the service is told to listen elsewhere"],
    ]);
  });

  it("defect 6: what browsers are told follows the host's side", () => {
    const { environment } = service(model(lamb(), { env: { LAMB_PORT: "28000", OPENWEBUI_PORT: "29000" } }), "lamb");
    expect(environment.LAMB_WEB_HOST).toBe("http://localhost:28000");
    expect(environment.OWI_PUBLIC_BASE_URL).toBe("http://localhost:29000");
    expect(environment.LAMB_BACKEND_HOST).toBe("http://localhost:9099");
  });

  const onAllInterfaces = (merged: Model) => property.publishedPorts(merged).filter((port) => port.includes(" *:"));

  it("defect 7: nothing but the public face listens beyond the host itself", () => {
    for (const [, parts] of DEPLOYMENTS.filter(([, { prod }]) => !prod)) {
      expect(onAllInterfaces(model(lamb(parts)))).toEqual([]);
    }
    expect(onAllInterfaces(faulty)).toHaveLength(4);
  });

  it("defect 8: every image has a tag that stays, and LAMB's move together", () => {
    const images = (merged: Model) => Object.values(merged.services).map(({ image = "" }) => image);
    const all = lamb({ prod: true, ...EVERYTHING });
    expect(property.unpinnedImages(model(all))).toEqual([]);
    const moved = images(model(all, { env: { LAMB_VERSION: "v9.9" } }));
    const changed = moved.filter((image) => !images(model(all)).includes(image));
    expect(changed.toSorted()).toEqual(
      ["lamb-kb", "lamb-library-manager", "lamb", "lamb", "openwebui"].map(
        (name) => `ghcr.io/lamb-project/${name}:v9.9`,
      ),
    );
    expect(property.unpinnedImages(faulty)).toHaveLength(5);
    const files = [...FAULTY_BASE, "docker-compose.next.prod.yaml"];
    expect(property.unpinnedImages(modelOf(FAULTY, { files, env: FAULTY_ENV }))).toContain("caddy:2.8");
    expect(images(modelOf(FAULTY, { files, env: { ...FAULTY_ENV, LAMB_VERSION: "v9.9" } }))).toEqual(
      images(modelOf(FAULTY, { files, env: FAULTY_ENV })),
    );
  });

  it("defect 9: nothing is built on the server", () => {
    expect(property.builds(model(lamb({ prod: true, ...EVERYTHING })))).toEqual([]);
    expect(property.builds(faulty)).toEqual(["kb", "lamb", "library-manager", "openwebui"]);
  });

  /** Probes that ask an address which answers the same whatever state the service is in. */
  const constantProbes = ({ services }: Model) =>
    Object.entries(services)
      .filter(([, { healthcheck }]) => {
        const words = healthcheck?.test.join(" ") ?? "";
        return /\/(health|status|v1|v1\/models)( |$)/.test(words) && !words.includes("grep");
      })
      .map(([name]) => name);

  it("defect 10: every service says when it can work, and those that need it wait for that", () => {
    const merged = model(lamb({ prod: true, ...EVERYTHING }));
    expect(property.withoutReadiness(merged)).toEqual([]);
    expect(property.unhealthyDependencies(merged)).toEqual([]);
    expect(constantProbes(merged)).toEqual([]);
    expect(Object.keys(service(merged, "lamb").depends_on)).toEqual([
      "kb",
      "library-manager",
      "ollama",
      "openwebui",
      "uploads",
    ]);
    expect(property.withoutReadiness(faulty)).toEqual(expect.arrayContaining(["kb", "lamb", "ollama"]));
    expect(property.unhealthyDependencies(faulty)).toEqual(["lamb kb service_started"]);
    expect(constantProbes(faulty)).toEqual(["library-manager", "openwebui"]);
  });

  /** Where services keep what must not be lost. Contract sections 1.1 to 1.5. */
  const KEPT = [
    ["lamb", "/data/lamb/lamb_v4.db"],
    ["lamb", "/app/backend/static/public/1/upload.pdf"],
    ["lamb", "/data/openwebui/webui.db"],
    ["kb", "/app/backend/data/chromadb"],
    ["kb", "/app/backend/static/original.pdf"],
    ["openwebui", "/app/backend/data/webui.db"],
    ["library-manager", "/app/data/library-manager.db"],
    ["ollama", "/root/.ollama/models"],
  ] as const;
  const lost = (merged: Model) => {
    const isKept = (name: string, path: string) =>
      service(merged, name).volumes.some(({ type, target }) => type === "volume" && path.startsWith(`${target}/`));
    // LAMB's own rule for the place of these logs, which it makes of its environment.
    const logs = `${service(merged, "lamb").environment.LAMB_DB_PATH ?? "/app/backend"}/aac_logs/log`;
    const places = [...KEPT, ["lamb", logs] as const];
    return places.filter(([name, path]) => !isKept(name, path)).map(([name, path]) => `${name} ${path}`);
  };

  it("defect 11: all that services write and people would miss lies in a named volume", () => {
    const merged = model(lamb({ prod: true, ...EVERYTHING }));
    expect(lost(merged)).toEqual([]);
    expect(service(merged, "caddy").volumes.map(({ target }) => target)).toEqual(["/etc/caddy", "/data", "/config"]);
    expect(lost(faulty)).toEqual([
      "lamb /app/backend/static/public/1/upload.pdf",
      "kb /app/backend/data/chromadb",
      "kb /app/backend/static/original.pdf",
      "library-manager /app/data/library-manager.db",
      "ollama /root/.ollama/models",
      "lamb /app/backend/aac_logs/log",
    ]);
  });

  it("defect 11: no volume with a database is published with the uploads", () => {
    const { volumes } = service(model(lamb()), "lamb");
    const published = volumes.find(({ target }) => target === "/app/backend/static/public")?.source;
    expect(volumes.filter(({ source }) => source === published)).toHaveLength(1);
  });

  /** Addresses inside the deployment that lead to no service that runs. */
  const deadAddresses = (merged: Model) => {
    const names = new Set([...Object.keys(merged.services), "localhost", "host.docker.internal"]);
    return Object.entries(merged.services).flatMap(([name, { environment }]) =>
      Object.entries(environment)
        .filter(([, value]) => !names.has(/^https?:\/\/([\w.-]+)/.exec(value ?? "")?.[1] ?? "localhost"))
        .filter(([, value]) => !/^https?:\/\/[\w-]+\./.test(value ?? ""))
        .map(([key, value]) => `${name} ${key}=${value}`),
    );
  };

  it("defect 12: no default leads to a service that does not run", () => {
    for (const [, parts] of DEPLOYMENTS) {
      expect(deadAddresses(model(lamb(parts), { profiles: [] }))).toEqual([]);
    }
    expect(deadAddresses(modelOf(FAULTY, { files: FAULTY_BASE, env: FAULTY_ENV, profiles: [] }))).toEqual([
      "kb EMBEDDINGS_ENDPOINT=http://ollama:11434",
      "lamb OLLAMA_BASE_URL=http://ollama:11434",
    ]);
  });

  it("defect 12: with an Ollama of its own, who asks it waits for it, by whatever name", () => {
    const synthesis = synthesize((app) => new Ollama(new LambStack(app, "next"), "models"));
    const merged = model(synthesis, { profiles: [] });
    for (const name of ["lamb", "kb", "openwebui"]) {
      expect(service(merged, name).depends_on.models).toEqual({ condition: "service_healthy", required: false });
    }
    expect(deadAddresses(merged)).toEqual([]);
    expect(service(merged, "kb").environment.EMBEDDINGS_ENDPOINT).toBe("http://models:11434");
    const withProfile = modelOf(FAULTY, { files: FAULTY_BASE, env: FAULTY_ENV });
    expect(service(withProfile, "kb").depends_on.ollama).toBeUndefined();
  });

  it("defect 12: Open WebUI offers LAMB's assistants from the first start", () => {
    const { environment } = service(model(lamb()), "openwebui");
    expect(environment.OPENAI_API_BASE_URLS).toBe("http://lamb:9099/v1");
    expect(environment.OPENAI_API_KEYS).toBe(service(model(lamb()), "lamb").environment.LAMB_BEARER_TOKEN);
    expect(service(faulty, "openwebui").environment.OPENAI_API_BASE_URLS).toBeUndefined();
  });

  /** Services that are sent to the host, and that do not find it on Linux. */
  const strandedOnLinux = ({ services }: Model) =>
    Object.keys(services).filter((name) => {
      const { environment = {}, extra_hosts = [] } = services[name] ?? {};
      const isSent = Object.values(environment).some((value) => value?.includes("host.docker.internal"));
      return isSent && !extra_hosts.includes("host.docker.internal=host-gateway");
    });

  it("defect 13: who is sent to the host finds it on Linux, too", () => {
    const env = { OLLAMA_BASE_URL: "http://host.docker.internal:11434" };
    expect(strandedOnLinux(model(lamb(), { env }))).toEqual([]);
    expect(strandedOnLinux(modelOf(FAULTY, { files: FAULTY_BASE, env: { ...FAULTY_ENV, ...env } }))).toEqual([
      "kb",
      "lamb",
    ]);
  });

  const unbounded = ({ services }: Model) =>
    Object.entries(services).flatMap(([name, { stop_grace_period, logging, security_opt, networks }]) => [
      ...(stop_grace_period === "30s" || (name === "openwebui" && stop_grace_period === "10s")
        ? []
        : [`${name}: time to stop`]),
      ...(logging?.options["max-size"] === undefined ? [`${name}: logs`] : []),
      ...(security_opt.includes("no-new-privileges:true") ? [] : [`${name}: rights`]),
      ...("default" in networks ? [`${name}: network`] : []),
    ]);

  it("defect 15: services have time to stop, bounded logs, no new rights, and only the networks they need", () => {
    expect(unbounded(model(lamb({ prod: true, ...EVERYTHING })))).toEqual([]);
    expect(unbounded(faulty)).toEqual(
      expect.arrayContaining(["lamb: time to stop", "kb: logs", "openwebui: rights", "library-manager: network"]),
    );
  });

  // uvicorn 0.30.6 with an answer open: without the variable it was killed, with it it ended after so many seconds.
  it("an open answer ends before its server would be killed, whoever built the image", () => {
    const { services } = model(lamb({ prod: true, ...EVERYTHING }));
    const servers = Object.entries(services).flatMap(([name, { environment, stop_grace_period = "" }]) => {
      const { UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: seconds } = environment;
      return seconds === undefined ? [] : [[name, Number(seconds) < Number.parseInt(stop_grace_period, 10)]];
    });
    expect(Object.fromEntries(servers)).toEqual({ kb: true, lamb: true, "library-manager": true, openwebui: true });
  });

  it("defect 15: each network is of two services that talk to each other", () => {
    const { services } = model(lamb({ prod: true, ...EVERYTHING }));
    const names = Object.keys(services);
    const shared = (one: string, other: string) =>
      Object.keys(services[one]?.networks ?? {}).some((network) => network in (services[other]?.networks ?? {}));
    const pairs = names.flatMap((one) =>
      names.filter((other) => one < other && shared(one, other)).map((other) => `${one} ${other}`),
    );
    expect(pairs).toEqual([
      "caddy kb",
      "caddy lamb",
      "caddy openwebui",
      "kb lamb",
      "kb ollama",
      "lamb library-manager",
      "lamb ollama",
      "lamb openwebui",
      "ollama openwebui",
    ]);
  });

  it("defect 16: LAMB can be found under the name that installations have stored", () => {
    const synthesis = synthesize((app) => new BackendAlias(new LambStack(app, "next").lamb));
    expect(service(model(synthesis), "lamb").networks["lamb-openwebui"]?.aliases).toEqual(["backend"]);
    expect(property.namesOf(faulty, "lamb")).toEqual([]);
  });

  it("defect 27: a GPU changes no image behind anybody's back, and builds none", () => {
    const image = (merged: Model) => service(merged, "openwebui").image;
    expect(image(model(lamb({ gpu: true, ollama: true })))).toBe(image(model(lamb())));
    expect(property.builds(model(lamb({ gpu: true, ollama: true })))).toEqual([]);
    const own = synthesize((app) => {
      const openWebUiImage = new Image("registry.campus.example/openwebui-cuda", {
        digest: `sha256:${"0".repeat(64)}`,
      });
      new GpuOverlay(new LambStack(app, "next"), "gpu", { openWebUiImage });
    });
    expect(image(model(own))).not.toBe(image(model(lamb())));
    expect(property.withGpu(model(own))).toEqual(["openwebui"]);
    const merged = modelOf(FAULTY, { files: FAULTY_GPU, env: FAULTY_ENV });
    expect(image(merged)).toBe(image(faulty));
    expect(property.builds(merged)).toContain("openwebui");
  });
});
