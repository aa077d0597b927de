import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hashOf, manifestText } from "../../../lib/disk/manifest";
import { severityOf } from "../../../lib/operate/doctor/check";
import { examine } from "../../../lib/operate/doctor/doctor";
import type { Host, Space } from "../../../lib/operate/doctor/host";
import type { RegistryClient } from "../../../lib/operate/registry/client";
import { type Answer, FakeDocker } from "../engine/fake-docker";

const GIB = 2 ** 30;
/** The digest of the image of `web`. */
export const DIGEST = `sha256:${"1".repeat(64)}`;
/** That image, as the files name it. */
export const IMAGE = `registry.example/web:1@${DIGEST}`;
const COMPOSE = "# For Docker Compose 2.40.0 and newer.\n\nservices: {}\n";

/** What can be made other than well. What is left out is well. */
export interface Changes {
  readonly info?: Readonly<Record<string, unknown>>;
  readonly engine?: string;
  readonly compose?: string;
  readonly endpoint?: string;
  /** Changes the service `web` as Compose resolves it. */
  readonly web?: Readonly<Record<string, unknown>>;
  /** What the files say for the commands. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  /** Changes the container of `web`; `null` when there is none. */
  readonly container?: Readonly<Record<string, unknown>> | null;
  readonly state?: Readonly<Record<string, unknown>>;
  readonly more?: readonly Readonly<Record<string, unknown>>[];
  /** Rows of `docker ps`. */
  readonly rows?: readonly Readonly<Record<string, string>>[];
  /** Rows of `docker volume ls`. */
  readonly volumeRows?: readonly Readonly<Record<string, string>>[];
  /** Rows of `docker ps` of what mounts the volume. */
  readonly users?: readonly Readonly<Record<string, string>>[];
  readonly hash?: string;
  /** Come before all others. */
  readonly answers?: readonly Answer[];
  readonly host?: Partial<Host>;
  /** What registries say of an image. */
  readonly digest?: RegistryClient["digest"];
  readonly space?: Partial<Space>;
  readonly texts?: Readonly<Record<string, string>>;
  /** Files of the deployment; `null` takes one away. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly envMode?: number;
  readonly hostOnly?: boolean;
}

/** What Docker answers: that all is well, but for the changes. */
export function answersOf(changes: Changes): readonly Answer[] {
  const json = (when: string, value: unknown): Answer => ({ when, stdout: JSON.stringify(value) });
  const rows = (when: string, values: readonly unknown[]): Answer => {
    return { when, stdout: values.map((value) => `${JSON.stringify(value)}\n`).join("") };
  };
  const web = {
    image: IMAGE,
    ports: [{ mode: "ingress", target: 80, published: "8000", protocol: "tcp" }],
    volumes: [{ type: "volume", source: "data", target: "/data" }],
    mem_limit: String(GIB),
    restart: "unless-stopped",
    ...changes.web,
  };
  const container = {
    Id: "c1",
    Name: "/shop-web-1",
    Image: "sha256:1",
    RestartCount: 0,
    State: { Status: "running", Pid: 7, ExitCode: 0, StartedAt: "2026-01-01T00:00:00Z", ...changes.state },
    Config: {
      Image: web.image,
      Labels: { "com.docker.compose.service": "web", "com.docker.compose.config-hash": changes.hash ?? "aa" },
    },
    Mounts: [],
    ...changes.container,
  };
  const containers = changes.container === null ? [] : [container, ...(changes.more ?? [])];
  return [
    ...(changes.answers ?? []),
    json("compose version", { version: changes.compose ?? "2.40.3" }),
    json("compose config --format json", {
      name: "shop",
      services: { web },
      volumes: changes.volumes ?? { data: { name: "shop_data" } },
      "x-lamb-compose": { outside: { page: PAGE }, ...changes.facts },
    }),
    { when: "compose config --hash", stdout: "web aa\n" },
    json("container inspect", containers),
    json("version --format", { Client: { Version: "28.5.2" }, Server: { Version: changes.engine ?? "28.5.2+dfsg4" } }),
    json("info", {
      DockerRootDir: "/var/lib/docker",
      OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
      Architecture: "x86_64",
      OSType: "linux",
      MemTotal: 8 * GIB,
      MemoryLimit: true,
      LiveRestoreEnabled: true,
      SecurityOptions: ["name=seccomp,profile=builtin"],
      ...changes.info,
    }),
    json("image inspect", [{ Id: "sha256:1" }]),
    { when: "context inspect", stdout: `${changes.endpoint ?? "unix:///var/run/docker.sock"}\n` },
    { when: "ps --all --no-trunc --quiet", stdout: containers.map((_, at) => `c${at}\n`).join("") },
    rows("ps --all --filter volume=", changes.users ?? [OWN_ROW]),
    rows("ps --format json", changes.rows ?? [OWN_ROW]),
    rows("volume ls", changes.volumeRows ?? [OWN_VOLUME]),
  ];
}

/** What is remembered of one backup. */
export function backups(hours: number, verified?: string): string {
  const time = new Date(Date.now() - hours * 3_600_000).toISOString();
  return JSON.stringify({ version: 1, backups: [{ snapshot: "a", time, bytes: 1, added: 1, held: 0, verified }] });
}

const PAGE = { what: "the page answers", url: "https://shop.example/" };

export const OWN_ROW = {
  Names: "shop-web-1",
  Ports: "0.0.0.0:8000->80/tcp, [::]:8000->80/tcp",
  Labels: "a=1,com.docker.compose.project=shop",
};
export const OWN_VOLUME = {
  Name: "shop_data",
  Labels: "com.docker.compose.project=shop,com.docker.compose.volume=data",
};

const SPACE: Space = { freeBytes: 50 * GIB, totalBytes: 100 * GIB, freeInodes: 900, totalInodes: 1000, type: 0xef53 };

function hostOf({ host, space, texts = {} }: Changes): Host {
  return {
    space: async () => ({ ...SPACE, ...space }),
    text: async (path) => texts[path],
    identity: async () => "1:1",
    owner: async () => 0,
    listeners: async () => [],
    reaches: async () => true,
    addresses: async () => ["192.0.2.1", "2001:db8::1"],
    ownAddresses: () => ["127.0.0.1", "192.0.2.1", "2001:db8::1"],
    addressesOutside: async () => ["192.0.2.1", "2001:db8::1"],
    certificate: async () => ({ end: new Date(Date.now() + 30 * 86_400_000), fingerprint256: "AA" }),
    clockOffset: async () => 0.4,
    ...host,
  };
}

/** How a check ended, in a word. */
export type Ends = Readonly<Record<string, string>>;

/** What the checks say of a world in which all is well but for some changes, as id → severity, `ok` or `unknown`. */
export async function examined(changes: Changes): Promise<{ readonly ends: Ends; readonly text: string }> {
  const docker = new FakeDocker(answersOf(changes));
  const dir = mkdtempSync(join(tmpdir(), "lamb-compose-doctor-"));
  try {
    const manifest = new Map([["compose.yaml", [hashOf(COMPOSE)]]]);
    const files = {
      "compose.yaml": COMPOSE,
      ".env": "# nothing is asked for\n",
      ".lamb-compose.json": manifestText(manifest),
      ".lamb-compose/backups.json": backups(1, "read"),
      ...changes.files,
    };
    for (const [name, text] of Object.entries(files)) {
      if (text === null) continue;
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    if (files[".env"] !== null) chmodSync(join(dir, ".env"), changes.envMode ?? 0o600);
    const registries = { digest: changes.digest ?? (async () => DIGEST) };
    const options = { environment: docker.environment, host: hostOf(changes), registries };
    const results = await examine(changes.hostOnly === true ? options : { ...options, dir });
    const ends = results.map((result): [string, string] => {
      return [result.check.id, result.unknown === undefined ? (severityOf(result) ?? "ok") : "unknown"];
    });
    const text = results.flatMap(({ troubles }) => troubles.map((one) => `${one.subject}: ${one.reason} / ${one.fix}`));
    return { ends: Object.fromEntries(ends), text: text.join("\n") };
  } finally {
    docker.remove();
    rmSync(dir, { recursive: true, force: true });
  }
}
