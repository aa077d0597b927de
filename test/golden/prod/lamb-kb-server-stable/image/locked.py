# Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
"""Says whether locked requirements still are what a project asks for.

    python locked.py LOCK REQUIREMENTS…   exit code 1 when a locked version is none that is asked for

REQUIREMENTS is a requirements.txt or a pyproject.toml, or several. What it asks for and the lock leaves out is no mistake: the
lock may hold only what is imported.
"""

import pathlib
import re
import sys
import tomllib

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name


def asked_for(file):
    text = file.read_text()
    if file.name.endswith(".toml"):
        project = tomllib.loads(text)["project"]
        extras = project.get("optional-dependencies", {}).values()
        lines = [*project.get("dependencies", []), *(line for extra in extras for line in extra)]
    else:
        lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def locked_in(file):
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", file.read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


lock, *files = (pathlib.Path(word) for word in sys.argv[1:])
locked = locked_in(lock)
stale = 0
for requirements, asked in [(file, asked) for file in files for asked in asked_for(file)]:
    version = locked.get(canonicalize_name(asked.name))
    if version is None or (asked.marker is not None and not asked.marker.evaluate()):
        continue
    if not asked.specifier.contains(version, prereleases=True):
        stale += 1
        print(f"{requirements.name} asks for {asked}, and the lock has {version}", file=sys.stderr)
if stale:
    sys.exit("Renew the lock with lamb-compose dependencies.")
