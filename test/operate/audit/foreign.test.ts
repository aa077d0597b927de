import { describe, expect, it } from "vitest";
import { audit } from "../../../lib/operate/audit/audit";
import { reportFindings } from "../../../lib/policy/report";

/** What a service has against which no rule has anything; it speaks with nobody. */
const SOUND = {
  image: `shop:1.0@sha256:${"a".repeat(64)}`,
  restart: "unless-stopped",
  healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1/ready"] },
  stop_grace_period: "30s",
  logging: { driver: "local" },
  security_opt: ["no-new-privileges:true"],
  cap_drop: ["ALL"],
  read_only: true,
  pids_limit: 100,
};

type Services = { readonly [name: string]: object };

const text = (services: Services, more: object = {}) => JSON.stringify({ name: "n", services, ...more });

/** Codes and places, without who shares a network with whom. */
function found(compose: string, beside: { readonly [path: string]: string } = {}) {
  return audit([{ path: "compose.yaml", text: compose }], (path) => beside[path])
    .filter(({ code }) => code !== "reach")
    .map(({ code, severity, path }) => `${severity} ${code} ${path ?? ""}`);
}

// What Compose 2.40.3 says to `docker compose -f compose.yaml config -q` of each: nothing.
describe("what Compose takes and runs well is no finding", () => {
  const web = (props: object) => text({ web: { ...SOUND, ...props } });
  it.each<[what: string, compose: string]>([
    ["a variable that stands twice", web({ environment: ["A=1", "B=2", "A=1"] })],
    ["a port that is exposed twice", web({ expose: ["80", "80"] })],
    ["a port that stands twice", web({ ports: ["127.0.0.1:80:80", "127.0.0.1:80:80"] })],
    ["an address with ports that only the operator knows", web({ ports: ["127.0.0.1:${OUT}:${IN}"] })],
    ["one with ports that must be set", web({ ports: ["127.0.0.1:${OUT:?}:${IN:?}"] })],
    ["the path of a key", web({ environment: { TLS_PRIVATEKEY: "/etc/web/tls/server.key" } })],
    ["a default that names a service", text({ web: { ...SOUND, depends_on: ["${DB:-db}"] }, db: SOUND })],
    [
      "a model without settings",
      text({ web: { ...SOUND, models: { llm: null } } }, { models: { llm: { model: "ai/m" } } }),
    ],
    [
      "a proxy of another name",
      text({ edge: { ...SOUND, image: `traefik:v3.1@sha256:${"a".repeat(64)}`, ports: ["80:80", "443:443"] } }),
    ],
    ["what is offered to the world by its port", text({ edge: { ...SOUND, ports: ["80:8000", "443:8443", "25:25"] } })],
    ["what a base has", text({ base: SOUND, web: { extends: "base" } })],
    [
      "a service's own address",
      text({ "peer.example.com": { ...SOUND, environment: { A: "peer.example.com:7051" } } }),
    ],
    [
      "one container's name in two profiles",
      text({
        cpu: { ...SOUND, profiles: ["cpu"], container_name: "llm" },
        gpu: { ...SOUND, profiles: ["gpu"], container_name: "llm" },
      }),
    ],
  ])("%s", (_, compose) => {
    expect(found(compose)).toEqual([]);
  });

  // What Compose 2.40.3 makes of `docker compose --profile cpu config --services` of the two: cpu.
  it("services of which a command starts one: they share no network", () => {
    const both = text({ cpu: { ...SOUND, profiles: ["cpu"] }, gpu: { ...SOUND, profiles: ["gpu"] } });
    expect(audit([{ path: "compose.yaml", text: both }])).toEqual([]);
  });

  // What Compose 2.40.3 makes of `docker compose -f compose.yaml -f compose.override.yaml config`: one port.
  it("a port that stands in the override, too", () => {
    const ports = ["127.0.0.1:80:80"];
    const files = [
      { path: "compose.yaml", text: text({ web: { ...SOUND, ports } }) },
      { path: "compose.override.yaml", text: text({ web: { ports } }) },
    ];
    expect(audit(files)).toEqual([]);
  });

  it("a tag that takes away what a base has", () => {
    const lines = Object.entries({ ...SOUND, command: ["a"] }).map(
      ([key, value]) => `    ${key}: ${JSON.stringify(value)}`,
    );
    const compose = [
      "name: n",
      "services:",
      "  base:",
      ...lines,
      "  web:",
      "    extends: base",
      "    command: !reset null",
    ];
    expect(found(compose.join("\n"))).toEqual([]);
  });

  it("what a base of another file has", () => {
    const web = { extends: { file: "base.yaml", service: "base" } };
    expect(found(text({ web }), { "base.yaml": text({ base: SOUND }) })).toEqual([]);
  });
});

// What Compose 2.40.3 says beside that .env to `docker compose -f compose.yaml config -q` of the first one: nothing; without
// it: services.web.cpus: invalid float; no image. Of the second: invalid proto.
describe("variables", () => {
  const web = text({
    web: { ...SOUND, image: "${IMAGE}", cpus: "${CPUS}", ports: ["${ADDRESS}:80:80", "${PORT}:81"] },
  });
  const env = "IMAGE=shop:1.0\nCPUS=0.5\nADDRESS=127.0.0.1\nPORT=8081\n";
  const named = (value: string) =>
    audit([
      { path: "compose.yaml", text: web },
      { path: ".env", text: value },
    ]).map(({ code, path, value: got }) => [code, path, got].join(" "));

  it("have the values of the .env beside the file", () => {
    expect(found(web, { ".env": env })).toEqual(["error loopback-ports services.web.ports[1]"]);
  });

  it("have those of the .env that is looked at", () => {
    expect(named(env)).toContain("loopback-ports services.web.ports[1] 8081:81");
    expect(named(env.replace("8081", "nowhere"))).toContain("invalid-port services.web.ports[1] ");
  });

  it("have, where they may be secrets, their names for values", () => {
    const secrets = text({ web: { ...SOUND, ports: ["${DB_PASSWORD}:80"], user: "${API_TOKEN}", cpus: "${JWT_KEY}" } });
    const files = [{ path: "compose.yaml", text: secrets }];
    const read = () => "DB_PASSWORD=swordfish1\nAPI_TOKEN=swordfish2\nJWT_KEY=swordfish3\n";
    expect(JSON.stringify(audit(files, read))).not.toContain("swordfish");
    expect(audit(files, read).length).toBeGreaterThan(1);
  });
});

describe("a cause is one finding", () => {
  it("of a mount of the host", () => {
    const volumes = ["./data:/data", "/etc/ssl:/etc/ssl", "/var/run/docker.sock:/s"];
    expect(found(text({ web: { ...SOUND, volumes } }))).toEqual([
      "error no-source-mount services.web.volumes[0]",
      "error no-created-host-path services.web.volumes[1]",
      "error no-engine-socket services.web.volumes[2]",
    ]);
  });

  it("of a secret that everybody knows", () => {
    const environment = { DB_PASSWORD: "changeme", API_KEY: "${API_KEY}" };
    expect(found(text({ web: { ...SOUND, environment } }))).toEqual([
      "error required-secrets services.web.environment.API_KEY",
      "error no-public-secret services.web.environment.DB_PASSWORD",
    ]);
  });

  // `docker compose -f compose.yaml -f compose.override.yaml config`, 2.40.3, publishes 8000 and 8001.
  it("of a port, in the file that publishes it", () => {
    const base = ["services:", `  web: ${JSON.stringify(SOUND)}`];
    const files = new Map([
      ["compose.yaml", ["name: n", ...base, "    # x"].join("\n").replace(/}$/m, ', "ports": ["8000:80"]}')],
      ["compose.override.yaml", 'services:\n  web:\n    ports:\n      - "8001:80"\n'],
    ]);
    const findings = audit([...files].map(([path, text]) => ({ path, text })));
    expect(reportFindings(findings, "text", { files, lines: true }).split("\n").slice(0, 3)).toEqual([
      "error loopback-ports at 2 places",
      "    compose.yaml:3 services.web.ports[0] (got 8000:80)",
      "    compose.override.yaml:4 services.web.ports[1] (got 8001:80)",
    ]);
  });
});

describe("the report in lines", () => {
  const report = (compose: string) => {
    const findings = audit([{ path: "compose.yaml", text: compose }]);
    return reportFindings(findings, "text", { files: new Map([["compose.yaml", compose]]), lines: true });
  };
  const many = (props: object) =>
    Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { ...SOUND, ...props }]));

  it("says nothing of a sound stack of many services", () => {
    expect(report(text(many({ network_mode: "none" })))).toBe("");
  });

  it("names of one network, and of one key, the services with their lines", () => {
    const [start = "", ...lines] = Object.entries(many({})).flatMap(([name, { pids_limit: _, ...props }]) => [
      `  ${name}:`,
      ...Object.entries(props).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`),
    ]);
    expect(report(["name: n", "services:", start, ...lines].join("\n"))).toBe(`error reach at 4 places
    compose.yaml: a:3, b:12, c:21, d:30
  shares the network default with services that it does not talk to: an attacker who gets into one service can attack all that share a network with it (got default)
  fix: give each two that talk a network of their own, in a program with \`new Relation(file, id, one, other)\`
warning process-limit at 4 places
    compose.yaml: a:3, b:12, c:21, d:30
  may start processes without a limit: one service out of control makes the whole host unusable
  fix: set pids_limit
`);
  });

  it("names of many places a dozen, or all", () => {
    const services = Object.fromEntries(
      Array.from({ length: 15 }, (_, at) => [`s${at}`, { ...SOUND, read_only: false }]),
    );
    const files = new Map([["compose.yaml", text(services, { networks: { default: null } })]]);
    const findings = audit([...files].map(([path, text]) => ({ path, text }))).filter(({ code }) => code !== "reach");
    const said = (verbose: boolean) => reportFindings(findings, "text", { files, lines: true, verbose });
    expect(said(false)).toContain("s11:1\n    and 3 more: --verbose shows all\n");
    expect(said(true)).toContain("s14:1\n  can change");
  });

  it("names what differs, and breaks lines between places", () => {
    const compose = text(many({ network_mode: "none", ports: ["8080", "[::]::81"] }));
    const [, ...lines] = report(compose).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "    compose.yaml: a.ports[0]:1 (got 8080), a.ports[1]:1 (got :::81), b.ports[0]:1 (got 8080),",
      "     b.ports[1]:1 (got :::81), c.ports[0]:1 (got 8080), c.ports[1]:1 (got :::81),",
      "     d.ports[0]:1 (got 8080), d.ports[1]:1 (got :::81)",
    ]);
  });
});

describe("an included file", () => {
  const including = text({ web: SOUND }, { include: ["more.yaml"] });

  it("is looked at", () => {
    const more = text({ db: { ...SOUND, volumes: ["/var/run/docker.sock:/s"] } });
    expect(found(including, { "more.yaml": more })).toContain("error no-engine-socket services.db.volumes[0]");
  });

  // A line of `more.yaml` is told only where the same path stands in it.
  it.each<[what: string, compose: string, file: string]>([
    ["that brings it", text({}, { include: ["more.yaml"] }), "more.yaml"],
    ["of which one extends", text({ db: { extends: { file: "more.yaml", service: "db" } } }), "more.yaml"],
    ["that extends under another name", text({ a: { extends: { file: "more.yaml", service: "db" } } }), "compose.yaml"],
    ["that has no others", text({ db: { ...SOUND, volumes: ["/var/run/docker.sock:/s"] } }), "compose.yaml"],
  ])("findings name the file %s", (_, compose, file) => {
    const more = text({ db: { ...SOUND, volumes: ["/var/run/docker.sock:/s"] } });
    const findings = audit([{ path: "compose.yaml", text: compose }], (path) =>
      path === "more.yaml" ? more : undefined,
    );
    expect([...new Set(findings.map((finding) => finding.file))]).toEqual([file]);
  });

  it("findings name the file also of what stands in its lists, and the line", () => {
    const more = `services:
  db: ${JSON.stringify({ ...SOUND })}
  web:
    <<: ${JSON.stringify(SOUND)}
    networks: [one]
    environment:
      - A=1
      - DB_PASSWORD=changeme
networks: {one: , two: }
`;
    const compose = "name: n\ninclude: [more.yaml]\nservices: {}\n";
    const files = new Map([
      ["compose.yaml", compose],
      ["more.yaml", more],
    ]);
    const findings = audit([{ path: "compose.yaml", text: compose }], (path) => files.get(path));
    expect(reportFindings(findings, "text", { files, lines: true })).toMatch(
      /^error no-public-secret at more.yaml:8 services.web.environment.DB_PASSWORD\n/,
    );
  });

  it("is said to be missing", () => {
    expect(found(including)).toEqual(["warning file-not-read include[0]"]);
  });
});

it("an image may bring its healthcheck: that Compose refuses is not said", () => {
  const { healthcheck: _, ...dns } = SOUND;
  const compose = text({ dns, web: { ...SOUND, depends_on: { dns: { condition: "service_healthy" } } } });
  expect(found(compose)).toEqual([
    "warning no-healthcheck services.web.depends_on.dns",
    "warning healthcheck-present services.dns.healthcheck",
  ]);
});

// `docker compose -f compose.yaml config` with DATA=/data MOUNT=/mnt CERTS=/certs, 2.40.3: accepted.
it("mounts that only the operator knows are not refused for lying at one place", () => {
  const volumes = ["${DATA}:/data", "${MOUNT}:${MOUNT}", "${CERTS}:${CERTS}"];
  expect(found(text({ web: { ...SOUND, volumes } })).filter((line) => line.includes("compose-refuses"))).toEqual([]);
  // target /a already mounted as services.web.volumes[0]
  expect(
    found(text({ web: { ...SOUND, volumes: ["one:/a", "two:/a"] } }, { volumes: { one: null, two: null } })),
  ).toEqual(["error duplicate-mount services.web.volumes[1]"]);
});

it("a port and a mount of which something is unknown are named as they are written", () => {
  const ports = [
    "${ADDRESS}:${PORT}:${PORT}/tcp",
    "${PORT}:8000",
    { target: 80, published: "${PORT}" },
    "${SET:-81}:82",
  ];
  const volumes = ["${CONFIG}/web:/config", "${SET:-/srv}/web:/data"];
  const compose = text({ web: { ...SOUND, ports, volumes } });
  expect(audit([{ path: "compose.yaml", text: compose }]).map(({ value }) => value)).toEqual([
    "${CONFIG}/web:/config",
    "/srv/web",
    "${ADDRESS}:${PORT}:${PORT}/tcp",
    "${PORT}:8000",
    "${PORT}:80",
    "81:82",
  ]);
});

it("a service on the host's network is told to leave it", () => {
  expect(audit([{ path: "compose.yaml", text: text({ web: { ...SOUND, network_mode: "host" } }) }])).toMatchObject([
    { code: "loopback-ports", fix: "remove network_mode: host, and publish only the ports that others need" },
  ]);
});

it("a port that is a mapping is one finding", () => {
  const compose = text({ web: { ...SOUND, ports: [{ target: 80, published: { port: 80 }, host_ip: "127.0.0.1" }] } });
  expect(found(compose)).toEqual(["error schema services.web.ports[0].published"]);
});

// validating compose.yaml: services.web.environment.D invalid jsonType time.Time
it("a date without quotes is refused, as Compose refuses it", () => {
  const compose = "services:\n  web:\n    image: x\n    environment:\n      D: 2024-01-01\n";
  expect(() => found(compose)).toThrow(/services.web.environment.D is a date/);
});
