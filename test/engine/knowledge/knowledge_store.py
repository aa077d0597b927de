"""Stands for the knowledge store, and says whether it reaches what it is told of."""

import os
import socket
from urllib.parse import urlsplit

from stand_in import File, call, require, serve

require("LAMB_API_TOKEN", "QDRANT_URL", "QDRANT_API_KEY", "KG_RAG_NEO4J_URI", "KG_RAG_NEO4J_PASSWORD")
File(os.environ["DATA_DIR"]).put("collections")


def beside(_):
    graph = urlsplit(os.environ["KG_RAG_NEO4J_URI"])
    with socket.create_connection((graph.hostname, graph.port), timeout=5) as connection:
        greeting = connection.recv(4).decode()
    key = {"api-key": os.environ["QDRANT_API_KEY"]}
    return 200, {"vectors": call("GET", os.environ["QDRANT_URL"] + "/collections", key), "graph": greeting}


serve("kb-v2", 9092, {("GET", "/health"): lambda _: (200, {"status": "ok"}), ("GET", "/beside"): beside}, {})
