import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../support/tools";

/** A database that is to be made: its path, its journal, and statements of SQL. */
type Written = readonly [path: string, mode: "wal" | "delete", statements: readonly string[]];

/**
 * Writes databases as programs leave them that are killed: with the last rows beside them, in the WAL or in a journal.
 */
const WRITER = `
import json, os, sqlite3, sys
opened = []
for path, mode, statements in json.load(sys.stdin):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    opened.append(database)
    database.execute("PRAGMA journal_mode = " + mode)
    for statement in statements:
        database.execute(statement)
    if mode == "delete":
        # Pages of a transaction that never ended are in the file already: only its journal leads back.
        database.execute("PRAGMA cache_size = 1")
        database.execute("BEGIN")
        database.execute("CREATE TABLE never (text)")
        for _ in range(200):
            database.execute("INSERT INTO never VALUES (?)", ["x" * 2000])
os._exit(0)
`;

/** Makes databases. */
export function writeDatabases(databases: readonly Written[]): void {
  const { status, stderr } = run("python3", ["-c", WRITER], { input: JSON.stringify(databases) });
  if (status !== 0) throw new Error(stderr);
}

function file(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const json = (value: unknown) => `'${JSON.stringify(value)}'`;

/**
 * A checkout of LAMB as its programs leave it: the tables and the columns are those of LAMB, the rows are few.
 *
 * @param at where its programs have seen it
 */
export function oldCheckout(dir: string, at = "/opt/lamb", prefix = "LAMB_"): void {
  const databases: Written[] = [];
  const database = (...one: Written) => databases.push(one);
  const knowledge = { server_url: "http://localhost:9090", api_token: "old-kb-token" };
  database(join(dir, "lamb_v4.db"), "wal", [
    `CREATE TABLE "${prefix}Creator_users" (id INTEGER PRIMARY KEY, user_email TEXT)`,
    `INSERT INTO "${prefix}Creator_users" VALUES (1, 'it@uni.edu'), (2, 'teacher1@uni.edu')`,
    `CREATE TABLE "${prefix}organizations" (id INTEGER PRIMARY KEY, config JSON)`,
    `INSERT INTO "${prefix}organizations" VALUES (1, ${json({ setups: { default: { knowledge_base: knowledge } } })})`,
    `INSERT INTO "${prefix}organizations" VALUES (2, ${json({ setups: { default: { knowledge_base: { server_url: "http://kb2:9090", api_token: "own" } } } })})`,
    `CREATE TABLE "${prefix}lti_activities" (id INTEGER PRIMARY KEY)`,
    `INSERT INTO "${prefix}lti_activities" VALUES (1), (2), (3)`,
  ]);
  const data = join(dir, "open-webui/backend/data");
  const openai = {
    api_base_urls: ["http://backend:9099/v1", "https://api.openai.com/v1"],
    api_keys: ["old-bearer", "sk-own"],
  };
  database(join(data, "webui.db"), "delete", [
    "CREATE TABLE user (id TEXT PRIMARY KEY, profile_image_url TEXT)",
    "INSERT INTO user VALUES ('1', 'http://localhost:19099/static/img/lamb_icon.png'), ('2', '/user.png')",
    "CREATE TABLE config (id INTEGER PRIMARY KEY, data JSON)",
    `INSERT INTO config VALUES (1, ${json({ version: 0, openai })})`,
    "CREATE TABLE file (id TEXT PRIMARY KEY, path TEXT)",
    `INSERT INTO file VALUES ('1', '${at}/open-webui/backend/data/uploads/7_essay über Bäume.txt')`,
    `INSERT INTO file VALUES ('2', '${at}/open-webui/backend/data/uploads/gone.txt')`,
  ]);
  file(join(data, "uploads/7_essay über Bäume.txt"), "an essay");
  const kb = join(dir, "lamb-kb-server-stable/backend");
  database(join(kb, "data/lamb-kb-server.db"), "wal", [
    "CREATE TABLE file_registry (id INTEGER PRIMARY KEY, file_path TEXT, file_url TEXT)",
    `INSERT INTO file_registry VALUES (1, '${at}/lamb-kb-server-stable/backend/static/2/kb1/a.txt', 'http://localhost:9090/static/2/kb1/a.txt')`,
    "INSERT INTO file_registry VALUES (2, 'https://other.edu/page', 'https://other.edu/static/2/kb1/none.txt')",
  ]);
  database(join(kb, "data/chromadb/chroma.sqlite3"), "wal", [
    "CREATE TABLE embedding_metadata (id INTEGER, key TEXT, string_value TEXT, PRIMARY KEY (id, key))",
    `INSERT INTO embedding_metadata VALUES (1, 'source', '${at}/lamb-kb-server-stable/backend/static/2/kb1/a.txt')`,
    "INSERT INTO embedding_metadata VALUES (1, 'file_url', 'http://localhost:9090/static/2/kb1/a.txt')",
    "INSERT INTO embedding_metadata VALUES (2, 'file_url', 'http://localhost:9090/static/2/kb1/a.txt')",
    "INSERT INTO embedding_metadata VALUES (2, 'chroma:document', 'see /opt/lamb and http://localhost:9090/static/')",
  ]);
  writeDatabases(databases);
  file(join(kb, "static/2/kb1/a.txt"), "a document");
  file(join(dir, "backend/static/public/2/notes.txt"), "notes");
  file(join(dir, "backend/static/public/2/img/naïve picture.png"), "picture");
  symlinkSync(`${dir}/backend/static/public/2/notes.txt`, join(dir, "backend/static/public/2/inside"));
  file(join(dir, "backend/static/css/lamb.css"), "a file of the program");
  file(join(dir, "aac_logs/session.jsonl"), "{}\n");
}

/** Path and bytes of every file below a folder, links as what they say, with modes and times. */
export function bytesBelow(dir: string): string {
  const program = [
    "import hashlib, os, sys",
    "for folder, folders, names in os.walk(sys.argv[1]):",
    "    folders.sort()",
    "    for name in sorted(folders + names):",
    "        path = os.path.join(folder, name); s = os.lstat(path)",
    "        what = os.readlink(path) if os.path.islink(path) else '' if os.path.isdir(path) else hashlib.sha256(open(path, 'rb').read()).hexdigest()",
    "        print(os.path.relpath(path, sys.argv[1]), oct(s.st_mode), s.st_uid, s.st_gid, s.st_mtime_ns, what)",
  ];
  const { status, stdout, stderr } = run("python3", ["-c", program.join("\n"), dir]);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
