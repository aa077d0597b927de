/** Programs that say whether a service can do its work. They run inside the service's own container. */

/**
 * LAMB is ready when it answers and can write both databases: its `/status` is a constant, and stays good when Open
 * WebUI's data are read-only.
 *
 * @param writesOpenWebUi whether the release writes Open WebUI's database
 */
export function lambProbe(port: number, writesOpenWebUi: boolean): string {
  return `\
import os, sqlite3, sys, urllib.request

urllib.request.urlopen("http://127.0.0.1:${port}/status", timeout=3)
for path, written in ((os.environ["LAMB_DB_PATH"] + "/lamb_v4.db", True), (os.environ["OWI_PATH"] + "/webui.db", ${writesOpenWebUi ? "True" : "False"})):
    if not os.path.isfile(path):
        sys.exit(path + " is missing")
    if written and not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)):
        sys.exit(path + " cannot be written")
    sqlite3.connect(path, timeout=2).execute("SELECT 1 FROM sqlite_master")
`;
}

/** The knowledge base is ready when both of its databases are. Its `/health` is a constant. */
export function kbProbe(port: number): string {
  return `\
import json, os, sys, urllib.request

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
import json, sys, urllib.request

status = json.load(urllib.request.urlopen("http://127.0.0.1:${port}/health", timeout=3))["status"]
if status != "ok":
    sys.exit("the library manager is " + status)
`;
}
