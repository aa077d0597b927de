import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { z } from "zod";
import { SAMPLES } from "../../lib/lamb/guides/words";
import { shellWord } from "../../lib/report/shell-word";
import { CommandsOf } from "../support/guide-commands";
import { describeWith } from "../support/tools";
import { CHECKOUT_FOLDERS, startOldStack } from "./old-stack";
import { Operated } from "./operated";
import { removeProject, TEST_PROJECT } from "./project";
import { Reader } from "./reader";
import { must, run } from "./run";
import { killedAtEachStep } from "./signalled";

const FIXTURES = fileURLToPath(new URL("fixtures/", import.meta.url));
const COUNT = readFileSync(join(FIXTURES, "count.py"), "utf8");
const VOLUMES = ["lamb-data", ...Object.keys(CHECKOUT_FOLDERS)];
const CHOICES = ["--release", "0.7", "--tls", "internal"];

const CONTENT = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.record(z.string(), z.number())])));
const MANIFEST = z.object({
  files: z.array(z.object({ from: z.string(), files: z.array(z.tuple([z.string(), z.number(), z.string()])) })),
  rewritten: z.array(z.object({ holds: z.string(), changed: z.number(), lost: z.number() })),
});

/** Without what programs count for themselves, and the stand-ins' own table. */
function made(text: string) {
  const own = new Set(["acquire_write", "marker"]);
  const content = CONTENT.parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(content).map(([volume, files]) => {
      const rows = Object.entries(files).map(([path, value]) => {
        const tables = typeof value === "string" ? value : Object.entries(value).filter(([table]) => !own.has(table));
        return [path, typeof tables === "string" ? tables : Object.fromEntries(tables)] as const;
      });
      return [volume, Object.fromEntries(rows)];
    }),
  );
}

describeWith(["docker-engine", "python"], "lamb-compose migrate", () => {
  const guide = new CommandsOf("migrate");
  let reader: Reader;
  vi.setConfig({ testTimeout: 400_000 });
  const oldProject = `${TEST_PROJECT}${process.pid}-old`;
  const image = inject("standIns")?.lamb ?? "";
  const names = ["lamb", "lamb-kb", "openwebui", "lamb-library-manager"].flatMap((name) =>
    ["v0.6", "v0.7"].map((tag) => [name, `ghcr.io/lamb-project/${name}:${tag}`] as const),
  );
  const images = [...names, ["caddy", "caddy:2.10.2-alpine"] as const];
  let scratch = "";
  let old = "";
  let one: Operated;
  const migrate = (...words: readonly string[]) => one.lamb("migrate", "--from", old, ...CHOICES, "--yes", ...words);
  const oldState = async () =>
    (await must("docker", ["inspect", "--format", "{{.State.Status}}", `${oldProject}-backend-1`])).stdout.trim();
  const volumesOf = async (project: string) => {
    const words = ["--filter", `label=com.docker.compose.project=${project}`, "--format", "{{.Name}}"];
    return (await must("docker", ["volume", "ls", ...words])).stdout
      .trim()
      .split("\n")
      .filter((name) => name !== "");
  };
  const countNew = async (project: string, volumes = VOLUMES) => {
    const mounts = volumes.flatMap((name) => ["--volume", `${project}_${name}:/data/${name}:ro`]);
    const words = volumes.map((name) => `${name}=/data/${name}`);
    return made((await must("docker", ["run", "--rm", ...mounts, image, "python", "-c", COUNT, ...words])).stdout);
  };
  const countOld = async (): Promise<ReturnType<typeof made>> => {
    const data = join(scratch, "lamb-data");
    await rm(data, { recursive: true, force: true });
    await mkdir(data);
    for (const end of ["", "-wal"]) await cp(join(old, `lamb_v4.db${end}`), join(data, `lamb_v4.db${end}`));
    await cp(join(old, "aac_logs"), join(data, "aac_logs"), { recursive: true });
    const words = Object.entries(CHECKOUT_FOLDERS).map(([volume, folder]) => `${volume}=${join(old, folder)}`);
    // Of Python's walks none follows a link.
    const originals = `kb-static=${join(scratch, "volumes/kb-static")}`;
    const found = made((await must("python3", ["-c", COUNT, `lamb-data=${data}`, ...words, originals])).stdout);
    const uploads = Object.entries(found["lamb-static"] ?? {}).map(([path, hash]) => [`public/${path}`, hash] as const);
    return { ...found, "lamb-static": Object.fromEntries(uploads) };
  };

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    old = join(scratch, "an old lamb, près d'ici");
    await must("tar", ["--extract", "--gzip", "--file", join(FIXTURES, "lamb-volumes.tar.gz"), "--directory", scratch]);
    for (const [name, tag] of images) await must("docker", ["tag", inject("standIns")?.[name] ?? "", tag]);
    one = await Operated.create({});
    await startOldStack(old, oldProject, join(scratch, "volumes"), image);
    reader = await Reader.create({ [SAMPLES.old]: shellWord(old) }, one.home);
    await reader.install([process.execPath, ...one.program]);
  });
  afterAll(async () => {
    await one?.remove();
    await reader?.remove();
    await removeProject(oldProject);
    await rm(scratch, { recursive: true, force: true });
    for (const [, tag] of images) await must("docker", ["image", "rm", tag]);
  });

  it("says of an older LAMB with a library which release has a place for it, and takes the rest without", async () => {
    const words = ["--from", old, "--tls", "internal"];
    const { code, stderr } = await one.lamb("migrate", ...words, "--yes");
    expect([code, stderr], stderr).toEqual([
      4,
      expect.stringContaining("with --release 0.7, or leave them behind: --leave library-manager-data"),
    ]);
    const without = await one.lamb("migrate", ...words, "--leave", "library-manager-data", "--plan");
    expect([without.code, without.stdout], without.stderr).toEqual([0, expect.not.stringContaining("has no place")]);
    expect(without.stdout).toContain("LIBRARY_MANAGER_TOKEN");
    expect([await oldState(), await volumesOf(one.project)]).toEqual(["running", []]);
  });

  it("goes back to the old stack when data are not sound, and leaves nothing", async () => {
    const torn = join(old, CHECKOUT_FOLDERS["kb-data"], "torn.db");
    await writeFile(torn, `SQLite format 3\0${"Z".repeat(8192)}`);
    const { code, stdout, stderr } = await migrate();
    await rm(torn);
    expect([code, stdout], stderr).toEqual([5, "the older installation is as it was, and runs if it ran before\n"]);
    expect(stderr).toContain("kb-data/torn.db");
    expect(await oldState()).toBe("running");
    expect(await volumesOf(one.project)).toEqual([]);
  });

  it("goes back to the old stack when a disk is full in the middle of a copy, and says so", async () => {
    const small = `${one.project}_kb-data`;
    const options = ["type=tmpfs", "device=tmpfs", "o=size=64k"].flatMap((option) => ["--opt", option]);
    await must("docker", ["volume", "create", "--driver", "local", ...options, small]);
    const { code, stdout, stderr } = await migrate();
    expect([code, stdout], stderr).toEqual([1, "nothing was touched: the older installation is as it was\n"]);
    expect(stderr).toContain("the disk is full: no space left on device\n");
    expect(await oldState()).toBe("running");
    // The copies are gone, the one of them included that was there before, and empty.
    expect((await run("docker", ["volume", "inspect", small])).code).not.toBe(0);
    expect(await volumesOf(one.project)).toEqual([]);
  });

  it("is killed as it begins each of its steps, and comes to its end; the counts are equal, and the source is as it was", async () => {
    const planned = await reader.type(guide.take("migration/migrate-plan"), { more: CHOICES.join(" ") });
    expect(planned.stdout).toContain("kb-data");
    await killedAtEachStep(one.commandLine("migrate", "--from", old, ...CHOICES, "--yes"));
    // The words of the page go on with what was cut off: it knows the choices.
    const { stdout, stderr } = await reader.type(guide.take("migration/migrate"));
    console.log(stderr);
    expect(stdout).toContain("never with --volumes; then docker start ");
    expect(await oldState()).toBe("exited");
    const { uploads, ...others } = await one.conditions();
    expect([uploads, new Set(Object.values(others))]).toEqual(["exited", new Set(["healthy"])]);

    const path = join(one.dir, ".lamb-compose/migration.json");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const manifest = MANIFEST.parse(JSON.parse(await readFile(path, "utf8")));
    for (const { from, files } of manifest.files) {
      for (const [file, size, sha256] of files) {
        const bytes = await readFile(join(from, file));
        expect([file, bytes.length, createHash("sha256").update(bytes).digest("hex")]).toEqual([file, size, sha256]);
      }
    }
    const rewritten = Object.fromEntries(manifest.rewritten.map(({ holds, changed }) => [holds, changed]));
    expect(rewritten).toMatchObject({
      "files in chats": 1,
      "Open WebUI's connection to LAMB": 1,
      "files of the knowledge base": 2,
      "addresses of the knowledge base's files": 2,
      "sources of citations": 14,
      "addresses in citations": 14,
    });

    // Every rewritten place resolves: files are there, and addresses arrive at the knowledge base through Caddy.
    const ask = `import json, sqlite3
def rows(path, query): return [value for (value,) in sqlite3.connect(path).execute(query)]
kb, chroma = "/app/backend/data/lamb-kb-server.db", "/app/backend/data/chromadb/chroma.sqlite3"
print(json.dumps({"paths": rows(kb, "SELECT file_path FROM file_registry") + rows(chroma, "SELECT string_value FROM embedding_metadata WHERE key = 'source'"),
  "urls": rows(kb, "SELECT file_url FROM file_registry") + rows(chroma, "SELECT string_value FROM embedding_metadata WHERE key = 'file_url'")}))`;
    const inKb = await one.compose("exec", "--no-TTY", "kb", "python", "-c", ask);
    const { paths, urls } = z
      .object({ paths: z.array(z.string()), urls: z.array(z.string()) })
      .parse(JSON.parse(inKb.stdout));
    expect([paths.length, urls.length]).toEqual([16, 16]);
    await one.compose("exec", "--no-TTY", "kb", "ls", ...new Set(paths));
    for (const url of new Set(urls)) {
      const curl = ["--silent", "--show-error", "--insecure", "--resolve", "lamb.localhost:443:127.0.0.1"];
      const file = `/app/backend${new URL(url).pathname.replace("/kb", "")}`;
      const { stdout: text } = await one.compose("exec", "--no-TTY", "kb", "cat", file);
      expect(JSON.parse((await must("curl", [...curl, url])).stdout)).toEqual({ text });
    }
    const essay = "/app/backend/data/uploads/7_essay über Bäume.txt";
    expect((await one.compose("exec", "--no-TTY", "openwebui", "cat", essay)).stdout).toBe("an essay");
    const env = await readFile(join(one.dir, ".env"), "utf8");
    expect(env).not.toContain("0p3n-w3bu!");
    expect(env).toContain("LAMB_LIBRARY_TOKEN=a-key-of-the-old-library\n");

    await reader.type(guide.take("migration/folder"));
    // Nothing was backed up: the verdict is no.
    const { stdout: verdict } = await reader.type(guide.take("migration/cutover"), { status: [3] });
    console.log(verdict);

    await one.compose("stop", "--timeout", "5");
    expect(await countNew(one.project)).toEqual(await countOld());

    const second = await migrate();
    expect([second.code, second.stderr], second.stderr).toEqual([4, expect.stringContaining("has data already")]);
    expect(existsSync(join(one.dir, ".lamb-compose/operation.json"))).toBe(false);
  });

  it("leaves a way back that is to start the old stack", async () => {
    await reader.type(guide.take("migration/back-down"));
    await reader.type(guide.take("migration/back-start"));
    const beats = async () => {
      const query =
        "import sqlite3; print(sqlite3.connect('/opt/lamb/lamb_v4.db').execute('SELECT count(*) FROM beats').fetchone()[0])";
      return Number((await must("docker", ["exec", `${oldProject}-backend-1`, "python", "-c", query])).stdout);
    };
    const before = await beats();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await beats()).toBeGreaterThan(before);
    expect((await run("docker", ["volume", "inspect", `${one.project}_lamb-data`])).code).toBe(0);
  });

  it("brings all but the library to a release that has none, when that is left behind", async () => {
    const older = await Operated.create({});
    try {
      const words = ["--from", old, "--release", "0.6", "--no-caddy", "--leave", "library-manager-data"];
      const { code, stderr } = await older.lamb("migrate", ...words, "--yes");
      expect(code, stderr).toBe(0);
      expect(await older.conditions()).toEqual({ lamb: "healthy", kb: "healthy", openwebui: "healthy" });
      await older.compose("stop", "--timeout", "5");
      const { "library-manager-data": _, "lamb-static": uploads = {}, ...rest } = await countOld();
      // Files of this release keep uploads at the root of their volume.
      const atRoot = Object.entries(uploads).map(([path, hash]) => [path.replace(/^public\//, ""), hash]);
      const all = { ...rest, "lamb-static": Object.fromEntries(atRoot) };
      expect(await countNew(older.project, Object.keys(all))).toEqual(all);
      expect(await volumesOf(older.project)).not.toContain(`${older.project}_library-manager-data`);
    } finally {
      await older.remove();
    }
  });

  it("was run with every command of the page that is about it", () => expect(guide.left).toEqual([]));

  it("takes what an earlier file keeps in volumes, and what lies in the layers of its containers", async () => {
    const next = await Operated.create({});
    const home = join(scratch, "next");
    const project = `${oldProject}-next`;
    try {
      await mkdir(home);
      const data = VOLUMES.filter((name) => name !== "lamb-static");
      const sleep = ["sleep", "1000000"];
      const services = {
        lamb: { image, command: sleep, init: true, volumes: data.map((name) => `${name}:/v/${name}`) },
        openwebui: { image, command: sleep, init: true },
      };
      const compose = { name: project, services, volumes: Object.fromEntries(data.map((name) => [name, {}])) };
      await writeFile(join(home, "docker-compose.yaml"), JSON.stringify(compose));
      await writeFile(join(home, ".env"), "OWI_ADMIN_EMAIL=it@uni.edu\nLTI_SECRET=an-lti-secret-of-the-old-stack\n");
      await must("docker", ["compose", "up", "--detach"], { cwd: home });
      for (const name of data) {
        await must("docker", ["compose", "cp", `${join(scratch, "volumes", name)}/.`, `lamb:/v/${name}`], {
          cwd: home,
        });
      }
      const inside = (service: string, script: string) =>
        must("docker", ["compose", "exec", "--no-TTY", service, "bash", "-euc", script], { cwd: home });
      const uploads = "/app/backend/static/public/2";
      await inside("lamb", `mkdir -p ${uploads} /app/backend/aac_logs; echo notes >${uploads}/n.txt`);
      await inside("lamb", "echo '{}' >/app/backend/aac_logs/session.jsonl");
      await inside("openwebui", "echo the-key-of-all-sessions >/app/backend/.webui_secret_key");
      const count = async (of: string) => {
        const mounts = data.flatMap((name) => ["--volume", `${of}_${name}:/data/${name}:ro`]);
        const words = data.map((name) => `${name}=/data/${name}`);
        return made((await must("docker", ["run", "--rm", ...mounts, image, "python", "-c", COUNT, ...words])).stdout);
      };
      // Names without a beginning, as LAMB_DB_PREFIX makes them.
      const bare = [
        'import sqlite3; d = sqlite3.connect("/v/lamb-data/lamb_v4.db")',
        'names = [n for (n,) in d.execute("SELECT name FROM sqlite_master WHERE type = ? AND name LIKE ?", ("table", "LAMB_%"))]',
        `for n in names: d.execute(f'ALTER TABLE "{n}" RENAME TO "{n[5:]}"')`,
        "d.commit()",
      ];
      await inside("lamb", `python -c '${bare.join("\n").replaceAll("'", `'"'"'`)}'`);
      const before = await count(project);

      const words = ["--from", home, "--project", project, "--release", "0.7", "--no-caddy"];
      const { code, stderr } = await next.lamb("migrate", ...words, "--yes");
      expect(code, stderr).toBe(0);
      expect(stderr).toContain("with data in volumes");
      expect(await readFile(join(next.dir, ".env"), "utf8")).toContain("WEBUI_SECRET_KEY=the-key-of-all-sessions\n");
      expect(await readFile(join(next.dir, ".env"), "utf8")).toMatch(/^LAMB_DB_PREFIX=\s*$/m);
      const cat = `cat ${uploads}/n.txt /data/lamb/aac_logs/session.jsonl`;
      expect((await next.compose("exec", "--no-TTY", "lamb", "bash", "-c", cat)).stdout).toBe("notes\n{}\n");
      await next.compose("stop", "--timeout", "5");
      const { "aac_logs/session.jsonl": _, ...database } = (await count(next.project))["lamb-data"] ?? {};
      expect({ ...(await count(next.project)), "lamb-data": database }).toEqual(before);

      // The way back: everything is where it was, the layers of its containers included.
      expect(await count(project)).toEqual(before);
      await must("docker", ["compose", "start"], { cwd: home });
      expect((await inside("lamb", `cat ${uploads}/n.txt /app/backend/aac_logs/session.jsonl`)).stdout).toBe(
        "notes\n{}\n",
      );
    } finally {
      await next.remove();
      await removeProject(project);
    }
  });
});
