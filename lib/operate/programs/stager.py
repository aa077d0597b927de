"""
Runs like the program that copies volumes, with the folder of a backup at /stage: the copy of the volume KEY is
/stage/volumes/KEY, and what is said of it file by file is /stage/lists/KEY.jsonl. The volumes are mounted at
/volumes/KEY.

- stage: makes the copies what the volumes are, and notes whose each file is. The copies belong to who makes the backup
- describe: has the databases of the copies recovered and checked, and writes the lists, with a hash for each file
- verify: whether the copies are what the lists say
- fill: makes the volumes what the copies are, with the owners in the lists, and has their databases checked
- clear: removes everything in /stage
"""

import glob
import hashlib
import json
import os
import signal
import sqlite3
import stat
import sys
import types
import urllib.parse

# The functions that copy volumes come as a text: nothing of this project is in the container.
copier = types.ModuleType("copier")
exec(sys.argv[1], copier.__dict__)

STAGE = "/stage"
VOLUMES = "/volumes"
OWNER = None
# A backup shares no file with the volume.
PLAIN = {"writtenOnce": [], "places": None}
# Path of a copy: mode, user, group and time of the original.
noted = {}
# The same, where a volume is filled.
rights = {}


def give(target, status, link=False):
    "What is copied belongs to who makes the backup; what is restored belongs to whom it belonged."
    draft = copier.DRAFT
    path = os.path.normpath(target[: -len(draft)] if target.endswith(draft) else target)
    mode, user, group = rights.get(path, (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid))
    noted[path] = [mode, user, group, status.st_mtime_ns]
    if OWNER is not None:
        user, group = OWNER
        mode |= 0o700 if stat.S_ISDIR(status.st_mode) else 0o600
    os.chown(target, user, group, follow_symlinks=False)
    if not link:
        os.chmod(target, mode)


copier.give = give
whole = copier.put
BLOCK = 1 << 20


def put(path, source, target, status, about):
    "One file; of one that was copied before only the blocks that changed. Services wait for it in the second pass."
    before = copier.status_of(target)
    if before is None or not stat.S_ISREG(before.st_mode) or before.st_size < BLOCK:
        return whole(path, source, target, status, about)
    written = at = 0
    try:
        with open(source, "rb") as read, open(target, "r+b") as write:
            # Sharing the blocks is quicker still.
            if not copier.clone(read, write):
                while block := read.read(BLOCK):
                    if write.read(len(block)) != block:
                        write.seek(at)
                        write.write(block)
                        written += len(block)
                    at += len(block)
                    write.seek(at)
                write.truncate(at)
    except PermissionError:
        return whole(path, source, target, status, about)
    give(target, status)
    os.utime(target, ns=(status.st_atime_ns, 0 if copier.is_fresh(status, about) else status.st_mtime_ns))
    return written


def mkdirs(*paths):
    for path in paths:
        os.makedirs(path, exist_ok=True)
        if OWNER is not None:
            os.chown(path, *OWNER)


def copy_of(key):
    return os.path.join(STAGE, "volumes", key)


def list_of(key):
    return os.path.join(STAGE, "lists", key + ".jsonl")


def owners_of(key):
    return os.path.join(STAGE, "owners-" + key + ".json")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    if OWNER is not None:
        os.chown(path, *OWNER)


def stage(key):
    mkdirs(copy_of(key))
    noted.clear()
    copier.put = put
    result = copier.sync(os.path.join(VOLUMES, key), copy_of(key), PLAIN)
    below = {os.path.relpath(path, copy_of(key)): value for path, value in noted.items()}
    write(owners_of(key), json.dumps(below))
    return result


def digest(path):
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
            copier.far.reach(copier.far.done + len(block))
    return found.hexdigest()


def entry(root, path, status):
    "What a list says of a file, but for whose it is."
    kind = stat.S_IFMT(status.st_mode)
    whole = os.path.join(root, path)
    if kind == stat.S_IFDIR:
        return {"path": path, "kind": "folder"}
    if kind == stat.S_IFLNK:
        return {"path": path, "kind": "link", "to": os.readlink(whole)}
    return {"path": path, "kind": "file", "size": status.st_size, "sha256": digest(whole)}


def entries(root):
    yield entry(root, ".", os.lstat(root))
    for path, status in copier.walk(root):
        yield entry(root, path, status)


def told_of(path):
    "Rows of each table of a database, and the version that it says of itself."
    connection = sqlite3.connect("file:" + urllib.parse.quote(path) + "?mode=ro&immutable=1", uri=True)
    try:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        rows = {}
        for name in names:
            try:
                quoted = name.replace('"', '""')
                rows[name] = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0]
            except sqlite3.Error:
                # A table of an extension that this SQLite does not have.
                continue
        return {"version": connection.execute("PRAGMA user_version").fetchone()[0], "rows": rows}
    finally:
        connection.close()


def incomplete(root, whole):
    "Folders that lack a file without which they are of no use, or have it empty."
    for pattern, names in whole.items():
        for folder in sorted(glob.glob(os.path.join(glob.escape(root), pattern))):
            # One with nothing in it is about to be written.
            for name in names if os.path.isdir(folder) and os.listdir(folder) else ():
                path = os.path.join(folder, name)
                if not os.path.isfile(path) or os.path.getsize(path) == 0:
                    yield [os.path.relpath(path, root), "is empty" if os.path.isfile(path) else "is not there"]


def describe(key, facts):
    root = copy_of(key)
    checked = copier.check(os.path.join(VOLUMES, key), root, facts)
    bad = checked["bad"] + list(incomplete(root, facts["whole"]))
    if bad:
        return {"files": 0, "bytes": 0, "sha256": "", "databases": {}, "bad": bad}
    with open(owners_of(key)) as file:
        owners = json.load(file)
    files = size = 0
    lines = []
    for found in entries(root):
        path = os.path.join(root, found["path"])
        status = os.lstat(path)
        own = (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, status.st_mtime_ns)
        mode, user, group, changed = owners.get(found["path"], own)
        # The time of what was fresh was left out for a pass that would have come after.
        if status.st_mtime_ns == 0 and found["kind"] == "file":
            os.utime(path, ns=(status.st_atime_ns, changed))
        lines.append(json.dumps({**found, "mode": mode, "user": user, "group": group}) + "\n")
        if found["kind"] == "file":
            files += 1
            size += found["size"]
    write(list_of(key), "".join(lines))
    os.unlink(owners_of(key))
    databases = {path: told_of(os.path.join(root, path)) for path in checked["databases"]}
    return {"files": files, "bytes": size, "sha256": digest(list_of(key)), "databases": databases, "bad": []}


def listed(key):
    with open(list_of(key)) as file:
        return [json.loads(line) for line in file]


def verify(key, sha256):
    "What is other in a copy than its list says."
    if not os.path.isfile(list_of(key)) or digest(list_of(key)) != sha256:
        return [["lists/" + key + ".jsonl", "is not what was written"]]
    whose = ("mode", "user", "group")
    wanted = {line["path"]: {name: value for name, value in line.items() if name not in whose} for line in listed(key)}
    found = {one["path"]: one for one in entries(copy_of(key))} if os.path.isdir(copy_of(key)) else {}

    def how(path):
        return "is not there" if path not in found else "was not there" if path not in wanted else "is another"

    return [[path, how(path)] for path in sorted({**wanted, **found}) if wanted.get(path) != found.get(path)]


def fill(key, facts):
    target = os.path.join(VOLUMES, key)
    rights.clear()
    for line in listed(key):
        rights[os.path.normpath(os.path.join(target, line["path"]))] = (line["mode"], line["user"], line["group"])
    copier.sync(copy_of(key), target, {**PLAIN, "last": True})
    return copier.check(copy_of(key), target, facts)["bad"]


def clear():
    for name in os.listdir(STAGE):
        copier.remove(os.path.join(STAGE, name))


def main():
    global OWNER
    action, keys, owner = sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
    # As the first process of its container, nothing but a handler of its own ends it.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    OWNER = owner
    if action == "clear":
        clear()
        return print("[]")
    mkdirs(os.path.join(STAGE, "volumes"), os.path.join(STAGE, "lists"))
    roots = [os.path.join(VOLUMES, key) if action == "stage" else copy_of(key) for key, _ in keys]
    copier.far.count = lambda: copier.bytes_in(roots)
    does = {
        "stage": lambda key, _: stage(key),
        "describe": describe,
        "verify": verify,
        "fill": fill,
    }[action]
    print(json.dumps([does(key, about) for key, about in keys]))


try:
    main()
except OSError as error:
    sys.exit(copier.said(error))
