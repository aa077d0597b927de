# Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
import os, socket, sys

PORT, URL, DATABASES = 9099, "http://127.0.0.1:9099/status", (
    (os.environ["LAMB_DB_PATH"] + "/lamb_v4.db", os.environ.get("LAMB_DB_PREFIX", "LAMB_") + "Creator_users", True),
    (os.environ["OWI_PATH"] + "/webui.db", "user", True),
)

socket.create_connection(("127.0.0.1", PORT), 3).close()
import sqlite3, urllib.request

urllib.request.urlopen(URL, timeout=3)
for path, table, written in DATABASES:
    if not os.path.isfile(path):
        sys.exit(path + " is missing")
    if written and not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)):
        sys.exit(path + " cannot be written")
    disk = os.statvfs(path)
    if written and disk.f_bavail * disk.f_frsize < 1 << 20:
        sys.exit(path + " has no room left on its disk")
    sqlite3.connect(path, timeout=2).execute('SELECT 1 FROM "%s" LIMIT 1' % table)
