"""A server of LAMB's shape: its folders, its plugins, its databases, its pages. It does nothing else."""

import pathlib
import sqlite3
import tempfile

from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route

import config
from lamb.completions.main import load_plugins

PAGES = pathlib.Path(__file__).parent.parent / "frontend" / "build"
UPLOADS = pathlib.Path("static/public")
CACHE = pathlib.Path("static/cache/news")
LOCKS = pathlib.Path(tempfile.gettempdir()) / "lamb_owi_locks"

for folder in (CACHE, LOCKS):
    folder.mkdir(parents=True, exist_ok=True)
for path, table in ((config.LAMB_DB, "LAMB_Creator_users"), (config.OWI_DB, "user")):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (text TEXT)")
        database.execute(f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY)")


def status(_):
    return JSONResponse({"status": True, "plugins": sorted(load_plugins())})


async def keep(request):
    text = (await request.body()).decode()
    for path in (config.LAMB_DB, config.OWI_DB):
        with sqlite3.connect(path) as database:
            database.execute("INSERT INTO kept VALUES (?)", (text,))
    (UPLOADS / "kept.txt").write_text(text)
    return PlainTextResponse("kept")


def kept(_):
    rows = [sqlite3.connect(path).execute("SELECT text FROM kept").fetchall() for path in (config.LAMB_DB, config.OWI_DB)]
    return JSONResponse({"rows": rows, "upload": (UPLOADS / "kept.txt").read_text()})


def bulk(_):
    # LAMB names some of its own modules from the folder above.
    from backend.lamb.bulk import NAME

    return PlainTextResponse(NAME)


def page(request):
    name = request.path_params["path"]
    return FileResponse(PAGES / (name if (PAGES / name).is_file() else "index.html"))


app = Starlette(
    routes=[
        Route("/status", status),
        Route("/keep", keep, methods=["POST"]),
        Route("/kept", kept),
        Route("/bulk", bulk),
        Route("/{path:path}", page),
    ]
)
