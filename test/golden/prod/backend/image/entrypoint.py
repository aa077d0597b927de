# Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.
"""Becomes a command, unless the environment is wrong: then says all that is, and ends with 78.

python entrypoint.py uvicorn …   checks what contract.json says, and becomes the server
python entrypoint.py COMMAND …   the same for any other command

docker run --entrypoint COMMAND IMAGE …   runs a command without the check
"""

import json
import math
import os
import pathlib
import re
import sys
import unicodedata

EX_USAGE = 64
EX_CONFIG = 78
TRUE = {"true", "ENABLE"}

CONTRACT = json.loads(pathlib.Path(__file__).with_name("contract.json").read_text())
PROGRAM = CONTRACT["program"]


SECRETS = CONTRACT["secrets"]
PLACEHOLDER = "is a placeholder that was never replaced"


def value_of(names):
    """The value of the first of the variables that has one."""
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def trimmed(value):
    return re.sub(f"^{SECRETS['spaces']}+|(?<!{SECRETS['spaces']}){SECRETS['spaces']}+\\Z", "", value)


def squeezed(value):
    """The letters and digits of a value, without what people vary: capitals, spaces and punctuation."""
    return re.sub(SECRETS["ignored"], "", value.lower())


def is_alike(one, other):
    bare = squeezed(one)
    return one == other or (bare != "" and bare == squeezed(other))


def is_placeholder(value):
    small = trimmed(value).lower()
    return any(re.search(pattern, small) for pattern in SECRETS["placeholders"])


def is_guess(value):
    bare = squeezed(value)
    if len(bare) > SECRETS["longestGuess"]:
        return False
    words = f"(?:{'|'.join(SECRETS['words'])})+"
    letters = re.sub("[0-9]", "", bare)
    read = bare.translate(str.maketrans(SECRETS["lookalikes"]))
    few_digits = len(bare) - len(letters) <= SECRETS["mostDigits"]
    return bool(
        re.fullmatch(SECRETS["sequence"], bare)
        or re.fullmatch(words, read)
        or (few_digits and re.fullmatch(words, letters))
    )


def is_weak(value):
    size = sum(size for kind, size in SECRETS["alphabets"] if re.search(kind, value))
    bits = len(value) * math.log2(max(size, 1))
    return bits < SECRETS["weakBits"] or len(set(value)) < SECRETS["fewestCharacters"]


def refusal(value):
    """Why a secret must not be used."""
    if any(is_alike(known, value) for known in CONTRACT["refused"]):
        return "is a value that everybody can read in public"
    if is_placeholder(value):
        return PLACEHOLDER
    if is_guess(value):
        return "is one of the values that everybody tries first"
    return None


def origin_of(address):
    """Scheme, host and port of an address, the host in the letters that are sent."""
    parts = re.fullmatch(
        r"([Hh][Tt][Tt][Pp][Ss]?)://(?:[^/?#@]*@)?([^/?#@:\[\]]+|\[[^\]]*\])(?::([0-9]*))?(?:[/?#].*)?", address
    )
    if parts is None:
        return None
    scheme = parts[1].lower()
    host = ".".join(map(ascii_label, re.split("[.\u3002]", parts[2]))).removesuffix(".")
    return scheme, host, int(parts[3] or (443 if scheme == "https" else 80))


def ascii_label(label):
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).lower())
    return small if small.isascii() else "xn--" + small.encode("punycode").decode()


def command_for(variable):
    return "openssl rand -base64 32 | tr +/ -_" if variable.get("kind") == "fernet" else "openssl rand -hex 32"


def warnings():
    """What a deployment should mend, and is started with."""
    first = {}
    for variable in CONTRACT["variables"]:
        name = " or ".join(variable["names"])
        value = value_of(variable["names"])
        if not variable.get("secret"):
            if "without" not in variable and is_placeholder(value):
                yield f"{name} {PLACEHOLDER}"
            continue
        if not trimmed(value) or refusal(value):
            continue
        if "without" in variable and is_weak(value):
            yield f"{name} is short or simple enough to be guessed: make one with {command_for(variable)}"
        if value in first:
            yield f"{name} has the value of {first[value]}: who learns one knows the other"
        first.setdefault(value, name)


def relation_problems():
    for one, other, because in CONTRACT["otherOrigins"]:
        origin = origin_of(trimmed(os.environ.get(one, "")))
        if origin is not None and origin == origin_of(trimmed(os.environ.get(other, ""))):
            yield f"{one} names the same host as {other}, and must not: {because}"


def variable_problems():
    for variable in CONTRACT["variables"]:
        name = " or ".join(variable["names"])
        value = value_of(variable["names"])
        if not trimmed(value):
            if "without" in variable:
                yield f"{name} is missing or empty: without it {PROGRAM} {variable['without']}"
            continue
        if variable.get("secret") and (reason := refusal(value)):
            yield f"{name} {reason}: make one with {command_for(variable)}"
        elif "without" in variable and is_placeholder(value):
            yield f"{name} {PLACEHOLDER}"
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
        return given in TRUE if given else value["else"]
    return given or value["else"]


def end(status, *sentences):
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    sys.exit(status)


def main():
    command = sys.argv[1:]
    if not command:
        end(EX_USAGE, f"{PROGRAM} was not started: there is no command. Give one, such as uvicorn main:app")
    problems = [*variable_problems(), *relation_problems(), *folder_problems()]
    if problems:
        end(EX_CONFIG, *problems, f"{PROGRAM} was not started: {len(problems)} problem(s)")
    for warning in warnings():
        print(warning, file=sys.stderr)
    for name in CONTRACT.get("emptyWhenMissing", []):
        os.environ.setdefault(name, "")
    if "settings" in CONTRACT:
        write_settings(CONTRACT["settings"])
    if "workers" in CONTRACT and pathlib.Path(command[0]).name == "uvicorn":
        command += ["--workers", value_of([CONTRACT["workers"]]) or "1"]
    try:
        os.execvp(command[0], command)
    except FileNotFoundError:
        end(127, f"{PROGRAM} was not started: {command[0]!r} is not there")
    except OSError as error:
        end(126, f"{PROGRAM} was not started: {command[0]!r} cannot be run: {error.strerror}")


if __name__ == "__main__":
    main()
