import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KB } from "../../lib/lamb/facts/kb";
import { LAMB } from "../../lib/lamb/facts/lamb";
import { LIBRARY_MANAGER } from "../../lib/lamb/facts/library-manager";
import { lambProbe } from "../../lib/lamb/facts/probes";
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
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-probe-"));
    for (const folder of ["lamb", "openwebui"]) mkdirSync(path(folder));
    const make =
      "import sqlite3, sys\nfor path in sys.argv[1:]:\n c = sqlite3.connect(path)\n c.execute('CREATE TABLE t (x)')\n c.commit()";
    spawnSync("python3", ["-c", make, path("lamb/lamb_v4.db"), path("openwebui/webui.db")]);
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
  const probe = (writes = true, at = port) =>
    outcome(["python3", "-c", lambProbe(at, writes)], {
      LAMB_DB_PATH: path("lamb"),
      OWI_PATH: path("openwebui"),
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

describeWith("python", "the knowledge base's probe", () => {
  const KEY = "key-of-the-knowledge-base";
  const GOOD = { sqlite_status: { initialized: true }, chromadb_status: { initialized: true } };

  const probe = async (status: unknown, key: string | undefined = KEY) => {
    const port = await serve((request, answer) => {
      if (request.url !== "/database/status") answer.writeHead(404);
      else if (request.headers.authorization !== `Bearer ${KEY}`) answer.writeHead(401);
      answer.end(JSON.stringify(status));
    });
    const program = KB.probe.replace("127.0.0.1:9090", `127.0.0.1:${port}`);
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
    return outcome(["python3", "-c", LIBRARY_MANAGER.probe.replace("127.0.0.1:9091", `127.0.0.1:${port}`)], {});
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

async function unusedPort(): Promise<number> {
  const port = await serve(() => undefined);
  const server = servers.pop();
  await new Promise((done) => server?.close(done));
  return port;
}
