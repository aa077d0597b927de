# Made by lamb-compose from the construct "images/lamb". Do not edit: change the program and run it again.
import os, sqlite3, sys, urllib.request

urllib.request.urlopen("http://127.0.0.1:9099/status", timeout=3)
for path, written in ((os.environ["LAMB_DB_PATH"] + "/lamb_v4.db", True), (os.environ["OWI_PATH"] + "/webui.db", True)):
    if not os.path.isfile(path):
        sys.exit(path + " is missing")
    if written and not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)):
        sys.exit(path + " cannot be written")
    sqlite3.connect(path, timeout=2).execute("SELECT 1 FROM sqlite_master")
