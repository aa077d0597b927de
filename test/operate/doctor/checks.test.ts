import { describe, expect, it } from "vitest";
import { thisProcess } from "../../../lib/disk/holder";
import { CHECKS } from "../../../lib/operate/doctor/doctor";
import { OperateError } from "../../../lib/operate/error";
import { answersOf, backups, type Changes, DIGEST, examined, IMAGE, OWN_ROW, OWN_VOLUME } from "./world";

const GIB = 2 ** 30;
const DAY_MS = 86_400_000;
const other = { Name: "/shop-old-1", Config: { Image: "x", Labels: { "com.docker.compose.service": "old" } } };
const container = (more: object) => ({
  Id: "c2",
  Image: "sha256:2",
  RestartCount: 0,
  State: { Status: "running", ExitCode: 0, StartedAt: "2026-01-01T00:00:00Z" },
  Mounts: [],
  ...more,
});
const bind = { Type: "bind", Source: "/srv/Caddyfile", Destination: "/etc/caddy/Caddyfile", RW: false };
const LOCK = JSON.stringify({
  "made by": "lamb-compose lock",
  version: 1,
  images: {
    "registry.example/web:1": {
      digest: `sha256:${"1".repeat(64)}`,
      mediaType: "application/vnd.oci.image.index.v1+json",
      platforms: ["linux/arm64"],
    },
  },
});

/** Who shows a certificate that ends then. */
const ending = (milliseconds: number) => ({
  certificate: async () => ({ end: new Date(Date.now() + milliseconds), fingerprint256: "AA" }),
});
const OUTSIDE = { page: { what: "the page answers", url: "https://shop.campus.org/", certificate: "certs/chain.pem" } };
/** Whether it has ended is not looked at here. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBbTCCAROgAwIBAgIUfGLqzhis1LOJrr5YLpth+WSwy8gwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAeFw0yNjExMjcwNDQxNDBaFw0yNjExMjgwNDQxNDBaMAwx
CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8vlLmmrw9sydX
Uaa8x+nwm6XWaLVIWyJrWOEoelANBumOSEL+aHfeKbyamQ1oRH7vrAhEBIaW/mtH
Qq/+MiIwo1MwUTAdBgNVHQ4EFgQU1dB0vaeO0tY6PRE3M35gD3f2/IcwHwYDVR0j
BBgwFoAU1dB0vaeO0tY6PRE3M35gD3f2/IcwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNIADBFAiATBLnujtQhWDtaX+XXZf80N6HSrWOmzdQ8HIc+THQ/qQIh
ALsdYQNuKecMVWlJIizdoskNE8u+C2TzNa10PO2O9EBd
-----END CERTIFICATE-----
`;

const QUEUE = { what: "the queue is empty", why: "orders wait", fix: "look", service: "web", command: "queue --check" };
const QUEUED = "web: this does not hold: the queue is empty: orders wait / look";

const CUT_OFF = JSON.stringify({
  version: 1,
  operation: "up",
  began: "2026-01-01T00:00:00Z",
  direction: "forward",
  step: "start db",
  facts: {},
});

const BOTH = [OWN_VOLUME, { Name: "old_data", Labels: OWN_VOLUME.Labels.replace("=shop", "=old") }];
const sizes = (volumes: Readonly<Record<string, string>>) => ({
  when: "system df",
  stdout: JSON.stringify({ Volumes: Object.entries(volumes).map(([Name, Size]) => ({ Name, Size })) }),
});

const ROOTLESS = { SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] };
const GATEWAY = { extra_hosts: ["host.docker.internal=host-gateway"] };
const GONE = { when: "image inspect", stdout: "[]", stderr: "Error: No such image", code: 1 };
const UNKNOWN = new OperateError({ code: "unknown-image", reason: "is not there", fix: "x" });

/** What makes exactly one check say something, how bad that is, and a part of its words. */
const BROKEN: Readonly<Record<string, readonly (readonly [severity: string, changes: Changes, words: string])[]>> = {
  "engine-version": [["error", { engine: "24.0.9" }, "the engine is 24.0.9"]],
  "compose-version": [
    ["error", { compose: "v2.24.3" }, "Compose is v2.24.3"],
    ["error", { compose: "2.9.0" }, "Compose is 2.9.0"],
    ["error", { compose: "2.39.4" }, "compose.yaml: is for Compose 2.40.0 and newer, and this one is 2.39.4"],
  ],
  "not-snap": [["error", { info: { DockerRootDir: "/var/snap/docker/common/var-lib-docker" } }, "as a snap"]],
  "rootless-ports": [
    [
      "error",
      {
        info: ROOTLESS,
        web: { ports: [{ target: 80, published: "80" }] },
        rows: [{ ...OWN_ROW, Ports: "0.0.0.0:80->80/tcp" }],
      },
      "port 80: the engine is rootless",
    ],
  ],
  "rootless-host-gateway": [
    ["warning", { info: ROOTLESS, web: GATEWAY }, "web: would look for this host in the engine's own network"],
  ],
  "images-by-digest": [
    ["advice", { web: { image: "registry.example/web:1" } }, "registry.example/web:1: is a tag, and no digest"],
  ],
  "images-there": [
    [
      "error",
      { answers: [GONE], digest: async () => Promise.reject(UNKNOWN) },
      `${IMAGE}: is not on this host, and its registry does not have it`,
    ],
  ],
  "not-desktop": [["warning", { info: { OperatingSystem: "Docker Desktop" } }, "Docker Desktop"]],
  "live-restore": [["advice", { info: { LiveRestoreEnabled: false } }, "live-restore is off"]],
  "memory-limits": [["warning", { info: { MemoryLimit: false } }, "web: its memory limit"]],
  "selinux-labels": [
    [
      "error",
      {
        info: { SecurityOptions: ["name=selinux"] },
        web: { volumes: [{ type: "bind", source: "/srv/x", target: "/x" }] },
      },
      "web: /srv/x: is mounted without an SELinux label",
    ],
  ],
  platforms: [["error", { files: { "images.lock.json": LOCK } }, "is for linux/arm64, and this host is linux/amd64"]],
  "volumes-local": [
    ["error", { space: { type: 0x6969 } }, "lies on NFS"],
    ["error", { space: { type: 0xff534d42 } }, "lies on CIFS"],
  ],
  "disk-free": [
    ["warning", { space: { freeBytes: 4 * GIB } }, "has 4.0 GiB left of 100.0 GiB"],
    ["error", { space: { freeBytes: GIB / 2 } }, "has 0.5 GiB left"],
    ["warning", { space: { freeInodes: 10 } }, "has 10 inodes left of 1000"],
  ],
  memory: [
    ["warning", { info: { MemTotal: GIB }, web: { mem_limit: "1" } }, "the host has 1.0 GiB"],
    ["warning", { web: { mem_limit: String(9 * GIB) } }, "may use 9.0 GiB together, and the host has 8.0 GiB"],
  ],
  "names-resolve": [["warning", { host: { addresses: async () => [] } }, "shop.example: has no address"]],
  "names-lead-here": [
    [
      "advice",
      { host: { addresses: async () => ["203.0.113.7"] } },
      "shop.example: leads to 203.0.113.7, which this host",
    ],
    [
      "warning",
      { host: { addresses: async () => ["192.0.2.1", "2001:db8::bad"] } },
      "shop.example: leads to 2001:db8::bad, too, which this host does not have / remove those A or AAAA records",
    ],
    [
      "warning",
      { host: { reaches: async (host: string) => !host.includes("2001:") } },
      "shop.example: answers at port 443 of some of its addresses, and not of 2001:db8::1",
    ],
  ],
  "certificate-lasts": [
    ["warning", { host: ending(13.5 * DAY_MS) }, "expires in 13 days"],
    ["error", { host: ending(-1) }, "its certificate has expired"],
  ],
  "certificate-served": [
    [
      "warning",
      {
        facts: { outside: OUTSIDE },
        host: { text: async (path) => (/\/certs\/chain\.pem$/.test(path) ? CERTIFICATE : undefined) },
      },
      "shop.campus.org: shows another certificate than that in certs/chain.pem / run `lamb-compose up`",
    ],
  ],
  "names-outside": [
    [
      "advice",
      { facts: { outside: OUTSIDE }, host: { addressesOutside: async () => ["203.0.113.7"] } },
      "shop.campus.org: leads to 203.0.113.7 for the rest of the world, and leads to 192.0.2.1 and 2001:db8::1 here",
    ],
    [
      "advice",
      { facts: { outside: OUTSIDE }, host: { addressesOutside: async () => [] } },
      "shop.campus.org: has no address for the rest of the world",
    ],
  ],
  clock: [
    ["warning", { host: { clockOffset: async () => -60 } }, "60 s slow"],
    ["error", { host: { clockOffset: async () => 600 } }, "600 s fast"],
  ],
  firewall: [
    [
      "advice",
      { texts: { "/etc/ufw/ufw.conf": "ENABLED=yes\n" } },
      "web: 8000: is open to everybody, whatever ufw says",
    ],
    ["advice", { texts: { "/run/firewalld.pid": "1" } }, "whatever firewalld says"],
  ],
  "ports-free": [
    [
      "error",
      { rows: [{ Names: "nginx", Ports: "0.0.0.0:8000->80/tcp", Labels: "com.docker.compose.project=site" }] },
      "web: 8000/tcp: the container nginx of the project site has it",
    ],
    [
      "error",
      { rows: [{ Names: "range", Ports: "[::]:7000-9000->7000-9000/tcp", Labels: "" }] },
      "the container range has it",
    ],
    [
      "error",
      { rows: [], host: { listeners: async () => [{ address: "::", port: 8000, protocol: "tcp" }] } },
      "web: 8000/tcp: a program on this host uses it",
    ],
  ],
  "registries-reached": [["warning", { host: { reaches: async () => false } }, "registry.example: does not answer"]],
  "addresses-reached": [
    [
      "warning",
      {
        web: {
          environment: { MODELS: "https://models.campus.org/v1", NEAR: "http://db:80", OWN: "https://shop.campus.org" },
        },
        facts: { outside: OUTSIDE },
        host: { reaches: async (host) => !host.startsWith("models.") },
      },
      "web: models.campus.org does not answer this host",
    ],
    [
      "warning",
      {
        facts: { outside: { page: { ...OUTSIDE.page, authority: "https://acme.campus.org:444/directory" } } },
        host: { reaches: async (_, port) => port !== 444 },
      },
      "certificates: acme.campus.org:444 does not answer this host",
    ],
  ],
  "files-unedited": [
    ["warning", { files: { "compose.yaml": "services: { a: { image: x } }\n" } }, "compose.yaml: was changed by hand"],
  ],
  "own-checks": [
    ["warning", { facts: { checks: { "web queue": QUEUE } }, answers: [{ when: "exec c1 queue", code: 1 }] }, QUEUED],
    [
      "error",
      {
        facts: { checks: { "web queue": { ...QUEUE, severity: "error" } } },
        answers: [{ when: "exec c1 queue", code: 2, stderr: "password" }],
      },
      QUEUED,
    ],
  ],
  "one-release": [
    [
      "error",
      {
        answers: [
          {
            when: "compose config --format json",
            stdout: JSON.stringify({
              name: "shop",
              services: {
                web: { image: `ghcr.io/x/lamb:v0.6@${DIGEST}` },
                kb: { image: `mirror.example/lamb-kb:v0.7@${DIGEST}` },
              },
            }),
          },
        ],
        more: [
          container({ Name: "/shop-kb-1", Config: { Image: "x", Labels: { "com.docker.compose.service": "kb" } } }),
        ],
      },
      "the images are of several: web v0.6, kb v0.7",
    ],
  ],
  "data-owned": [
    [
      "error",
      {
        container: { Mounts: [{ Type: "volume", Name: "shop_data", Destination: "/data", RW: true }] },
        texts: { "/proc/7/status": "Name:\tx\nUid:\t1001\t1001\t1001\t1001\n" },
      },
      "web: /data: belongs to the user 0, and the service runs as 1001",
    ],
  ],
  swap: [["advice", { texts: { "/proc/meminfo": "SwapTotal:       0 kB\n" } }, "8.0 GiB of memory, and no swap"]],
  "proxy-passed-on": [
    ["advice", { info: { HttpsProxy: "http://proxy.example:3128" } }, "web: knows nothing of the engine's proxy"],
    [
      "warning",
      {
        container: {
          Config: {
            Image: "x",
            Env: ["https_proxy=http://proxy.example:3128", "NO_PROXY=localhost,a"],
            Labels: { "com.docker.compose.service": "web", "com.docker.compose.config-hash": "aa" },
          },
        },
        answers: [
          {
            when: "compose config --format json",
            stdout: JSON.stringify({ name: "shop", services: { web: { image: IMAGE }, a: {}, b: {} } }),
          },
        ],
        more: ["a", "b"].map((name) =>
          container({
            Name: `/shop-${name}-1`,
            Config: { Image: "x", Labels: { "com.docker.compose.service": name } },
          }),
        ),
      },
      "web: asks its neighbours through the proxy / add to its NO_PROXY: b",
    ],
  ],
  "backup-recent": [
    ["advice", { files: { ".lamb-compose/backups.json": null } }, "none was made with this tool"],
    ["warning", { files: { ".lamb-compose/backups.json": backups(27.5, "read") } }, "the last one is 27 hours old"],
    ["warning", { files: { ".lamb-compose/backups.json": backups(1) } }, "the last one was not verified"],
    [
      "warning",
      { files: { ".lamb-compose/backups.json": backups(-2, "read") } },
      "the last one is of a time to come, ",
    ],
  ],
  "release-good": [
    [
      "warning",
      { facts: { releases: { Shop: { version: "3.0", retracted: "loses orders" } } } },
      "Shop 3.0: was retracted: loses orders",
    ],
  ],
  "env-complete": [
    ["error", { files: { ".env": null } }, ".env: is not there"],
    ["warning", { files: { ".env": "nonsense\n" } }, "line 1"],
  ],
  "env-private": [["error", { envMode: 0o644 }, "other users of this host can read it"]],
  "nothing-cut-off": [
    [
      "error",
      { files: { ".lamb-compose/operation.json": CUT_OFF } },
      'was interrupted at "start db" / run `lamb-compose up` again',
    ],
  ],
  "services-well": [
    ["error", { state: { Paused: true } }, "web: is paused"],
    ["error", { state: { Health: { Status: "unhealthy" } } }, "web: fails its healthcheck"],
    ["error", { state: { Status: "restarting" } }, "web: ends again and again"],
    ["error", { state: { Status: "created" } }, "web: was created and never started"],
    ["error", { state: { Status: "exited", ExitCode: 1 } }, "web: has ended with a failure (exited (1))"],
    ["error", { state: { Status: "exited", ExitCode: 137, OOMKilled: true } }, "it took more memory than it may"],
    ["warning", { state: { Status: "exited" } }, "web: is stopped"],
  ],
  "no-restarts": [["warning", { container: { RestartCount: 3 } }, "web: was restarted 3 times"]],
  "deployed-files": [
    ["warning", { hash: "bb" }, "web: runs with older settings"],
    [
      "warning",
      { container: { Image: "sha256:0" } },
      `web: runs another image than ${IMAGE} means on this host by now`,
    ],
  ],
  "no-orphans": [["warning", { more: [container(other)] }, "shop-old-1: belongs to no service"]],
  "all-running": [
    [
      "error",
      {
        container: { Config: { Image: "x", Labels: { "com.docker.compose.service": "db" } } },
        answers: [
          {
            when: "compose config --format json",
            stdout: JSON.stringify({ name: "shop", services: { web: { image: IMAGE }, db: {} } }),
          },
        ],
      },
      "web: has no container",
    ],
  ],
  "settings-current": [
    [
      "error",
      {
        facts: {
          reloads: { web: { label: "x", command: "reload", inForce: "get settings", inFiles: "read settings" } },
        },
        answers: [
          { when: "exec c1 get settings", stdout: '{"a":1,"b":2}' },
          { when: "exec c1 read settings", stdout: '{"b":2,"a":3}' },
        ],
      },
      "web: works with other settings than those on the disk",
    ],
  ],
  "mounts-current": [
    [
      "error",
      {
        container: { Mounts: [bind] },
        host: { identity: async (path: string) => (path.startsWith("/proc/7/root/") ? "1:2" : "1:1") },
      },
      "web: /etc/caddy/Caddyfile: sees an older file",
    ],
  ],
  "volumes-here": [
    [
      "warning",
      { volumeRows: [{ Name: "old_data", Labels: OWN_VOLUME.Labels.replace("=shop", "=old") }] },
      "shop_data: is not there, and old_data of the project old is there / set COMPOSE_PROJECT_NAME=old in .env before the first `up`, if these are the data",
    ],
    [
      "warning",
      { volumeRows: BOTH, users: [], answers: [sizes({ shop_data: "0B", old_data: "1.2MB" })] },
      "shop_data: is empty, and old_data of the project old is not / set COMPOSE_PROJECT_NAME=old in .env before the first `up`, if these are the data",
    ],
  ],
  "volumes-ours": [
    [
      "error",
      { users: [OWN_ROW, { Names: "x-1", Labels: "com.docker.compose.project=x" }] },
      "shop_data: the container x-1 of the project x mounts it",
    ],
  ],
};

const fine = (ends: Readonly<Record<string, string>>) => Object.entries(ends).filter(([, end]) => end !== "ok");

describe("doctor", () => {
  it("finds nothing where all is well", async () => {
    const { ends, text } = await examined({});
    expect(text).toBe("");
    expect(Object.keys(ends)).toEqual(CHECKS.map(({ id }) => id));
    expect(fine(ends)).toEqual([]);
  });

  it("finds nothing where nothing runs yet", async () => {
    const { ends } = await examined({ container: null, rows: [], volumeRows: [], users: [] });
    expect(fine(ends)).toEqual([]);
  });

  it("lets a certificate of the deployment's own authority be short: that renews it by the hour", async () => {
    const soon = ending(3_600_000);
    const page = { what: "the page answers", url: "https://shop.example/", ownAuthority: true };
    expect(fine((await examined({ host: soon, facts: { outside: { page } } })).ends)).toEqual([]);
  });

  const cases = Object.entries(BROKEN).flatMap(([id, rows]) => rows.map((row) => [id, ...row] as const));
  it.each(cases)("%s says, and it alone: %s", async (id, severity, changes, words) => {
    const { ends, text } = await examined(changes);
    expect(text).toContain(words);
    expect(fine(ends)).toEqual([[id, severity]]);
  });

  it.each([
    ["the own one is full", { shop_data: "10kB", old_data: "1.2MB" }],
    ["both are empty", { shop_data: "0B", old_data: "0B" }],
    ["the engine does not say", {}],
  ])("passes over volumes of another project where %s", async (_, volumes) => {
    const { ends } = await examined({ volumeRows: BOTH, users: [], answers: [sizes(volumes)] });
    expect(fine(ends)).toEqual([]);
  });

  it("says once that the engine does not answer, and what it could not look at", async () => {
    const stderr = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    const dead = (when: string) => ({ when, stderr, code: 1 });
    const { ends, text } = await examined({
      answers: [...answersOf({}).filter(({ when }) => /^compose (?:version|config)/.test(when)), dead("")],
    });
    expect(text.split("\n")).toEqual([expect.stringContaining("the engine does not answer: Cannot connect")]);
    expect(fine(ends).filter(([, end]) => end !== "unknown")).toEqual([["engine-answers", "error"]]);
    expect(ends).toMatchObject({ "files-valid": "ok", "env-complete": "ok", "services-well": "unknown" });
  });

  it("says that there is no Compose, in words that are not about the files", async () => {
    const { ends } = await examined({
      answers: [{ when: "compose", stderr: "docker: unknown command: docker compose", code: 1 }],
    });
    expect(fine(ends).filter(([, end]) => end !== "unknown")).toEqual([["compose-version", "error"]]);
  });

  it("gives Compose's words where it refuses the files, and none of the .env", async () => {
    const refused = (stderr: string) => ({ when: "compose config", stderr, code: 1 });
    const image = await examined({
      answers: [refused("service web has neither an image nor a build context specified")],
    });
    expect(image.ends["files-valid"]).toBe("error");
    expect(image.text).toContain("neither an image nor a build context");
    const said = 'failed to read /srv/.env: line 2: unterminated quoted value "sk-secret';
    const env = await examined({ answers: [refused(said)] });
    expect(env.ends["files-valid"]).toBe("error");
    expect(env.text).not.toContain("sk-secret");
  });

  it("does not take an operation that is at work for one that was cut off", async () => {
    const { pid } = process;
    const { start, scope } = thisProcess();
    const lock = JSON.stringify({ pid, start, scope, id: "0".repeat(16) });
    const files = { ".lamb-compose/operation.json": CUT_OFF, ".lamb-compose/lock": lock };
    expect(fine((await examined({ files })).ends)).toEqual([]);
  });

  it("looks at the host alone where there is no deployment", async () => {
    const { ends } = await examined({ hostOnly: true, answers: [{ when: "compose config", code: 1 }] });
    expect(Object.keys(ends)).toEqual(CHECKS.filter(({ host }) => host).map(({ id }) => id));
    expect(fine(ends)).toEqual([]);
  });

  it("does not take an engine on another host for this one", async () => {
    const { ends } = await examined({ endpoint: "ssh://root@lamb.example" });
    const away = [
      "rootless-ports",
      "rootless-host-gateway",
      "volumes-local",
      "disk-free",
      "swap",
      "firewall",
      "mounts-current",
      "data-owned",
    ];
    expect(fine(ends)).toEqual(away.map((id) => [id, "unknown"]));
  });

  it("asks no registry for an image that is here, and believes an engine that says where this host is", async () => {
    const refused = async () => Promise.reject(UNKNOWN);
    expect(fine((await examined({ digest: refused })).ends)).toEqual([]);
    expect(fine((await examined({ answers: [GONE] })).ends)).toEqual([]);
    const texts = { ".config/docker/daemon.json": '{"host-gateway-ip": "10.0.2.2"}' };
    expect(fine((await examined({ info: ROOTLESS, web: GATEWAY, texts })).ends)).toEqual([]);
  });

  it("has a test that breaks each check", () => {
    const elsewhere = ["engine-answers", "files-valid", "layers-taken-out", "volumes-layout"];
    expect([...Object.keys(BROKEN), ...elsewhere].sort()).toEqual(CHECKS.map(({ id }) => id).sort());
  });
});
