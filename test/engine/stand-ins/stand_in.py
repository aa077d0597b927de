"""What every stand-in does: serve HTTP until SIGTERM, keep markers, say what it sees of its network and its requests.

Beside the routes of the service that it stands for, each answers below /stand-in:
  PUT /stand-in/marker?place=P    keeps the body in the place P, as the service keeps data of that kind
  GET /stand-in/marker?place=P    gives it back, 404 when there is none
  GET /stand-in/resolve?name=N    the IPv4 addresses that N has inside this container
A path that the service does not know is answered with what arrived: method, path and headers.
"""

import json
import os
import pathlib
import signal
import socket
import sqlite3
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Server(ThreadingHTTPServer):
    # As many as uvicorn lets wait: of those for whom there is no room, each tries again after seconds.
    request_queue_size = 2048


def log(*words):
    print(*words, file=sys.stderr, flush=True)


def require(*names):
    """Ends the program as the real service ends: at import, when a variable is missing or empty."""
    for name in names:
        if not os.environ.get(name):
            sys.exit(f"{name} is required")


def call(method, url, headers=None, body=None):
    """The status of an HTTP call, 0 when nothing answered."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        log(method, url, error)
        return 0


class File:
    """Data that the service keeps as plain files below a folder, which it makes itself."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "marker"

    def put(self, text):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(text)

    def get(self):
        return self.path.read_text() if self.path.exists() else None


class Database:
    """Data that the service keeps in SQLite, in the journal mode that the service uses."""

    def __init__(self, path, journal):
        self.path, self.journal = str(path), journal

    def connect(self):
        connection = sqlite3.connect(self.path, timeout=5)
        connection.execute(f"PRAGMA journal_mode={self.journal}")
        connection.execute("CREATE TABLE IF NOT EXISTS marker (only INTEGER PRIMARY KEY CHECK (only = 1), text TEXT)")
        connection.commit()
        return connection

    def run(self, statement, values=()):
        connection = self.connect()
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def put(self, text):
        self.run("INSERT OR REPLACE INTO marker VALUES (1, ?)", (text,))

    def get(self):
        rows = self.run("SELECT text FROM marker")
        return rows[0][0] if rows else None


class Request:
    def __init__(self, method, target, headers, body):
        url = urlsplit(target)
        self.method, self.target, self.path, self.headers, self.body = method, target, url.path, headers, body
        self.query = {name: values[0] for name, values in parse_qs(url.query).items()}

    @property
    def bearer(self):
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if kind == "Bearer" else None


def marker(places, request):
    place = places.get(request.query.get("place"))
    if place is None:
        return 404, {"places": sorted(places)}
    if request.method == "PUT":
        place.put(request.body.decode())
        return 200, {}
    text = place.get()
    return (404, {}) if text is None else (200, {"text": text})


def resolve(request):
    try:
        found = socket.getaddrinfo(request.query["name"], None, socket.AF_INET, socket.SOCK_STREAM)
        return 200, {"addresses": sorted({entry[4][0] for entry in found})}
    except socket.gaierror as error:
        return 404, {"error": str(error)}


def serve(service, port, routes, places, unknown=404):
    """Answers on `port` until SIGTERM. `routes` maps (method, path) to a function from request to (status, body)."""
    routes = {
        **routes,
        ("PUT", "/stand-in/marker"): lambda request: marker(places, request),
        ("GET", "/stand-in/marker"): lambda request: marker(places, request),
        ("GET", "/stand-in/resolve"): resolve,
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, self.headers, body)
            route = routes.get((self.command, request.path))
            if route is None:
                answer = unknown, {"method": self.command, "path": self.path, "headers": dict(self.headers.items())}
            else:
                try:
                    answer = route(request)
                except Exception as error:  # a failed route answers 500, as it does under FastAPI
                    log(self.command, self.path, repr(error))
                    answer = 500, {"error": str(error)}
            status, content = answer
            # Compact, as FastAPI writes it: probes grep for it.
            text = json.dumps(content, separators=(",", ":")).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.send_header("X-Stand-In", service)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_one

        def log_message(self, format, *values):
            log(service, format % values)

    server = Server(("0.0.0.0", port), Handler)
    # As process 1 it would not even see SIGTERM without a handler.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log(service, "listens on", port)
    server.serve_forever()
    log(service, "stopped")
