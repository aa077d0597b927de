"""Stands for `lamb`: what its image needs at start, where it writes, what its routes prove and do not prove."""

import hashlib
import os
import pathlib
import sqlite3
import time

from stand_in import Database, File, call, log, require, serve

require(
    "LAMB_WEB_HOST",
    "LAMB_BACKEND_HOST",
    "LAMB_BEARER_TOKEN",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OWI_PATH",
    "OWI_BASE_URL",
    "SIGNUP_SECRET_KEY",
    "OWI_ADMIN_NAME",
    "OWI_ADMIN_EMAIL",
    "OWI_ADMIN_PASSWORD",
    "LAMB_KB_SERVER_TOKEN",
)
os.environ["OPENAI_API_KEY"]  # may be empty, must not be absent

env = os.environ.get
data = pathlib.Path(env("LAMB_DB_PATH") or "/data/lamb")
lamb_db = Database(data / "lamb_v4.db", "wal")
webui_db = pathlib.Path(env("OWI_PATH")) / "webui.db"

# The container's own start script rewrites this file, and its locks live here: both must be writable.
pathlib.Path("/app/frontend/build/config.js").write_text(f"window.lambServer = '{env('LAMB_WEB_HOST')}';\n")
pathlib.Path("/tmp/lamb_owi_locks").mkdir(exist_ok=True)

try:
    lamb_db.connect().close()
    lamb_db.run(f'CREATE TABLE IF NOT EXISTS "{env("LAMB_DB_PREFIX", "LAMB_")}Creator_users" (id INTEGER PRIMARY KEY)')
except sqlite3.Error as error:
    log("migration failed, as ever silently:", error)

while not webui_db.exists():
    log("waiting for", webui_db)
    time.sleep(float(env("OWI_DB_POLL_INTERVAL_SECONDS") or 1))

try:
    owi = sqlite3.connect(webui_db, timeout=5)
    with owi:
        email = env("OWI_ADMIN_EMAIL")
        if not owi.execute("SELECT 1 FROM user WHERE email = ?", (email,)).fetchall():
            name, password = env("OWI_ADMIN_NAME"), hashlib.sha256(env("OWI_ADMIN_PASSWORD").encode()).hexdigest()
            owi.execute("INSERT INTO user (id, name, email, role) VALUES (?, ?, ?, 'admin')", (email, name, email))
            owi.execute("INSERT INTO auth (id, email, password, active) VALUES (?, ?, ?, 1)", (email, email, password))
    owi.close()
except sqlite3.Error as error:
    log("no admin in Open WebUI:", error)

signin = call(
    "POST",
    env("OWI_BASE_URL") + "/api/v1/auths/signin",
    {"X-User-Email": env("OWI_ADMIN_EMAIL"), "X-User-Name": env("OWI_ADMIN_NAME")},
    {"email": "", "password": ""},
)
log("sign-in at Open WebUI:", signin)


def completions(request):
    return (200, {"choices": []}) if request.bearer == env("LAMB_BEARER_TOKEN") else (401, {"detail": "bearer"})


def reach(_):
    """The statuses that lamb gets from the services it calls, with the tokens that it was given."""
    statuses = {"openwebui": signin}
    if env("LAMB_KB_SERVER"):
        token = {"Authorization": f"Bearer {env('LAMB_KB_SERVER_TOKEN')}"}
        statuses["kb"] = call("GET", env("LAMB_KB_SERVER") + "/database/status", token)
    if env("LAMB_LIBRARY_SERVER"):
        token = {"Authorization": f"Bearer {env('LAMB_LIBRARY_TOKEN')}"}
        statuses["library"] = call("GET", env("LAMB_LIBRARY_SERVER") + "/libraries", token)
    return 200, statuses


serve(
    "lamb",
    9099,
    {
        ("GET", "/status"): lambda _: (200, {"status": True}),
        ("GET", "/v1/models"): lambda _: (200, {"object": "list", "data": []}),
        ("POST", "/v1/chat/completions"): completions,
        ("GET", "/stand-in/reach"): reach,
    },
    {
        "database": lamb_db,
        "uploads": File("/app/backend/static/public/1"),
        "logs": File(pathlib.Path(env("LAMB_DB_PATH") or ".") / "aac_logs"),
    },
    # Its single-page application answers every other path: `/health` is 200 there and says nothing.
    unknown=200,
)
