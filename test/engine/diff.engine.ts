import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { must, run } from "./run";
import { TinyImages } from "./tiny";

const IMAGE = "127.0.0.1:5000/diff/tiny:1";
const SECRET = "do-not-show-this-4711";

/** A service with each of the settings that are compared. */
const STACK = `services:
  web:
    image: ${IMAGE}
    command: ["/bin/busybox", "sleep", "1000000"]
    environment: { A_TOKEN: "\${A_TOKEN}", MODE: "a$$b", EMPTY: "" }
    labels: { own.label: first }
    restart: unless-stopped
    init: true
    read_only: true
    user: "1000:1000"
    mem_limit: 64m
    cpus: 0.5
    pids_limit: 50
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    security_opt: ["no-new-privileges:true"]
    extra_hosts: { "host.docker.internal": "host-gateway" }
    tmpfs: ["/tmp:size=1m", /scratch]
    logging: { driver: json-file, options: { max-size: 1m } }
    stop_grace_period: 1s
    ports: ["127.0.0.1:18123:80", "18124:81/udp"]
    networks: { front: { aliases: [other] }, back: }
    volumes: ["data:/data", "more:/more:ro", "./page:/page:ro"]
    healthcheck: { test: ["CMD", "/bin/busybox", "true"], interval: 1m30s, timeout: 3s, retries: 2, start_period: 5s, start_interval: 500ms }
  plain:
    image: ${IMAGE}
    network_mode: none
    volumes: [/nameless]
    configs: [text]
    secrets: [key]
networks: { front: {}, back: { internal: true, labels: { a: "b<c" } } }
volumes: { data: {}, more: { labels: { a: "b<c" } } }
configs: { text: { content: hello } }
secrets: { key: { file: ./page } }
`;

interface Found {
  readonly damage: string;
  readonly kind: string;
  readonly name: string;
  readonly fields: readonly { readonly path: string; readonly change: string; running?: string; files?: string }[];
}

describeWith("docker-engine", "diff --deployed", () => {
  let images: TinyImages;
  let one: Operated;
  const env = { ".env": `A_TOKEN=${SECRET}\n` };
  const rows = async (): Promise<readonly string[]> => {
    const { stdout } = await one.lamb("diff", "--deployed", "--json");
    const { differences }: { differences: readonly Found[] } = JSON.parse(stdout);
    return differences.map(({ damage, kind, name, fields }) => {
      const changed = fields.map(({ path, change, running = "", files = "" }) => {
        return ` ${change} ${path} ${running}>${files}`.replace(" >", " ").trimEnd();
      });
      return `${damage} ${kind} ${name}${changed.join("")}`.replaceAll(one.project, "p");
    });
  };
  beforeAll(async () => {
    images = await TinyImages.create();
    await images.push(IMAGE, "one");
  });
  beforeEach(async () => {
    one = await Operated.create({ "compose.yaml": STACK, page: "page", ...env });
    await one.compose("up", "--detach", "--wait");
  });
  afterEach(() => one?.remove());
  afterAll(() => images?.remove());

  it("finds nothing right after `up`, whatever the settings are", async () => {
    const { code, stdout } = await one.lamb("diff", "--deployed");
    expect([code, stdout]).toEqual([0, "what runs is what the files say\n"]);
  });

  it("names each field that differs, and what it costs; what can be a secret is not shown", async () => {
    const changed = STACK.replace("a$$b", "c")
      .replace('EMPTY: ""', "NEW: x")
      .replace("mem_limit: 64m", "mem_limit: 32m")
      .replace("18124:81/udp", "18125:81/udp")
      .replace(", back: }", " }");
    await one.write({ "compose.yaml": changed, ".env": "A_TOKEN=another-secret-1234\n" });
    expect(await rows()).toEqual([
      [
        "restart service web removed networks.p_back",
        "changed environment.A_TOKEN",
        "removed environment.EMPTY",
        "changed environment.MODE",
        "added environment.NEW",
        "removed ports.18124:81/udp",
        "added ports.18125:81/udp",
        "changed mem_limit 67108864>33554432",
      ].join(" "),
    ]);
    const { code, stdout } = await one.lamb("diff", "--deployed");
    expect([code, stdout]).toEqual([3, expect.stringContaining("  ~ environment.A_TOKEN\n")]);
    expect(stdout).not.toMatch(/do-not-show|another-secret/);
    // Compose agrees: this one service is made anew.
    const dry = await one.compose("--dry-run", "up", "--detach");
    expect(dry.stderr.match(/Container \S+ +Recreate$/gm)).toHaveLength(1);
  });

  it.each<[string, (text: string) => string, readonly string[]]>([
    [
      "the data are in another volume",
      (text) => text.replace("data: {}", "data: { name: elsewhere }"),
      ["data at risk service web changed volumes./data volume p_data>volume elsewhere"],
    ],
    [
      "a definition of a volume that is another one, for which Compose asks",
      (text) => text.replace('more: { labels: { a: "b<c" } }', "more: {}"),
      ["data lost volume p_more"],
    ],
    ["a definition of a network", (text) => text.replace("internal: true, ", ""), ["restart network p_back"]],
    [
      "a setting that the engine does not tell",
      (text) => text.replace("user:", "oom_score_adj: 5\n    user:"),
      ["restart service web changed settings that the engine does not tell"],
    ],
    [
      "a service that is gone, and a new one",
      (text) => text.replace("  plain:", "  other:"),
      ["restart service other", "nothing service plain"],
    ],
    ["a number of containers", (text) => text.replace("  plain:", "  plain:\n    scale: 2"), ["restart service plain"]],
  ])("says what %s costs", async (_, change, expected) => {
    await one.write({ "compose.yaml": change(STACK) });
    expect(await rows()).toEqual(expected);
  });

  it("tells an image that was built anew under the same name, and what was done by hand", async () => {
    const { stdout } = await must("docker", ["image", "inspect", "--format", "{{.Id}}", IMAGE]);
    await images.push(IMAGE, "two");
    await must("docker", ["network", "disconnect", `${one.project}_back`, (await one.container("web")).Id]);
    const [plain, web] = [...(await rows())].sort();
    expect(plain).toMatch(/^restart service plain changed image .*sha256:.*>.*sha256:/);
    expect(web).toMatch(/^restart service web added networks\.p_back changed image /);
    expect((await run("docker", ["image", "inspect", stdout.trim()])).code).toBe(0);
    await images.push(IMAGE, "one");
  });

  it("says that the engine does not answer, and wants to know what to compare with", async () => {
    const { code, stderr } = await one.lamb("diff");
    expect([code, stderr]).toEqual([2, expect.stringContaining("give --deployed")]);
    const nowhere = { env: { DOCKER_HOST: "unix:///nowhere.sock" } };
    const gone = await run(process.execPath, one.commandLine("diff", "--deployed"), nowhere);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("no-engine")]);
  });
});
