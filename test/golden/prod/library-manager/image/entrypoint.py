# Made by lamb-compose from the construct "images/library-manager". Do not edit: change the program and run it again.
"""Starts the server, unless its environment is wrong: then says all that is, and ends with 78.

    python entrypoint.py uvicorn …   checks what contract.json says, and becomes the server
    python entrypoint.py COMMAND …   becomes the command
"""

import json
import os
import pathlib
import re
import sys

EX_CONFIG = 78
TRUE = {"1", "true", "yes", "on", "enable"}

CONTRACT = json.loads(pathlib.Path(__file__).with_name("contract.json").read_text())
PROGRAM = CONTRACT["program"]


def value_of(names):
    """The value of the first of the variables that has one."""
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def variable_problems():
    for variable in CONTRACT["variables"]:
        name = " or ".join(variable["names"])
        value = value_of(variable["names"])
        if not value:
            if "without" in variable:
                yield f"{name} is missing or empty: without it {PROGRAM} {variable['without']}"
            continue
        if variable.get("secret") and value in CONTRACT["refused"]:
            yield f"{name} is a value that everybody can read in public: make one with openssl rand -hex 32"
        only = variable.get("only")
        if only and value != only["value"]:
            yield f"{name} must be {only['value']}: {only['because']}"
        if "kind" in variable:
            pattern, reason = CONTRACT["kinds"][variable["kind"]]
            if not re.fullmatch(pattern, value):
                yield f"{name} {reason}"


def folder_problems():
    uid, gid = os.getuid(), os.getgid()
    user = f"{uid}:{gid}"
    for folder in CONTRACT["folders"]:
        named = folder["path"]
        path = pathlib.Path(os.environ.get(named[1:], "") if named.startswith("$") else named)
        if not path.is_absolute():
            continue  # the check of the variable says so
        if not path.is_dir():
            yield f"{path} is missing: it holds {folder['holds']}, and needs a volume"
        elif locked := not_writable(path):
            what = f"{', '.join(map(str, locked[:3]))}: user {user}, as whom {PROGRAM} runs, cannot write {folder['holds']}. "
            if in_memory(path):
                yield f"{what}Mount the tmpfs as {path}:uid={uid},gid={gid}"
            else:
                yield (
                    f"{what}Give it to that user, once, with the name of the service: docker compose run --rm --no-deps "
                    f"--user 0 --cap-add CHOWN --cap-add DAC_OVERRIDE --entrypoint chown SERVICE -R {user} {path}"
                )


def in_memory(path):
    """Whether a folder is a tmpfs."""
    mounts = (line.split() for line in pathlib.Path("/proc/self/mounts").read_text().splitlines())
    return any(place == str(path) and kind == "tmpfs" for _, place, kind, *_ in mounts)


def not_writable(folder):
    """Of a folder and what lies in it, what this user cannot write."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return [folder]
    inside = (path for path in sorted(folder.iterdir()) if path.name != "lost+found")  # a file system has its own
    return [path for path in inside if not os.access(path, os.W_OK)]


def write_settings(settings):
    """Puts the settings of the pages where the server finds them: a whole file, or the one of before."""
    path = pathlib.Path(settings["path"])
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(f"window.{settings['object']} = {json.dumps(resolved(settings['values']), indent=2)};\n")
    beside.replace(path)


def resolved(value):
    if not isinstance(value, dict):
        return value
    if "from" not in value:
        return {name: resolved(inner) for name, inner in value.items()}
    given = value_of(value["from"])
    if isinstance(value["else"], bool):
        return given.strip().lower() in TRUE if given else value["else"]
    return given or value["else"]


def main():
    command = sys.argv[1:]
    if command[:1] == ["uvicorn"]:
        problems = [*variable_problems(), *folder_problems()]
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            print(f"{PROGRAM} was not started: {len(problems)} problem(s)", file=sys.stderr)
            sys.exit(EX_CONFIG)
        for name in CONTRACT.get("emptyWhenMissing", []):
            os.environ.setdefault(name, "")
        if "settings" in CONTRACT:
            write_settings(CONTRACT["settings"])
        if "workers" in CONTRACT:
            command += ["--workers", value_of([CONTRACT["workers"]]) or "1"]
    os.execvp(command[0], command)


main()
