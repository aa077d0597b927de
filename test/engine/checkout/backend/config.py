import os

# As in LAMB, the first one that is missing ends the import.
for name in ("LAMB_BEARER_TOKEN", "OWI_PATH", "OPENAI_BASE_URL"):
    if not os.environ.get(name):
        raise ValueError(f"{name} is required")
if "OPENAI_API_KEY" not in os.environ:
    raise ValueError("OPENAI_API_KEY must be set, if only to nothing")

LAMB_DB = os.path.join(os.environ["LAMB_DB_PATH"], "lamb_v4.db")
OWI_DB = os.path.join(os.environ["OWI_PATH"], "webui.db")
