"""Stands for Ollama's one program: `ollama serve`, and `ollama list` and `ollama pull`, which fail while no server answers."""

import sys

from stand_in import File, call, serve

command = sys.argv[1] if len(sys.argv) > 1 else ""
if command == "serve":
    models = File("/root/.ollama/models")
    routes = {
        ("GET", "/"): lambda _: (200, "Ollama is running"),
        ("GET", "/api/tags"): lambda _: (200, {"models": []}),
    }
    serve("ollama", 11434, routes, {"models": models})
elif command in ("list", "pull"):
    if call("GET", "http://127.0.0.1:11434/api/tags") != 200:
        sys.exit("could not connect to ollama app, is it running?")
    print("NAME    ID    SIZE    MODIFIED" if command == "list" else f"pulling {sys.argv[2]}\nsuccess")
else:
    sys.exit(f"unknown command {command!r}")
