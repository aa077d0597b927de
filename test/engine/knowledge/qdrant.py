"""Stands for Qdrant: ready or not, and collections for those who have the key."""

import os

from stand_in import File, require, serve

require("QDRANT__SERVICE__API_KEY")
key = os.environ["QDRANT__SERVICE__API_KEY"]
storage = File("/qdrant/storage")
storage.put("vectors")


def collections(request):
    return (200, {"result": []}) if request.headers.get("api-key") == key else (401, {})


serve("qdrant", 6333, {("GET", "/readyz"): lambda _: (200, {}), ("GET", "/collections"): collections}, {})
