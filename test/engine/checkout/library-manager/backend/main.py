"""A server of the library manager's shape."""

import importlib
import os
import pathlib
import sqlite3

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

DATA = pathlib.Path(os.environ.get("DATA_DIR", "data"))
(DATA / "content").mkdir(exist_ok=True)
with sqlite3.connect(DATA / "library-manager.db") as database:
    database.execute("CREATE TABLE IF NOT EXISTS kept (text TEXT)")


def load_plugins():
    modules = ["plugins.simple_import", "plugins.markup_import"]
    return [importlib.import_module(module).NAME for module in modules]


PLUGINS = load_plugins()


def health(_):
    return JSONResponse({"status": "ok", "plugins": PLUGINS})


app = Starlette(routes=[Route("/health", health)])
