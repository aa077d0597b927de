# Made by lamb-compose from the construct "images/library-manager". Do not edit: change the program and run it again.
import socket, sys

socket.create_connection(("127.0.0.1", 9091), 3).close()
import json, urllib.request

status = json.load(urllib.request.urlopen("http://127.0.0.1:9091/health", timeout=3))["status"]
if status != "ok":
    sys.exit("the library manager is " + status)
