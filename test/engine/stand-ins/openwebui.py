"""Stands for Open WebUI: migrates before it listens, trusts the sign-in header, keeps all in one SQLite file."""

import hashlib
import os
import pathlib
import secrets
import time

from stand_in import Database, File, call, log, serve

env = os.environ.get
data = pathlib.Path(env("DATA_DIR") or "/app/backend/data")

# The start script draws a secret when it got none, and keeps it outside the volume.
secret = env("WEBUI_SECRET_KEY")
if not secret:
    kept = pathlib.Path("/app/backend/.webui_secret_key")
    if not kept.exists():
        log("WEBUI_SECRET_KEY is empty: drawing one")
        kept.write_text(secrets.token_hex())
    secret = kept.read_text()

database = Database(data / "webui.db", "delete")
# Twelve columns in this order: LAMB reads them by position.
database.run(
    "CREATE TABLE IF NOT EXISTS user (id TEXT PRIMARY KEY, name TEXT, email TEXT UNIQUE, role TEXT, profile_image_url TEXT, "
    "api_key TEXT, created_at INTEGER, updated_at INTEGER, last_active_at INTEGER, settings TEXT, info TEXT, oauth_sub TEXT)"
)
database.run("CREATE TABLE IF NOT EXISTS auth (id TEXT PRIMARY KEY, email TEXT, password TEXT, active INTEGER)")
time.sleep(1)  # migrations take longer than this; nothing answers before they are done


def health(_):
    database.run("SELECT 1")
    return 200, {"status": True}


def signin(request):
    trusted = env("WEBUI_AUTH_TRUSTED_EMAIL_HEADER")
    email = request.headers.get(trusted) if trusted else None
    if email is None:
        return 400, {"detail": "no trusted header"}
    roles = database.run("SELECT role FROM user WHERE email = ?", (email,))
    return (200, {"role": roles[0][0]}) if roles else (403, {"detail": "no such user"})


def signup(_):
    return (403, {"detail": "closed"}) if (env("ENABLE_SIGNUP") or "true").lower() == "false" else (200, {"role": "user"})


def reach(_):
    """The status that each configured model provider gives to a chat with the key that belongs to it."""
    urls, keys = ((env(name) or "").split(";") for name in ("OPENAI_API_BASE_URLS", "OPENAI_API_KEYS"))
    return 200, {
        url: call("POST", url + "/chat/completions", {"Authorization": f"Bearer {key}"}, {"messages": []})
        for url, key in zip(urls, keys)
        if url
    }


serve(
    "openwebui",
    int(env("PORT") or 8080),
    {
        ("GET", "/health"): lambda _: (200, {"status": True}),
        ("GET", "/health/db"): health,
        ("POST", "/api/v1/auths/signin"): signin,
        ("POST", "/api/v1/auths/signup"): signup,
        ("GET", "/stand-in/reach"): reach,
        ("GET", "/stand-in/sessions"): lambda _: (200, {"key": hashlib.sha256(secret.encode()).hexdigest()}),
    },
    {"database": database, "uploads": File(data / "uploads"), "vectors": File(data / "vector_db")},
    unknown=200,
)
