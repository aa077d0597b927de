"""Stands for Neo4j: a page on 7474, and somebody who listens for Bolt on 7687."""

import os
import socket
import threading

from stand_in import File, require, serve

require("NEO4J_AUTH")
user, _, password = os.environ["NEO4J_AUTH"].partition("/")
if user != "neo4j" or len(password) < 8:
    raise SystemExit("NEO4J_AUTH must be neo4j/, and a password of eight characters")
File("/data/databases").put("graph")

bolt = socket.create_server(("0.0.0.0", 7687))


def answer():
    while True:
        connection, _ = bolt.accept()
        connection.sendall(b"bolt")
        connection.close()


threading.Thread(target=answer, daemon=True).start()
serve("neo4j", 7474, {("GET", "/"): lambda _: (200, {"neo4j_edition": "community"})}, {})
