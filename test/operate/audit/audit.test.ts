import { describe, expect, it } from "vitest";
import { audit } from "../../../lib/operate/audit/audit";
import { thrownBy } from "../../construct/support";
import { type Changes, filesWith, foundWith, isOpen } from "./audit-files";

const service = (name: string, change: object): Changes =>
  JSON.parse(JSON.stringify({ base: { services: { [name]: change } } }));
const without = (name: string, ...keys: string[]): Changes => ({
  base: { services: { [name]: Object.fromEntries(keys.map((key) => [key, undefined])) } },
});
const environment = (name: string, change: { readonly [name: string]: string | undefined }): Changes => ({
  base: { services: { [name]: { environment: change } } },
});
const at = (name: string, path: string) => `services.${name}.${path}`;

/** Number in the contract's section 5, what is wrong, how, and the one thing that must be found. */
const DEFECTS: readonly (readonly [number: number, what: string, changes: Changes, ...found: string[]])[] = [
  [
    1,
    "a template without a variable that Compose demands",
    { template: (text) => text.replace("LAMB_LIBRARY_TOKEN=\n", "") },
    "template-lacks-variable LAMB_LIBRARY_TOKEN",
  ],
  [
    2,
    "a secret that may be empty",
    environment("lamb", { LAMB_BEARER_TOKEN: "${LAMB_BEARER_TOKEN?set it}" }),
    `required-secrets ${at("lamb", "environment.LAMB_BEARER_TOKEN")}`,
  ],
  [
    2,
    "a path that may be empty",
    { ...environment("lamb", { OWI_PATH: "${OWI_PATH?set it}" }), template: (text) => `${text}OWI_PATH=\n` },
    `required-not-empty ${at("lamb", "environment.OWI_PATH")}`,
  ],
  [
    2,
    "a template that brings a placeholder for a secret",
    { template: (text) => text.replace("LTI_SECRET=", "LTI_SECRET=CHANGE_ME_strong_random_secret") },
    "template-public-secret line 5",
  ],
  [
    3,
    "a template with a variable that nothing reads",
    { template: (text) => `${text}# DEV_MODE=false\n` },
    "template-unused-variable line 20",
  ],
  [
    4,
    "a variable that the template does not have",
    { template: (text) => text.replace(/# KB_HOME_URL=.*\n/, "") },
    "template-lacks-variable KB_HOME_URL",
  ],
  [4, "a variable twice", { template: (text) => `${text}# OPENAI_API_KEY=\n` }, "template-duplicate line 20"],
  [
    5,
    "LAMB without a secret for its sessions",
    {
      ...environment("lamb", { LAMB_JWT_SECRET: undefined }),
      template: (text) => text.replace("LAMB_JWT_SECRET=\n", ""),
    },
    `needed-variables ${at("lamb", "environment.LAMB_JWT_SECRET")}`,
  ],
  [
    6,
    "a port that moves the probe only",
    { ...environment("kb", { PORT: "${KB_PORT:-9090}" }), template: (text) => `${text}# KB_PORT=9090\n` },
    `fixed-values ${at("kb", "environment.PORT")}`,
  ],
  [7, "a port on every interface", service("kb", { ports: ["9090:9090"] }), `loopback-ports ${at("kb", "ports[0]")}`],
  [
    8,
    "an image that floats",
    { base: { services: { openwebui: { image: "ghcr.io/lamb-project/openwebui:latest" } } } },
    `image-pinned ${at("openwebui", "image")}`,
    `lock-step ${at("openwebui", "image")}`,
  ],
  [
    9,
    "a build beside an image",
    service("lamb", { build: { context: "." } }),
    `image-not-built ${at("lamb", "build")}`,
  ],
  [
    10,
    "no healthcheck",
    without("kb", "healthcheck"),
    `no-healthcheck ${at("lamb", "depends_on.kb")}`,
    `no-healthcheck ${at("caddy", "depends_on.kb")}`,
    `healthcheck-present ${at("kb", "healthcheck")}`,
  ],
  [
    10,
    "a probe of LAMB that is a constant",
    service("lamb", { healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1:9099/status"] } }),
    `meaningful-healthcheck ${at("lamb", "healthcheck.test")}`,
  ],
  [
    10,
    "a probe of the knowledge base that is a constant",
    service("kb", { healthcheck: { test: "curl -f http://127.0.0.1:9090/health" } }),
    `meaningful-healthcheck ${at("kb", "healthcheck.test")}`,
  ],
  [
    10,
    "a probe of Open WebUI that is a constant",
    service("openwebui", { healthcheck: { test: ["CMD", "curl", "-sf", "http://localhost:8080/health"] } }),
    `meaningful-healthcheck ${at("openwebui", "healthcheck.test")}`,
  ],
  [
    10,
    "a probe of the library manager that cannot fail",
    service("library-manager", { healthcheck: { test: ["CMD", "curl", "-sf", "http://localhost:9091/health"] } }),
    `meaningful-healthcheck ${at("library-manager", "healthcheck.test")}`,
  ],
  [
    10,
    "a service awaited as a process",
    service("lamb", { depends_on: { kb: { condition: "service_started" } } }),
    `waits-for-health ${at("lamb", "depends_on.kb")}`,
  ],
  [
    10,
    "Open WebUI not awaited",
    { base: { services: { lamb: { depends_on: { openwebui: undefined } } } } },
    `waits-for ${at("lamb", "depends_on")}`,
  ],
  [
    11,
    "uploads in no volume",
    { base: { services: { lamb: { volumes: ["lamb-data:/data/lamb", "openwebui-data:/data/openwebui"] } } } },
    `data-kept ${at("lamb", "volumes")}`,
  ],
  [
    11,
    "logs in the container",
    environment("lamb", { LAMB_DB_PATH: undefined }),
    `needed-variables ${at("lamb", "environment.LAMB_DB_PATH")}`,
  ],
  [
    11,
    "a secret in the container",
    {
      ...environment("openwebui", { WEBUI_SECRET_KEY: undefined }),
      template: (text) => text.replace("WEBUI_SECRET_KEY=\n", ""),
    },
    `needed-variables ${at("openwebui", "environment.WEBUI_SECRET_KEY")}`,
  ],
  [
    12,
    "Open WebUI not connected",
    environment("openwebui", { OPENAI_API_BASE_URLS: undefined }),
    `needed-variables ${at("openwebui", "environment.OPENAI_API_BASE_URLS")}`,
  ],
  [
    12,
    "an address of a service that is not there",
    environment("lamb", { OLLAMA_BASE_URL: "http://ollama:11434" }),
    `address-reachable ${at("lamb", "environment.OLLAMA_BASE_URL")}`,
  ],
  [
    13,
    "the host without a name",
    without("kb", "extra_hosts"),
    `address-reachable ${at("kb", "environment.FIRECRAWL_API_URL")}`,
  ],
  [
    14,
    "a header that the operator may choose",
    {
      ...environment("openwebui", { WEBUI_AUTH_TRUSTED_EMAIL_HEADER: "${WEBUI_EMAIL_HEADER:-X-User-Email}" }),
      template: (text) => `${text}# WEBUI_EMAIL_HEADER=\n`,
    },
    `fixed-values ${at("openwebui", "environment.WEBUI_AUTH_TRUSTED_EMAIL_HEADER")}`,
  ],
  [
    14,
    "sign-up for everybody",
    environment("openwebui", { ENABLE_SIGNUP: undefined }),
    `needed-variables ${at("openwebui", "environment.ENABLE_SIGNUP")}`,
  ],
  [
    14,
    "sign-up that somebody turned on",
    environment("openwebui", { ENABLE_SIGNUP: "true" }),
    `fixed-values ${at("openwebui", "environment.ENABLE_SIGNUP")}`,
  ],
  [15, "no time to stop", without("kb", "stop_grace_period"), `stop-grace ${at("kb", "stop_grace_period")}`],
  [15, "logs without a bound", without("kb", "logging"), `bounded-logs ${at("kb", "logging")}`],
  [15, "rights that grow", without("kb", "security_opt"), `no-new-privileges ${at("kb", "security_opt")}`],
  [15, "rights that nobody needs", without("kb", "cap_drop"), `dropped-capabilities ${at("kb", "cap_drop")}`],
  [
    15,
    "a root that can be written",
    without("library-manager", "read_only"),
    `read-only-root ${at("library-manager", "read_only")}`,
  ],
  [15, "processes without end", without("kb", "pids_limit"), `process-limit ${at("kb", "pids_limit")}`],
  [
    15,
    "a network for all",
    service("openwebui", { networks: ["default", "library"] }),
    `reach ${at("openwebui", "networks.library")}`,
  ],
  [
    19,
    "a port of the base that stays open",
    { prod: { services: { openwebui: { ports: ["8080:8080"] } } } },
    `loopback-ports ${at("openwebui", "ports[0]")}`,
  ],
  [
    20,
    "an address of the own machine",
    { prod: { services: { kb: { environment: undefined } } } },
    `public-addresses ${at("kb", "environment.HOME_URL")}`,
  ],
  [
    21,
    "a host of nobody",
    {
      prod: { services: { caddy: { environment: { LAMB_PUBLIC_HOST: "${LAMB_PUBLIC_HOST:-lamb.yourdomain.com}" } } } },
    },
    `no-placeholder ${at("caddy", "environment.LAMB_PUBLIC_HOST")}`,
  ],
  [
    22,
    "a proxy that waits for a process",
    { prod: { services: { caddy: { depends_on: { lamb: { condition: "service_started" } } } } } },
    `waits-for-health ${at("caddy", "depends_on.lamb")}`,
  ],
  [
    22,
    "a proxy without a healthcheck",
    { prod: { services: { caddy: { healthcheck: undefined } } } },
    `healthcheck-present ${at("caddy", "healthcheck")}`,
  ],
  [
    23,
    "a file that becomes a folder",
    { prod: { services: { caddy: { volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro", "caddy-data:/data"] } } } },
    `no-created-host-path ${at("caddy", "volumes[0]")}`,
  ],
  [
    26,
    "no HTTP/3",
    { prod: { services: { caddy: { ports: ["80:80", "443:443"] } } } },
    `http3-published ${at("caddy", "ports")}`,
  ],
  [
    27,
    "an overlay that builds",
    { gpu: { services: { openwebui: { build: { context: "./open-webui", args: { USE_CUDA: "true" } } } } } },
    `image-not-built ${at("openwebui", "build")}`,
  ],
];

describe("audit", () => {
  it("finds nothing in a deployment in which nothing is wrong", () => {
    expect(foundWith()).toEqual([]);
  });

  it.each(DEFECTS.map(([number, what, changes, ...found]) => [number, what, changes, found] as const))(
    "finds defect %i: %s",
    (_, __, changes, found) => {
      expect(foundWith(changes)).toEqual(found);
    },
  );

  it("knows the one volume that two services must write, and says why", () => {
    const known = audit(filesWith()).filter((finding) => !isOpen(finding));
    expect(known.map(({ code, construct }) => [code, construct])).toEqual([
      ["one-writer", "docker-compose.yaml/openwebui"],
      ["read-only-root", "docker-compose.yaml/lamb"],
      ["read-only-root", "docker-compose.yaml/kb"],
    ]);
    for (const { suppression } of known) expect(suppression).not.toBe("");
  });

  it("knows the knowledge store and its graph of LAMB's branches, which no release has yet", () => {
    const text = `services:
  kb-server:
    image: ghcr.io/lamb-project/lamb-kb-server:v1
    environment: { LAMB_API_TOKEN: change-me-in-production, PORT: 9099 }
  neo4j:
    image: neo4j:5.26
    environment: { NEO4J_AUTH: "neo4j/\${KG_RAG_NEO4J_PASSWORD:-lamb-kg-rag-password}" }
`;
    const found = audit([{ path: "compose.yaml", text }]).map(({ code, path }) => `${code} ${path}`);
    expect(found).toEqual(
      expect.arrayContaining([
        "no-public-secret services.kb-server.environment.LAMB_API_TOKEN",
        "fixed-values services.kb-server.environment.PORT",
        "data-kept services.kb-server.volumes",
        "no-public-secret services.neo4j.environment.NEO4J_AUTH",
      ]),
    );
  });

  it("takes a third writer of the same volume for one too many", () => {
    expect(
      foundWith(
        service("kb", { volumes: ["kb-data:/app/backend/data", "kb-static:/app/backend/static", "openwebui-data:/x"] }),
      ),
    ).toEqual([`one-writer ${at("kb", "volumes[2]")}`]);
  });

  it("shows no secret, whether it stands in a file or in a template", () => {
    const secret = "lamb-lti-secret-key-2024";
    const findings = audit(
      filesWith({
        ...environment("lamb", { LTI_SECRET: `\${LTI_SECRET:-${secret}}` }),
        template: (text) => text.replace("LTI_SECRET=", `LTI_SECRET=${secret}`),
      }),
    );
    expect(findings.filter(isOpen).map(({ code, severity }) => [code, severity])).toEqual([
      ["no-public-secret", "error"],
      ["template-public-secret", "error"],
    ]);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });

  it("reads an overlay as Compose does, with its tags", () => {
    const [base, prod] = filesWith({ base: { services: { kb: { ports: ["9090:9090"] } } } });
    const text = "services:\n  kb:\n    ports: !reset []\n";
    const findings = audit([base, prod, { path: "docker-compose.closed.yml", text }].flatMap((file) => file ?? []));
    const files = findings.filter(({ code }) => code === "loopback-ports").map(({ file }) => file);
    expect(files).toEqual(["docker-compose.yaml"]);
    expect(findings.map(({ code }) => code)).not.toContain("tag-outside-overlay");
  });

  it("says what Compose would refuse", () => {
    expect(foundWith({ base: { services: { kb: { networks: ["nowhere"] } } } })).toContain(
      "dangling-reference services.kb.networks",
    );
  });

  it("names files as it was given them, also two of one name", () => {
    const [base] = filesWith();
    const text = base?.text.replace('"pids_limit": 500', '"pids_limit": 0') ?? "";
    const findings = audit([
      { path: "../one/compose.yaml", text },
      { path: "../two/compose.yaml", text },
    ]);
    expect(findings.filter(isOpen).map(({ code, file }) => [code, file])).toEqual([
      ["process-limit", "../one/compose.yaml"],
      ["process-limit", "../one/compose.yaml + ../two/compose.yaml"],
    ]);
  });

  it("looks at a template alone for what stands in it", () => {
    const findings = audit([
      { path: "deploy/.env.next.example", text: "A=1\nOWI_ADMIN_PASSWORD=admin\nHOST=lamb.yourdomain.com\n" },
    ]);
    expect(findings.map(({ code, path, value }) => [code, path, value])).toEqual([
      ["template-public-secret", "line 2", "OWI_ADMIN_PASSWORD"],
      ["template-placeholder", "line 3", "HOST"],
    ]);
  });

  it("does not guess what a file is", () => {
    expect(thrownBy(() => audit([{ path: "notes.txt", text: "" }]))).toMatchObject({ code: "unknown-kind" });
    expect(thrownBy(() => audit([{ path: "a.yaml", text: "services: [" }]))).toMatchObject({ code: "invalid-yaml" });
  });
});

describe("files that some releases refuse", () => {
  const hardened = (more: string) => `services:
  web:
    image: web:1.0@sha256:${"a".repeat(64)}
    restart: unless-stopped
    healthcheck: {test: [CMD, curl, -f, "http://127.0.0.1:80/ready"]}
    stop_grace_period: 30s
    logging: {driver: local}
    security_opt: ["no-new-privileges:true"]
    cap_drop: [ALL]
    read_only: true
    pids_limit: 100
${more}`;

  it("names the releases and what they say", () => {
    // docker compose 2.40.3 -f compose.yaml config -q: services.web conflicts with imported resource
    const text = `name: n\ninclude: [more.yaml]\n${hardened("    environment: {A: '1'}\n")}`;
    const findings = audit([{ path: "compose.yaml", text }], (path) =>
      path === "more.yaml" ? hardened("") : undefined,
    );
    expect(findings.map(({ code, reason }) => [code, reason])).toEqual([
      [
        "compose-refuses",
        "Docker Compose 2.40.0 to 5.5.0 would refuse these files: services.web conflicts with imported resource",
      ],
    ]);
  });

  it("says nothing of keys that older releases do not know: `needs` does", () => {
    const text = `name: n\n${hardened("    pre_start: [{command: a}]\n")}`;
    expect(audit([{ path: "compose.yaml", text }]).map(({ code }) => code)).toEqual([]);
  });

  it("reads several documents of a file", () => {
    // docker compose 2.40.3 -f compose.yaml config -q accepts it.
    const text = `name: n\n${hardened("")}---\nservices:\n  web:\n    privileged: true\n`;
    expect(audit([{ path: "compose.yaml", text }]).map(({ path }) => path)).toEqual(["services.web.privileged"]);
  });
});
