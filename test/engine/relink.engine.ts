import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { CommandsOf } from "../support/guide-commands";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { Reader } from "./reader";
import { must } from "./run";

/** Written by LAMB itself, the knowledge base and the library manager at a4836f14, and by Open WebUI's migrations. */
const ARCHIVE = fileURLToPath(new URL("fixtures/lamb-volumes.tar.gz", import.meta.url));
const VOLUMES = ["lamb-data", "lamb-static", "kb-data", "kb-static", "openwebui-data"];
const CHOICES = ["--release", "0.7", "--tls", "internal"];
const VALUES = ["LAMB_PUBLIC_HOST=lamb.localhost", "OWI_PUBLIC_HOST=chat.localhost", "OWI_ADMIN_EMAIL=it@uni.edu"];

/** What programs save of an installation, in the data that are mounted below `/data`, as JSON. */
const SAVED = `
import json, sqlite3
def rows(path, query):
    return [row[0] for row in sqlite3.connect(f"file:/data/{path}?mode=ro", uri=True).execute(query).fetchall()]
print(json.dumps({
    "files": rows("kb-data/lamb-kb-server.db", "SELECT file_url FROM file_registry ORDER BY 1"),
    "citations": rows("kb-data/chromadb/chroma.sqlite3", "SELECT string_value FROM embedding_metadata WHERE key = 'file_url'"),
    "connections": [json.loads(one)["openai"] for one in rows("openwebui-data/webui.db", "SELECT data FROM config")],
    "pictures": rows("openwebui-data/webui.db", "SELECT profile_image_url FROM user"),
    "bases": [
        setup["knowledge_base"]
        for one in rows("lamb-data/lamb_v4.db", "SELECT config FROM LAMB_organizations ORDER BY id")
        for setup in json.loads(one)["setups"].values() if "knowledge_base" in setup
    ],
}))
`;

/** Two connections, and an organization with a knowledge base of its own, as their administration pages save them. */
const MORE = `
import json, sqlite3
webui = sqlite3.connect("/data/openwebui-data/webui.db")
openai = {"api_base_urls": ["http://backend:9099/v1", "https://api.openai.com/v1"], "api_keys": ["older", "sk-own"]}
webui.execute("INSERT INTO config (data, version) VALUES (?, 0)", [json.dumps({"version": 0, "openai": openai})])
webui.commit()
lamb = sqlite3.connect("/data/lamb-data/lamb_v4.db")
[config] = lamb.execute("SELECT config FROM LAMB_organizations").fetchone()
config = json.loads(config)
config["setups"]["default"]["knowledge_base"] = {"server_url": "http://localhost:9090", "api_token": "older"}
config["setups"]["other"] = {"knowledge_base": {"server_url": "http://kb.other.edu:9090", "api_token": "own"}}
lamb.execute("UPDATE LAMB_organizations SET config = ?", [json.dumps(config)])
lamb.commit()
lamb.execute("PRAGMA wal_checkpoint(TRUNCATE)")
`;

interface Saved {
  readonly files: readonly string[];
  readonly citations: readonly string[];
  readonly connections: readonly { readonly api_base_urls: readonly string[]; readonly api_keys: readonly string[] }[];
  readonly pictures: readonly string[];
  readonly bases: readonly { readonly server_url: string; readonly api_token: string }[];
}

describeWith(["docker-engine", "python"], "addresses and keys that data have saved", () => {
  vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 });
  let one: Operated;
  let scratch = "";
  const images = [
    ...["lamb", "lamb-kb", "openwebui", "lamb-library-manager"].map(
      (image) => [image, `ghcr.io/lamb-project/${image}:v0.7`] as const,
    ),
    ["caddy", "caddy:2.10.2-alpine"] as const,
  ];
  const value = async (name: string) => {
    const text = await readFile(join(one.dir, ".env"), "utf8");
    return new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1];
  };
  const inData = async (program: string, suffix = "") => {
    const mounts = VOLUMES.flatMap((key) => ["--volume", `${one.project}_${key}${suffix}:/data/${key}`]);
    return must("docker", ["run", "--rm", ...mounts, inject("standIns")?.lamb ?? "", "python", "-c", program]);
  };
  const saved = async (suffix: string): Promise<Saved> => JSON.parse((await inData(SAVED, suffix)).stdout);
  /** The address of the first document, asked through Caddy. */
  const answered = async (url: string | undefined) => {
    const words = ["--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{http_code}"];
    return (await must("curl", [...words, "--resolve", "*:443:127.0.0.1", url ?? ""])).stdout;
  };

  beforeAll(async () => {
    for (const [image, name] of images) await must("docker", ["tag", inject("standIns")?.[image] ?? "", name]);
    scratch = await mkdtemp(join(tmpdir(), "lamb-compose-relink-"));
    await must("tar", ["--extract", "--gzip", "--file", ARCHIVE, "--directory", scratch]);
    one = await Operated.create({});
    const init = await one.lamb("init", ...CHOICES, ...VALUES.flatMap((given) => ["--set", given]));
    expect(init.code, init.stderr).toBe(0);
    for (const key of VOLUMES) {
      const labels = [`com.docker.compose.project=${one.project}`, `com.docker.compose.volume=${key}`];
      const words = labels.flatMap((label) => ["--label", label]);
      await must("docker", ["volume", "create", ...words, `${one.project}_${key}`]);
    }
    const mounts = VOLUMES.flatMap((key) => ["--volume", `${one.project}_${key}:/data/${key}`]);
    const fill = VOLUMES.map((key) => `cp -a /before/${key}/. /data/${key}/ && chown -R 0:0 /data/${key}`).join("\n");
    const words = ["run", "--rm", "--volume", `${scratch}/volumes:/before:ro`, ...mounts];
    await must("docker", [...words, inject("standIns")?.lamb ?? "", "bash", "-euc", fill]);
    await inData(MORE);
    const up = await one.lamb("up", "--yes");
    expect(up.code, `${up.stdout}${up.stderr}`).toBe(0);
  });
  afterAll(async () => {
    await one?.remove();
    for (const [, name] of images) await must("docker", ["image", "rm", name]);
    await rm(scratch, { recursive: true, force: true });
  });

  it("are what the services are given, in a copy of the data; another address and the way back, too", async () => {
    const before = await saved("");
    expect(before.files[0]).toMatch(/^http:\/\/localhost:19090\/static\//);
    const planned = await one.lamb("relink", "--plan", "--json");
    expect(planned.code, planned.stdout).toBe(0);
    const { plan } = JSON.parse(planned.stdout);
    const counts = Object.fromEntries(
      plan.columns.map(({ holds, changed }: { holds: string; changed: number }) => [holds, changed]),
    );
    // Counted in the fixture by SQL: two documents in fourteen pieces, four people, one connection, one organization.
    expect(counts).toMatchObject({
      "addresses of the knowledge base's files": 2,
      "addresses in citations": 14,
      "pictures of people": 4,
      "Open WebUI's connection to LAMB": 1,
      "the knowledge base of organizations": 1,
      "files of the knowledge base": 0,
    });

    const guide = new CommandsOf("relink");
    const reader = await Reader.create({}, one.dir);
    await reader.install([process.execPath, ...one.program]);
    const typing = { more: "--watch 1", answers: [["Go on?", ["y"]]] } as const;
    const done = await reader.type(guide.take("operations/relink"), typing);
    expect(done.stdout).toContain("relinked; the state is kept as 2, and 1 is the way back");
    expect(guide.left).toEqual([]);
    await reader.remove();
    const first = await saved("-g2");
    const at = (host: string, urls: readonly string[]) =>
      urls.filter((url) => url.startsWith(`https://${host}/kb/static/`)).length;
    expect([at("lamb.localhost", first.files), at("lamb.localhost", first.citations)]).toEqual([2, 14]);
    expect(new Set(first.pictures)).toEqual(new Set(["https://lamb.localhost/static/img/lamb_icon.png"]));
    expect(first.connections).toEqual([
      {
        api_base_urls: ["http://lamb:9099/v1", "https://api.openai.com/v1"],
        api_keys: [await value("LAMB_BEARER_TOKEN"), "sk-own"],
      },
    ]);
    expect(first.bases).toEqual([
      { server_url: "http://kb:9090", api_token: await value("LAMB_KB_SERVER_TOKEN") },
      { server_url: "http://kb.other.edu:9090", api_token: "own" },
    ]);
    expect(await answered(first.files[0])).toBe("200");
    expect((await one.lamb("relink", "--yes")).stdout).toContain("nothing to do");
    expect(await saved("")).toEqual(before);

    const set = await one.lamb("env set LAMB_PUBLIC_HOST other.localhost", "--relink", "--yes");
    expect(set.code, set.stderr).toBe(0);
    const second = await saved("-g3");
    expect([at("other.localhost", second.files), at("other.localhost", second.citations)]).toEqual([2, 14]);
    expect(second.connections).toEqual(first.connections);
    expect(await answered(second.files[0])).toBe("200");
    expect(await saved("-g2")).toEqual(first);

    const back = await one.lamb("rollback", "--yes", "--watch", "1");
    expect(back.code, back.stderr).toBe(0);
    expect([await value("LAMB_PUBLIC_HOST"), await value("DATA_GENERATION")]).toEqual(["lamb.localhost", "-g2"]);
    expect(await answered(first.files[0])).toBe("200");
  });
});
