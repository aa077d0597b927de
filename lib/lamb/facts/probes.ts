/** Programs that say whether a service can do its work. They run inside the service's own container. */

/** A database of SQLite that a service cannot do without. The texts are expressions of Python. */
interface ProbedDatabase {
  readonly path: string;
  /** A table that it always has: a database that was overwritten, or is another one, does not. */
  readonly table: string;
  readonly written: boolean;
}

/** `webui.db` below a folder. */
const webuiDb = (folder: string, written: boolean): ProbedDatabase => ({
  path: `${folder} + "/webui.db"`,
  table: '"user"',
  written,
});

/**
 * LAMB is ready when it answers and can work with both databases: its `/status` is a constant, and stays good when Open
 * WebUI's data are read-only.
 *
 * @param writesOpenWebUi whether the release writes Open WebUI's database
 */
export function lambProbe(port: number, writesOpenWebUi: boolean): string {
  const own = {
    path: 'os.environ["LAMB_DB_PATH"] + "/lamb_v4.db"',
    table: 'os.environ.get("LAMB_DB_PREFIX", "LAMB_") + "Creator_users"',
    written: true,
  };
  return databaseProbe(port, "/status", [own, webuiDb('os.environ["OWI_PATH"]', writesOpenWebUi)]);
}

/**
 * Open WebUI is ready when it answers and can work with its database. Its `/health/db` reads no table: it stays good while
 * the database is locked, gone or full.
 *
 * @param folder where its data are in the container
 */
export function openWebUiProbe(port: number, folder: string): string {
  return databaseProbe(port, "/health", [webuiDb(JSON.stringify(folder), true)]);
}

/** A probe that costs little until something listens: only then does Python load what asks more. */
function databaseProbe(port: number, path: string, databases: readonly ProbedDatabase[]): string {
  const rows = databases.map(({ path, table, written }) => `    (${path}, ${table}, ${written ? "True" : "False"}),\n`);
  return `\
import os, socket, sys

socket.create_connection(("127.0.0.1", ${port}), 3).close()
import sqlite3, urllib.request

urllib.request.urlopen("http://127.0.0.1:${port}${path}", timeout=3)
for path, table, written in (
${rows.join("")}):
    if not os.path.isfile(path):
        sys.exit(path + " is missing")
    if written and not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)):
        sys.exit(path + " cannot be written")
    disk = os.statvfs(path)
    if written and disk.f_bavail * disk.f_frsize < 1 << 20:
        sys.exit(path + " has no room left on its disk")
    sqlite3.connect(path, timeout=2).execute('SELECT 1 FROM "%s" LIMIT 1' % table)
`;
}

/** The knowledge base is ready when both of its databases are. Its `/health` is a constant. */
export function kbProbe(port: number): string {
  return `\
import os, socket, sys

socket.create_connection(("127.0.0.1", ${port}), 3).close()
import json, urllib.request

request = urllib.request.Request("http://127.0.0.1:${port}/database/status")
request.add_header("Authorization", "Bearer " + os.environ["LAMB_API_KEY"])
status = json.load(urllib.request.urlopen(request, timeout=3))
for database in ("sqlite_status", "chromadb_status"):
    if not status[database]["initialized"]:
        sys.exit(database + ": not initialized")
`;
}

/** The library manager says "degraded" with status 200: its words count. */
export function libraryManagerProbe(port: number): string {
  return `\
import socket, sys

socket.create_connection(("127.0.0.1", ${port}), 3).close()
import json, urllib.request

status = json.load(urllib.request.urlopen("http://127.0.0.1:${port}/health", timeout=3))["status"]
if status != "ok":
    sys.exit("the library manager is " + status)
`;
}
