import { cp, mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { must } from "./run";

/** The volumes of LAMB's data → where a checkout has them. */
export const CHECKOUT_FOLDERS = {
  "lamb-static": "backend/static/public",
  "openwebui-data": "open-webui/backend/data",
  "kb-data": "lamb-kb-server-stable/backend/data",
  "kb-static": "lamb-kb-server-stable/backend/static",
  "library-manager-data": "library-manager/data",
} as const;

/** What programs of the old stack have written down, where its files lie at /opt/lamb. */
const OLD_NAMES = `
import json, sqlite3, sys
home = sys.argv[1]
def change(path, *statements):
    database = sqlite3.connect(home + "/" + path)
    for statement, *values in statements:
        assert database.execute(statement, values).rowcount != 0, statement
    database.commit()
    database.close()
static = "/opt/lamb/lamb-kb-server-stable/backend/static/"
change("lamb-kb-server-stable/backend/data/lamb-kb-server.db",
    ["UPDATE file_registry SET file_path = replace(file_path, '/app/backend/static/', ?)", static])
change("lamb-kb-server-stable/backend/data/chromadb/chroma.sqlite3",
    ["UPDATE embedding_metadata SET string_value = replace(string_value, '/app/backend/static/', ?) WHERE key = 'source'", static])
openai = {"openai": {"api_base_urls": ["http://backend:9099/v1"], "api_keys": ["old"]}}
essay = "/opt/lamb/open-webui/backend/data/uploads/7_essay \\u00fcber B\\u00e4ume.txt"
change("open-webui/backend/data/webui.db",
    ["INSERT OR REPLACE INTO config (id, data, version) VALUES (1, ?, 0)", json.dumps(openai)],
    ["INSERT INTO file (id, user_id, filename, created_at, path) VALUES ('7', '2', 'essay.txt', 0, ?)", essay])
`;

/** Writes LAMB's database from time to time, and does not hear when it is to end: what it wrote last is in the WAL alone. */
const WRITER = `
import signal, sqlite3, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
database = sqlite3.connect("/opt/lamb/lamb_v4.db", isolation_level=None)
database.execute("PRAGMA journal_mode = wal")
database.execute("CREATE TABLE IF NOT EXISTS beats (at REAL)")
while True:
    database.execute("INSERT INTO beats VALUES (?)", [time.time()])
    time.sleep(0.2)
`;

const ENV = [
  "LAMB_WEB_HOST=https://lamb.localhost",
  "OWI_PUBLIC_BASE_URL=https://chat.localhost",
  "LAMB_BEARER_TOKEN=a-bearer-token-of-the-old-stack",
  "LAMB_DB_PATH=/opt/lamb",
  "OWI_PATH=/opt/lamb/open-webui/backend/data",
  "OWI_ADMIN_EMAIL=it@uni.edu",
  "OWI_ADMIN_PASSWORD='a password, of the old stack'",
  "LTI_SECRET=an-lti-secret-of-the-old-stack",
  "LAMB_KB_SERVER_TOKEN=0p3n-w3bu!",
];

/** The key of the library manager, which the old stack of 0.6 has already: in the `.env` beside its Compose file. */
const LIBRARY_TOKEN = "LIBRARY_MANAGER_TOKEN=a-key-of-the-old-library";

/**
 * A checkout of LAMB with its data, and its old stack running: one program that writes, in the place of all.
 *
 * @param volumes folders with the data of volumes
 */
export async function startOldStack(home: string, project: string, volumes: string, image: string): Promise<void> {
  for (const [volume, folder] of Object.entries(CHECKOUT_FOLDERS)) {
    await mkdir(join(home, folder, ".."), { recursive: true });
    await cp(join(volumes, volume), join(home, folder), { recursive: true });
  }
  await cp(join(volumes, "lamb-data"), home, { recursive: true });
  await mkdir(join(home, "aac_logs"));
  await writeFile(join(home, "aac_logs/session.jsonl"), "{}\n");
  await writeFile(join(home, "open-webui/backend/data/uploads/7_essay über Bäume.txt"), "an essay");
  await must("python3", ["-c", OLD_NAMES, home]);
  // Somebody made room: documents of one teacher lie on another disk.
  const documents = join(home, CHECKOUT_FOLDERS["kb-static"], "3");
  await mkdir(join(home, "../another disk"));
  await rename(documents, join(home, "../another disk/3"));
  await symlink(join(home, "../another disk/3"), documents);
  await writeFile(join(home, "backend/.env"), `\ufeff${ENV.join("\r\n")}\r\n`);
  await writeFile(join(home, ".env"), `${LIBRARY_TOKEN}\n`);
  const service = { image, command: ["python", "-c", WRITER], volumes: ["./:/opt/lamb"], stop_grace_period: "1s" };
  const compose = { name: project, services: { backend: service } };
  await writeFile(join(home, "docker-compose.yaml.new"), JSON.stringify(compose));
  await rename(join(home, "docker-compose.yaml.new"), join(home, "docker-compose.yaml"));
  await must("docker", ["compose", "up", "--detach"], { cwd: home });
}
