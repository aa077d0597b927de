import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { KB } from "../../lib/lamb/facts/kb";
import { LAMB } from "../../lib/lamb/facts/lamb";
import { LIBRARY_MANAGER } from "../../lib/lamb/facts/library-manager";
import { healthProbe, kbProbe, lambProbe, openWebUiProbe } from "../../lib/lamb/facts/probes";
import { propsOf } from "../../lib/lamb/from-facts";
import { describeWith } from "../support/tools";

const servers: Server[] = [];

/** A service on a port of its own. */
async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Somebody for whom a file's mode means something: root may write everything. */
const NOBODY = 65_534;

interface Outcome {
  readonly healthy: boolean;
  readonly said: string;
}

/** Runs a command to its end, while the services of the test answer. */
async function outcome(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const [program = "", ...rest] = words;
  const { PATH = "" } = process.env;
  const uid = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(program, rest, { env: { PATH, ...env }, cwd: tmpdir(), ...uid });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  const [code] = await once(child, "close");
  return { healthy: code === 0, said };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

describeWith("python", "LAMB's probe", () => {
  let home = "";
  let port = 0;
  const path = (name: string) => join(home, name);
  const sql = (file: string, text: string) =>
    spawnSync("python3", [
      "-c",
      "import sqlite3, sys\nsqlite3.connect(sys.argv[1]).executescript(sys.argv[2])",
      path(file),
      text,
    ]);
  const makeTable = (file: string, table: string) => sql(file, `CREATE TABLE "${table}" (x)`);
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-probe-"));
    for (const folder of ["lamb", "openwebui"]) mkdirSync(path(folder));
    makeTable("lamb/lamb_v4.db", "LAMB_Creator_users");
    makeTable("openwebui/webui.db", "user");
    allow(0o777, 0o666);
    port = await serve((_, answer) => answer.end('{"status":true}'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const allow = (folders: number, files: number, only = ["lamb/lamb_v4.db", "openwebui/webui.db"]) => {
    chmodSync(home, 0o755);
    for (const file of only) {
      chmodSync(path(file), files);
      chmodSync(join(path(file), ".."), folders);
    }
  };
  const probe = (writes = true, at = port, more: Readonly<Record<string, string>> = {}) =>
    outcome(["python3", "-IS", "-c", lambProbe(at, writes)], {
      LAMB_DB_PATH: path("lamb"),
      OWI_PATH: path("openwebui"),
      ...more,
    });

  it("is content when LAMB answers and both databases can be written", async () => {
    expect(await probe()).toEqual({ healthy: true, said: "" });
  });

  it("asks LAMB at the port that is built into its image", () => {
    expect(LAMB.probe).toContain("http://127.0.0.1:9099/status");
  });

  it.each(["lamb/lamb_v4.db", "openwebui/webui.db"])("says that %s cannot be written", async (file) => {
    allow(0o777, 0o444, [file]);
    expect(await probe()).toEqual({ healthy: false, said: `${path(file)} cannot be written\n` });
  });

  it.each(["lamb/lamb_v4.db", "openwebui/webui.db"])("says that no journal can be made beside %s", async (file) => {
    allow(0o555, 0o666, [file]);
    expect(await probe()).toEqual({ healthy: false, said: `${path(file)} cannot be written\n` });
  });

  it("lets Open WebUI's data be read-only for a release that only reads them, and never LAMB's own", async () => {
    allow(0o555, 0o444, ["openwebui/webui.db"]);
    expect((await probe(false)).healthy).toBe(true);
    allow(0o555, 0o444, ["lamb/lamb_v4.db"]);
    expect((await probe(false)).healthy).toBe(false);
  });

  it.each(["lamb/lamb_v4.db", "openwebui/webui.db"])("says that %s is missing, and makes none", async (file) => {
    rmSync(path(file));
    const missing = { healthy: false, said: `${path(file)} is missing\n` };
    expect(await probe()).toEqual(missing);
    expect(await probe()).toEqual(missing);
  });

  it.each(["lamb/lamb_v4.db", "openwebui/webui.db"])("says that %s is no database any more", async (file) => {
    writeFileSync(path(file), "this was a database once ".repeat(200));
    const { healthy, said } = await probe();
    expect(healthy).toBe(false);
    expect(said).toContain("file is not a database");
  });

  it.each([
    ["lamb/lamb_v4.db", "LAMB_Creator_users"],
    ["openwebui/webui.db", "user"],
  ])("says that %s is empty, as a program leaves it that could not migrate", async (file, table) => {
    sql(file, `DROP TABLE "${table}"`);
    const { healthy, said } = await probe();
    expect(healthy).toBe(false);
    expect(said).toContain(`no such table: ${table}`);
  });

  it.each(["", "old_"])("looks for tables with the prefix that LAMB has: %j", async (prefix) => {
    expect((await probe(true, port, { LAMB_DB_PREFIX: prefix })).healthy).toBe(false);
    makeTable("lamb/lamb_v4.db", `${prefix}Creator_users`);
    expect((await probe(true, port, { LAMB_DB_PREFIX: prefix })).healthy).toBe(true);
  });

  it("is not content with a database that somebody holds", async () => {
    const hold =
      "import sqlite3, sys, time\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\nc.execute('BEGIN EXCLUSIVE')\nprint('held', flush=True)\ntime.sleep(30)";
    const holder = spawn("python3", ["-c", hold, path("openwebui/webui.db")]);
    await once(holder.stdout, "data");
    const { healthy, said } = await probe();
    holder.kill();
    expect(said).toContain("database is locked");
    expect(healthy).toBe(false);
  });

  it("loads what asks a database only when something listens", async () => {
    const { said } = await probe(true, await unusedPort());
    expect(said).toContain("ConnectionRefusedError");
    expect(said).not.toContain("urllib");
  });

  it("says that a folder took the database's place", async () => {
    rmSync(path("lamb/lamb_v4.db"));
    mkdirSync(path("lamb/lamb_v4.db"));
    expect((await probe()).said).toContain("is missing");
  });

  it("is not content when LAMB does not answer, or with an error", async () => {
    expect((await probe(true, await unusedPort())).healthy).toBe(false);
    const failing = await serve((_, answer) => answer.writeHead(500).end());
    expect((await probe(true, failing)).healthy).toBe(false);
  });

  it("gives up on a LAMB that is stuck, within the time that its healthcheck has", async () => {
    const stuck = await serve(() => undefined);
    const started = performance.now();
    expect((await probe(true, stuck)).healthy).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describeWith("python", "Open WebUI's probe", () => {
  it("is content when it answers and its table can be read, and not with the /health of an empty database", async () => {
    const home = mkdtempSync(join(tmpdir(), "lamb-compose-probe-"));
    chmodSync(home, 0o777);
    const at = await serve((_, answer) => answer.end('{"status":true}'));
    const probe = () => outcome(["python3", "-IS", "-c", openWebUiProbe(at, home)], {});
    const make = (text: string) =>
      spawnSync("python3", ["-c", `import sqlite3\nsqlite3.connect("${home}/webui.db").executescript("${text}")`]);
    expect(await probe()).toEqual({ healthy: false, said: `${home}/webui.db is missing\n` });
    make("CREATE TABLE other (x)");
    chmodSync(join(home, "webui.db"), 0o666);
    expect((await probe()).said).toContain("no such table: user");
    make("CREATE TABLE user (x)");
    expect(await probe()).toEqual({ healthy: true, said: "" });
    rmSync(home, { recursive: true, force: true });
  });
});

describeWith("python", "the knowledge base's probe", () => {
  const KEY = "key-of-the-knowledge-base";
  const GOOD = { sqlite_status: { initialized: true }, chromadb_status: { initialized: true } };

  const probe = async (status: unknown, key: string | undefined = KEY) => {
    const port = await serve((request, answer) => {
      if (request.url !== "/database/status") answer.writeHead(404);
      else if (request.headers.authorization !== `Bearer ${KEY}`) answer.writeHead(401);
      answer.end(JSON.stringify(status));
    });
    const program = kbProbe(port);
    return outcome(["python3", "-c", program], { LAMB_API_KEY: key });
  };

  it("is content when both databases are initialized", async () => {
    expect(KB.probe).toContain("http://127.0.0.1:9090/database/status");
    expect(await probe({ ...GOOD, errors: [] })).toEqual({ healthy: true, said: "" });
  });

  it.each(["sqlite_status", "chromadb_status"])("says that one is not: %s", async (database) => {
    const answer = await probe({ ...GOOD, [database]: { initialized: false }, errors: ["broken"] });
    expect(answer).toEqual({ healthy: false, said: `${database}: not initialized\n` });
  });

  it("is not content when its key is not the service's, and does not print it", async () => {
    const { healthy, said } = await probe(GOOD, "another-key");
    expect(healthy).toBe(false);
    expect(said).toContain("401");
    expect(said).not.toContain("another-key");
  });

  it("is not content with an answer of another shape", async () => {
    expect((await probe({ status: "ok" })).healthy).toBe(false);
    expect((await probe("ok")).healthy).toBe(false);
  });
});

describeWith("python", "the library manager's probe", () => {
  const ask = async (status: string, code = 200) => {
    const port = await serve((request, answer) => {
      answer.writeHead(request.url === "/health" ? code : 404).end(`{"status":"${status}","checks":{}}`);
    });
    return outcome(["python3", "-c", healthProbe(port, "the library manager")], {});
  };

  it("is content when the service is, and only then", async () => {
    expect(LIBRARY_MANAGER.probe).toContain("http://127.0.0.1:9091/health");
    expect(await ask("ok")).toEqual({ healthy: true, said: "" });
    expect((await ask("ok", 500)).healthy).toBe(false);
  });

  it("defect 10: it looks at the words of an answer whose status is always 200", async () => {
    expect(await ask("degraded")).toEqual({ healthy: false, said: "the library manager is degraded\n" });
  });
});

describeWith("python", "a probe, as the file has it", () => {
  const KEY = { LAMB_API_KEY: "key" };
  let bin = "";
  const started = () => existsSync(join(bin, "started"));
  const link = (program: string) =>
    symlinkSync(spawnSync("which", [program]).stdout.toString().trim(), join(bin, program));
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "lamb-compose-probe-"));
    chmodSync(bin, 0o777);
    for (const program of ["sh", "bash", "sleep", "touch"]) link(program);
    writeFileSync(
      join(bin, "python"),
      `#!${join(bin, "sh")}\ntouch ${join(bin, "started")}\nPATH='${process.env.PATH}'\nexec python3 "$@"\n`,
      {
        mode: 0o755,
      },
    );
  });
  afterEach(() => rmSync(bin, { recursive: true, force: true }));

  /** The words that run in the container: Compose makes one `$` of two. */
  const wordsAt = (port: number) => {
    const { test } = z
      .object({ test: z.array(z.string()) })
      .parse(propsOf({ ...KB, port, probe: kbProbe(port) }).healthcheck);
    expect(test[0]).toBe("CMD");
    return test.slice(1).map((word) => word.replaceAll("$$", "$"));
  };
  const probe = (port: number) => outcome(wordsAt(port), { ...KEY, PATH: bin });
  const ready = () =>
    serve((_, answer) => answer.end('{"sqlite_status":{"initialized":true},"chromadb_status":{"initialized":true}}'));

  it("starts no Python where nothing listens", async () => {
    const { healthy, said } = await probe(await unusedPort());
    expect(healthy).toBe(false);
    expect(said).toContain("Connection refused");
    expect(started()).toBe(false);
  });

  it("asks by Python once something listens, and takes its answer", async () => {
    expect(await probe(await ready())).toEqual({ healthy: true, said: "" });
    expect(started()).toBe(true);
    const broken = await serve((_, answer) => answer.end('{"sqlite_status":{"initialized":false}}'));
    expect(await probe(broken)).toEqual({ healthy: false, said: "sqlite_status: not initialized\n" });
  });

  it("sees at once what begins to listen while it waits", async () => {
    const port = await unusedPort();
    const asked = probe(port);
    const server = createServer((_, answer) =>
      answer.end('{"sqlite_status":{"initialized":true},"chromadb_status":{"initialized":true}}'),
    );
    servers.push(server);
    setTimeout(() => server.listen(port, "127.0.0.1"), 500);
    expect(await asked).toEqual({ healthy: true, said: "" });
  });

  it("asks by Python alone in an image without bash", async () => {
    rmSync(join(bin, "bash"));
    expect(await probe(await ready())).toEqual({ healthy: true, said: "" });
    const { healthy, said } = await probe(await unusedPort());
    expect(healthy).toBe(false);
    expect(said).toContain("ConnectionRefusedError");
  });

  it("ends when the healthcheck's time is over, as one process", async () => {
    const stuck = await serve(() => undefined);
    const [program = "", ...rest] = wordsAt(stuck);
    const child = spawn(program, rest, { env: { ...KEY, PATH: bin } });
    await vi.waitFor(() => expect(started()).toBe(true));
    child.kill("SIGKILL");
    // Whatever it had started would hold its output open.
    expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  });

  it("costs less while it waits than Python that asks twice a second", async () => {
    const port = await unusedPort();
    const cost = (words: readonly string[], times: number) => {
      const measure = [
        "import resource, subprocess, sys",
        `for _ in range(${times}): subprocess.run(sys.argv[1:], capture_output=True)`,
        "spent = resource.getrusage(resource.RUSAGE_CHILDREN)",
        "print(spent.ru_utime + spent.ru_stime)",
      ].join("\n");
      return Number(spawnSync("python3", ["-c", measure, ...words]).stdout);
    };
    const waited = cost(wordsAt(port), 2);
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThan(cost(["python3", "-IS", "-c", kbProbe(port)], 8));
  });
});

async function unusedPort(): Promise<number> {
  const port = await serve(() => undefined);
  const server = servers.pop();
  await new Promise((done) => server?.close(done));
  return port;
}
