import glob
import importlib
import os


def load_plugins():
    folder = os.path.join(os.path.dirname(__file__), "connectors")
    found = {}
    for file in glob.glob(os.path.join(folder, "*.py")):
        name = os.path.basename(file)[:-3]
        if name == "__init__":
            continue
        try:
            found[name] = importlib.import_module(f"lamb.completions.connectors.{name}")
        except Exception as error:  # as in LAMB: a plugin that cannot be imported is only logged
            print("no plugin", name, error)
    return found
