"""Stands for `library-manager`: an unprivileged user, one instance a data folder, a health that never fails by status."""

import fcntl
import os
import pathlib
import sqlite3

from stand_in import Database, File, require, serve

require("LAMB_API_TOKEN")

data = pathlib.Path(os.environ.get("DATA_DIR") or "data")
lock = open(data / ".lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
database = Database(data / "library-manager.db", "wal")
database.connect().close()


def health(_):
    try:
        database.run("SELECT 1")
        return 200, {"status": "ok"}
    except sqlite3.Error:
        return 200, {"status": "degraded"}


def libraries(request):
    return (200, []) if request.bearer == os.environ["LAMB_API_TOKEN"] else (401, {"detail": "Invalid token"})


serve(
    "library-manager",
    9091,
    {("GET", "/health"): health, ("GET", "/libraries"): libraries},
    {"database": database, "content": File(data / "content")},
)
