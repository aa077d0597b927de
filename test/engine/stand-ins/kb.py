"""Stands for `kb`: a constant /health, and /database/status behind the bearer token, which really looks."""

import os
import pathlib
import sqlite3

from stand_in import Database, File, log, serve

token = os.environ.get("LAMB_API_KEY")
if token is None:
    log("LAMB_API_KEY is not set: the public default is in force")
    token = "0p3n-w3bu!"

data = pathlib.Path("data")
database = Database(data / "lamb-kb-server.db", "wal")
chroma = Database(data / "chromadb" / "chroma.sqlite3", "delete")
try:
    (data / "chromadb").mkdir(parents=True, exist_ok=True)
    database.connect().close()
    chroma.connect().close()
except (OSError, sqlite3.Error) as error:
    log("databases not made, as ever silently:", error)


def authorized(route):
    return lambda request: route(request) if request.bearer == token else (401, {"detail": "Invalid API key"})


def status(_):
    answer = {"errors": []}
    for name, store in (("sqlite_status", database), ("chromadb_status", chroma)):
        try:
            store.run("SELECT count(*) FROM marker")
            answer[name] = {"initialized": True}
        except sqlite3.Error as error:
            answer[name] = {"initialized": False}
            answer["errors"].append(str(error))
    return 200, answer


def document(path):
    return lambda _: (200, {"text": path.read_text()})


# What people have uploaded before it started.
DOCUMENTS = {("GET", f"/{path}"): document(path) for path in pathlib.Path("static").rglob("*.txt")}

serve(
    "kb",
    9090,
    {
        ("GET", "/health"): lambda _: (200, {"status": "ok"}),
        ("GET", "/database/status"): authorized(status),
        ("GET", "/collections"): authorized(lambda _: (200, [])),
        ("GET", "/docs"): lambda _: (200, {"title": "the whole API, for everyone"}),
        **DOCUMENTS,
        ("GET", "/static/marker"): lambda _: (200, {"text": File("static").get()}),
    },
    {"database": database, "index": chroma, "originals": File("static")},
)
