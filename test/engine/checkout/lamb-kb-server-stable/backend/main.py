"""A server of the knowledge base's shape."""

import os
import pathlib
import sqlite3

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from plugins.base import discover_plugins

DATA = pathlib.Path("data")
(DATA / "chromadb").mkdir(exist_ok=True)
with sqlite3.connect(DATA / "lamb-kb-server.db") as database:
    database.execute("CREATE TABLE IF NOT EXISTS kept (text TEXT)")
PLUGINS = discover_plugins("plugins")


def database_status(request):
    if request.headers.get("authorization") != f"Bearer {os.environ['LAMB_API_KEY']}":
        return JSONResponse({}, 401)
    ready = {"initialized": True}
    return JSONResponse({"sqlite_status": ready, "chromadb_status": ready, "plugins": PLUGINS})


app = Starlette(routes=[Route("/database/status", database_status)])
