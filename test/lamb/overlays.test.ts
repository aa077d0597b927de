import {
  App,
  BackendAlias,
  CaddyOverlay,
  type CaddyOverlayProps,
  EnvVar,
  GpuOverlay,
  Image,
  LambRelease,
  LambStack,
  Ollama,
  Overlay,
  Port,
  Service,
} from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { describeWith, run } from "../support/tools";
import { ask, type Files, inFolder, model, service } from "./compose";
import * as property from "./properties";

const withCaddy = (props: CaddyOverlayProps = {}) =>
  synthesize((app) => new CaddyOverlay(new LambStack(app, "next"), "prod", props)).assertValid();

const caddyfileOf = (props?: CaddyOverlayProps) => withCaddy(props).files.get("caddy/Caddyfile.next") ?? "";

const templateOf = (props?: CaddyOverlayProps) => withCaddy(props).files.get(".env.next.example") ?? "";

/** Each way of TLS: what is published, which variables it asks the operator for, and what browsers use. */
const WAYS: readonly {
  readonly name: string;
  readonly props: CaddyOverlayProps;
  readonly asks: readonly string[];
  readonly published: readonly string[];
  readonly scheme: "http" | "https";
  readonly says: RegExp;
}[] = [
  {
    name: "by default, Let's Encrypt",
    props: {},
    asks: ["CADDY_EMAIL"],
    published: property.PUBLIC_FACE,
    scheme: "https",
    says: /^\temail \{\$CADDY_EMAIL\}$/m,
  },
  {
    name: "another authority that speaks ACME",
    props: { tls: { kind: "acme", email: "it@campus.test", directory: "https://acme.campus.test/directory" } },
    asks: [],
    published: property.PUBLIC_FACE,
    scheme: "https",
    says: /^\tacme_ca https:\/\/acme\.campus\.test\/directory$/m,
  },
  {
    name: "an authority of the campus, with a root of its own",
    props: { tls: { kind: "acme", directory: "https://acme.campus.test/directory", ownRoot: true } },
    asks: ["CADDY_EMAIL", "TLS_FOLDER"],
    published: property.PUBLIC_FACE,
    scheme: "https",
    says: /^\tacme_ca_root \/etc\/tls\/\{\$ACME_ROOT_FILE\}$/m,
  },
  {
    name: "Caddy's own authority",
    props: { tls: { kind: "internal" } },
    asks: [],
    published: property.PUBLIC_FACE,
    scheme: "https",
    says: /^\t(tls internal|local_certs)$/m,
  },
  {
    name: "a certificate of the operator's",
    props: { tls: { kind: "certificate" } },
    asks: ["TLS_FOLDER"],
    published: property.PUBLIC_FACE,
    scheme: "https",
    says: /^\ttls \/etc\/tls\/\{\$TLS_CERTIFICATE_FILE\} \/etc\/tls\/\{\$TLS_KEY_FILE\}$/m,
  },
  {
    name: "a proxy in front",
    props: { tls: { kind: "proxied", trustedProxies: ["10.0.0.0/8"] } },
    asks: [],
    published: ["caddy *:80->80/tcp"],
    scheme: "https",
    says: /trusted_proxies static 10\.0\.0\.0\/8/,
  },
  {
    name: "a proxy in front, without TLS",
    props: { tls: { kind: "proxied", trustedProxies: ["private_ranges"], publicScheme: "http" } },
    asks: [],
    published: ["caddy *:80->80/tcp"],
    scheme: "http",
    says: /^http:\/\/\{\$LAMB_PUBLIC_HOST\}/m,
  },
];

describe.each(WAYS)("CaddyOverlay with $name", ({ props, asks, says }) => {
  it("asks the operator for what it needs, and for nothing else", () => {
    const required = [...templateOf(props).matchAll(/^(CADDY_EMAIL|TLS_\w+|ACME_\w+)=$/gm)].map(([, name]) => name);
    expect(required).toEqual(asks);
  });

  it("says so in the Caddyfile", () => {
    expect(caddyfileOf(props)).toMatch(says);
  });
});

describeWith("docker-compose", "CaddyOverlay, as Compose merges it", () => {
  it.each(WAYS)("publishes what it must: $name", ({ props, published, scheme, asks }) => {
    const merged = model(withCaddy(props));
    expect(property.publishedPorts(merged)).toEqual(published);
    const [lamb, openwebui, caddy] = ["lamb", "openwebui", "caddy"].map((name) => service(merged, name));
    expect(lamb?.environment.LAMB_WEB_HOST).toBe(`${scheme}://lamb.campus.example`);
    expect(lamb?.environment.OWI_PUBLIC_BASE_URL).toBe(`${scheme}://chat.campus.example`);
    expect(openwebui?.environment.WEBUI_SESSION_COOKIE_SECURE).toBe(String(scheme === "https"));
    expect("CADDY_EMAIL" in (caddy?.environment ?? {})).toBe(asks.includes("CADDY_EMAIL"));
  });

  it("comes to other ports, and to one host name, in every address", () => {
    const merged = model(withCaddy({ ports: { http: 8080, https: 8443 }, openWebUiPort: 9443 }));
    const ports = ["8080->8080/tcp", "8443->8443/tcp", "8443->8443/udp", "9443->9443/tcp", "9443->9443/udp"];
    expect([...property.publishedPorts(merged)].sort()).toEqual(ports.map((port) => `caddy *:${port}`));
    const [lamb, openwebui, caddy, kb] = ["lamb", "openwebui", "caddy", "kb"].map((name) => service(merged, name));
    expect(lamb?.environment).toMatchObject({
      LAMB_WEB_HOST: "https://lamb.campus.example:8443",
      LAMB_FRONTEND_OPENWEBUI_SERVER: "https://lamb.campus.example:9443",
    });
    expect(openwebui?.environment.WEBUI_URL).toBe("https://lamb.campus.example:9443");
    expect(kb?.environment.HOME_URL).toBe("https://lamb.campus.example:8443/kb");
    expect(caddy?.environment).not.toHaveProperty("OWI_PUBLIC_HOST");
  });

  it("refuses one host name behind a proxy, which tells the two apart by it", () => {
    const tls = { kind: "proxied", trustedProxies: ["private_ranges"] } as const;
    expect(() => withCaddy({ tls, openWebUiPort: 8443 })).toThrow(/caddy-option at openWebUiPort/);
  });

  it.each<NonNullable<CaddyOverlayProps["tls"]>>([{ kind: "certificate" }, { kind: "acme", ownRoot: true }])(
    "shows the folder of certificates to Caddy alone, and no file that could be replaced: %j",
    (tls) => {
      const { stdout } = ask(withCaddy({ tls }).files, ["config", "--format", "json"]);
      const { services, secrets, configs } = JSON.parse(stdout);
      expect([secrets, configs]).toEqual([undefined, undefined]);
      const folder = { type: "bind", source: "/deployment/certs", target: "/etc/tls", read_only: true };
      expect(services.caddy.volumes).toContainEqual(expect.objectContaining(folder));
      for (const name of ["lamb", "kb", "openwebui"]) {
        expect(services[name].volumes).not.toContainEqual(expect.objectContaining({ type: "bind" }));
      }
    },
  );

  it("leaves alone what a later overlay publishes on the host itself", () => {
    const synthesis = synthesize((app) => {
      const stack = new LambStack(app, "next");
      new CaddyOverlay(stack, "prod");
      const campus = new Overlay(stack, "campus");
      const image = new Image("registry.campus.example/grades", { tag: "2.1.0", hasHealthcheck: true });
      new Service(campus, "grades", { image, ports: [Port.loopback(7000)] });
    }).assertValid();
    expect(property.publishedPorts(model(synthesis))).toEqual([
      ...property.PUBLIC_FACE,
      "grades 127.0.0.1:7000->7000/tcp",
    ]);
  });

  it("takes another image of Caddy", () => {
    const merged = model(withCaddy({ image: new Image("registry.campus.example/caddy", { tag: "2.10.2" }) }));
    expect(service(merged, "caddy").image).toBe("registry.campus.example/caddy:2.10.2");
  });
});

describeWith("caddy", "CaddyOverlay, as Caddy reads it", () => {
  it.each(WAYS)("is a Caddyfile, formatted as Caddy formats: $name", ({ props }) => {
    const files: Files = withCaddy(props).files;
    const env = { LAMB_PUBLIC_HOST: "lamb.test", OWI_PUBLIC_HOST: "chat.test", CADDY_EMAIL: "it@campus.test" };
    inFolder(files, (folder) => {
      const file = `${folder}/caddy/Caddyfile.next`;
      const adapted = run("caddy", ["adapt", "--adapter", "caddyfile", "--config", file], { env });
      expect(adapted.status, adapted.stderr).toBe(0);
      expect(run("caddy", ["fmt", "--diff", file], { env }).status).toBe(0);
    });
  });
});

describe("placeholders in the Caddyfile", () => {
  const account = { keyId: "{$ACME_KEY_ID}", macKey: "{$ACME_MAC_KEY}" };
  const props: CaddyOverlayProps = {
    tls: { kind: "acme", email: "it@campus.test", directory: "https://acme.campus.test/directory", account },
  };

  it("that Caddy's container does not have are findings", () => {
    const { errors } = synthesize((app) => new CaddyOverlay(new LambStack(app, "next"), "prod", props));
    expect(errors).toMatchObject([
      { code: "caddy-placeholder", construct: "next/prod/caddy", value: "ACME_KEY_ID" },
      { code: "caddy-placeholder", construct: "next/prod/caddy", value: "ACME_MAC_KEY" },
    ]);
  });

  it("are none once it has them, and the operator is asked for them", () => {
    const synthesis = synthesize((app) => {
      const { caddy } = new CaddyOverlay(new LambStack(app, "next"), "prod", props);
      for (const name of ["ACME_KEY_ID", "ACME_MAC_KEY"]) {
        caddy.setEnvironment(
          name,
          new EnvVar(name, { meaning: "account at the authority", required: true, secret: true }),
        );
      }
    });
    expect(synthesis.errors).toEqual([]);
    expect(synthesis.files.get(".env.next.example")).toMatch(/^ACME_KEY_ID=\n/m);
  });
});

describe("GpuOverlay", () => {
  it("for nobody is a finding", () => {
    const { errors } = synthesize((app) => new GpuOverlay(new LambStack(app, "next")));
    expect(errors).toMatchObject([{ code: "gpu-for-nobody", construct: "next/gpu" }]);
  });

  it("holds nothing but the devices, for an Ollama that comes later, too", () => {
    const synthesis = synthesize((app) => {
      const stack = new LambStack(app, "next");
      new GpuOverlay(stack, "gpu", { count: 2 });
      new Ollama(stack);
    }).assertValid();
    const text = synthesis.files.get("docker-compose.next.gpu.yaml") ?? "";
    expect(text.split("\n").filter((line) => /^\S|^ {2}\S/.test(line) && !line.startsWith("#"))).toEqual([
      "services:",
      "  ollama:",
    ]);
    expect(text).toContain("count: 2\n");
  });
});

describeWith("docker-compose", "BackendAlias", () => {
  const all = synthesize((app) => {
    const stack = new LambStack(app, "next", { release: new LambRelease("0.7") });
    new BackendAlias(stack.lamb);
    new Ollama(stack);
    new CaddyOverlay(stack, "prod");
  }).assertValid();

  it("lets LAMB be found under its old name on every network of the stack, overlays or not", () => {
    const { networks } = service(model(all), "lamb");
    expect(networks["edge-lamb"]).toBeNull();
    for (const name of ["lamb-kb", "lamb-openwebui", "lamb-library-manager", "ollama-lamb"])
      expect(networks[name]?.aliases, name).toEqual(["backend"]);
  });

  it("says why it is there, and in which release it goes", () => {
    const text = all.files.get("docker-compose.next.yaml") ?? "";
    expect(text).toMatch(/# .*old stack.*\n(\s+# .*\n)*\s+- backend\n/);
    expect(text).toMatch(/Goes with LAMB 0\.8\./);
  });

  it("can be another name", () => {
    const other = synthesize((app) => new BackendAlias(new LambStack(app, "next").lamb, "lamb-backend"));
    expect(service(model(other), "lamb").networks["lamb-openwebui"]?.aliases).toEqual(["lamb-backend"]);
  });
});

describeWith("docker-compose", "Ollama", () => {
  const release = new LambRelease("0.6");
  const synthesis = synthesize((app) => new Ollama(new LambStack(app, "next", { release }))).assertValid();

  it("runs with its profile, which the template enables", () => {
    expect(synthesis.files.get(".env.next.example")).toMatch(/^COMPOSE_PROFILES=ollama$/m);
    const merged = model(synthesis, { profiles: [] });
    expect(service(merged, "ollama").profiles).toEqual(["ollama"]);
    const without = model(synthesis, { profiles: [], env: { COMPOSE_PROFILES: "" } });
    expect(Object.keys(without.services)).toEqual(["kb", "lamb", "openwebui"]);
  });

  it("is where LAMB, Open WebUI and the knowledge base ask, and nobody else reaches it", () => {
    const merged = model(synthesis);
    expect(service(merged, "lamb").environment).toMatchObject({
      OLLAMA_ENABLED: "true",
      OLLAMA_BASE_URL: "http://ollama:11434",
    });
    expect(service(merged, "openwebui").environment).toMatchObject({
      ENABLE_OLLAMA_API: "true",
      OLLAMA_BASE_URL: "http://ollama:11434",
    });
    expect(service(merged, "kb").environment).toMatchObject({
      EMBEDDINGS_VENDOR: "ollama",
      EMBEDDINGS_MODEL: "nomic-embed-text",
      EMBEDDINGS_ENDPOINT: "http://ollama:11434",
    });
    expect(service(merged, "ollama").ports).toEqual([]);
    expect(Object.keys(service(merged, "ollama").networks)).toEqual(["ollama-kb", "ollama-lamb", "ollama-openwebui"]);
  });

  it("is waited for when it runs, and does not keep the others from starting when it does not", () => {
    for (const name of ["lamb", "kb", "openwebui"]) {
      const { ollama } = service(model(synthesis), name).depends_on;
      expect(ollama).toEqual({ condition: "service_healthy", required: false });
    }
  });

  it("does not get the key of another provider", () => {
    const env = { OPENAI_API_KEY: "key-of-openai" };
    expect(service(model(synthesis, { env }), "kb").environment.EMBEDDINGS_APIKEY).toBe("");
    const without = synthesize((app) => new LambStack(app, "next"));
    expect(service(model(without, { env }), "kb").environment.EMBEDDINGS_APIKEY).toBe("key-of-openai");
  });

  it("can be another server's, as the operator's .env says", () => {
    const env = {
      OLLAMA_BASE_URL: "http://gpu.campus.test:11434",
      EMBEDDINGS_ENDPOINT: "http://gpu.campus.test:11434",
    };
    const merged = model(synthesis, { env });
    for (const name of ["lamb", "openwebui"]) {
      expect(service(merged, name).environment.OLLAMA_BASE_URL).toBe("http://gpu.campus.test:11434");
    }
    expect(service(merged, "kb").environment.EMBEDDINGS_ENDPOINT).toBe("http://gpu.campus.test:11434");
  });

  it("can have another image, profile and name", () => {
    const app = new App();
    const image = new Image("registry.campus.example/ollama", { tag: "0.12.6" });
    new Ollama(new LambStack(app, "next"), "models", { image, profile: "local" });
    const other = app.synth().assertValid();
    expect(other.files.get(".env.next.example")).toMatch(/^COMPOSE_PROFILES=local$/m);
    expect(service(model(other), "models")).toMatchObject({ image: "registry.campus.example/ollama:0.12.6" });
    expect(service(model(other), "lamb").environment.OLLAMA_BASE_URL).toBe("http://models:11434");
  });
});

describe("a stack to publish", () => {
  const synthesis = synthesize((app) => new CaddyOverlay(new LambStack(app, "next", { publishable: true }), "prod"));
  const [files, limits] = [
    ["docker-compose.next.yaml"],
    ["docker-compose.next.yaml", "docker-compose.next.memory.yaml"],
  ];

  // Docker Compose 5.6: `docker compose -f docker-compose.next.yaml publish registry.test/lamb:1` says `invalid size: '${…}'`
  // of a variable in mem_limit, and `invalid hostPort: ${…}` of one in a short port.
  it("has no variable in a file that goes where publish takes none", () => {
    for (const file of ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"]) {
      expect(synthesis.assertValid().files.get(file)).not.toMatch(/mem_limit|^ +- "?[^ ]*\$\{[A-Z_:0-9-]+\}:\d+"?$/m);
    }
  });

  it("has the operator's limits and ports all the same", () => {
    const env = { KB_MEMORY_LIMIT: "2g", KB_PORT: "7777" };
    expect(service(model(synthesis, { files: limits, env }), "kb")).toMatchObject({
      mem_limit: String(2 * 2 ** 30),
      ports: [{ host_ip: "127.0.0.1", published: "7777", target: 9090 }],
    });
    expect(service(model(synthesis, { files, env }), "kb").mem_limit).toBeUndefined();
    const plain = synthesize((app) => new LambStack(app, "next"));
    expect(model(synthesis, { files: limits, env })).toEqual(model(plain, { files, env }));
  });
});

it("the library takes what the proxy lets through, when a program says how much that is", () => {
  const limits = (bytes?: number) => {
    const app = new App();
    const stack = new LambStack(app, "next", { release: new LambRelease("0.7") });
    new CaddyOverlay(stack, "prod", bytes === undefined ? {} : { site: { maxBodyBytes: bytes } });
    const text = app.synth().files.get("docker-compose.next.prod.yaml") ?? "";
    return [...text.matchAll(/(MAX_\w+SIZE_BYTES): "(\d+)"/g)].map(([, name, value]) => [name, Number(value)]);
  };
  const MIB = 1024 * 1024;
  expect(limits()).toEqual([]);
  expect(limits(801 * MIB)).toEqual([["MAX_UPLOAD_SIZE_BYTES", 800 * MIB]]);
  expect(limits(51 * MIB)).toEqual([
    ["MAX_UPLOAD_SIZE_BYTES", 50 * MIB],
    ["MAX_ZIP_IMPORT_SIZE_BYTES", 50 * MIB],
  ]);
});
