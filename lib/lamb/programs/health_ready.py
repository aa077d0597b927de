import socket, sys

PORT, URL, PROGRAM = 0, "", ""

socket.create_connection(("127.0.0.1", PORT), 3).close()
import json, urllib.request

status = json.load(urllib.request.urlopen(URL, timeout=3))["status"]
if status != "ok":
    sys.exit(f"{PROGRAM} is {status}")
