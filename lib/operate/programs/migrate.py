"""
Looks at the data of an installation, copies them, and rewrites what they have frozen. It runs like the program that copies
volumes, and opens what it takes for reading alone. What it is to do comes on its standard input, as JSON, for it has
secrets in it:

- `places`: what is taken. `from`: where it may be, of which the first counts that is there; `host`: that path outside of
  the container; `only`: names; `links`: path of a link -> where what it leads to is mounted, and its path outside;
  `volume` and `folder`: where it goes
- `roots`: volume -> where it is mounted
- `frozen`: the columns with paths, addresses and keys, and what they are to say
- `owners`: volume -> user and group
- `scratch`: an empty folder, for copies of databases; `reads`: whether those are looked at, too
- `live`: programs may be writing what is taken; `known`: the files of an earlier pass, by place

Its answer is one line of JSON.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import sys
import tempfile
import time
import types
import urllib.parse

# The functions that copy volumes come as a text: nothing of this project is in the container.
copier = types.ModuleType("copier")
exec(sys.argv[1], copier.__dict__)

# What must go with a database. A third one, -shm, is made anew.
SIDECARS = ("-wal", "-journal")
BESIDE = (*SIDECARS, "-shm")
SAMPLES = 5
TRIES = 3


class Refused(Exception):
    pass


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


# What is there


def wanted(name, only):
    return only is None or any(name == one or name in [one + end for end in BESIDE] for one in only)


def found(place):
    "Which of the folders that a place may be in is there."
    for at, folder in enumerate(place["from"]):
        if os.path.lexists(os.path.join(folder, *(place.get("only") or [])[:1])):
            return at
    return None


def entries(place):
    "What is in a place: path, where it is, status. Links that are followed are what they lead to."
    only, links = place.get("only"), place.get("links", {})
    left = [("", place["from"][found(place)])]
    while left:
        folder, source = left.pop()
        try:
            names = sorted(os.listdir(source))
        except FileNotFoundError:
            continue
        for name in names:
            if folder == "" and not wanted(name, only):
                continue
            path, at = os.path.join(folder, name), os.path.join(source, name)
            try:
                status = os.lstat(at)
                if stat.S_ISLNK(status.st_mode) and path in links:
                    at = links[path][0]
                    status = os.stat(at)
                    # SQLite keeps the rest beside the database itself, not beside a link to it.
                    for end in SIDECARS if copier.is_database(at) else ():
                        if os.path.exists(at + end):
                            yield path + end, at + end, os.stat(at + end)
            except FileNotFoundError:
                continue
            if name.endswith("-shm") and copier.is_database(at[: -len("-shm")]):
                continue
            yield path, at, status
            if stat.S_ISDIR(status.st_mode):
                left.append((path, at))


def leads(place, path, target):
    "Where a link leads: how it is written in the copy, or the path outside of the place that it names."
    host, links = place.get("host", ""), place.get("links", {})
    if host == "":
        return target, None
    # The folder of the link may be one that a link leads to.
    folder, outside = os.path.dirname(path), os.path.join(host, os.path.dirname(path))
    while folder:
        if folder in links:
            outside = os.path.join(links[folder][1], os.path.relpath(os.path.dirname(path), folder))
            break
        folder = os.path.dirname(folder)
    whole = os.path.normpath(os.path.join(outside, target))
    if place.get("only") is None and (whole == host or whole.startswith(host.rstrip("/") + "/")):
        return os.path.relpath(whole, os.path.join(host, os.path.dirname(path))), None
    return target, whole


class Surveyed:
    "The files of volumes where they are before they are copied."

    def __init__(self):
        self.paths = {}

    def add(self, place, path, at):
        self.paths[place["volume"], os.path.normpath(os.path.join(place["folder"], path))] = at

    def at(self, volume, path):
        return self.paths.get((volume, os.path.normpath(path)))


class Mounted:
    "The files of volumes."

    def __init__(self, roots):
        self.roots = roots

    def at(self, volume, path):
        whole = os.path.join(self.roots[volume], path) if volume in self.roots else ""
        return whole if os.path.lexists(whole) else None


def tables_of(database):
    "The rows of each table."
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    counts = {}
    for name in sorted(name for (name,) in names.fetchall()):
        try:
            counts[name] = database.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]
        except sqlite3.Error as error:
            counts[name] = str(error)
    return counts


def check_sound(database, path):
    answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise Refused(f"bad-database {path}: {answer}")


# What is frozen


def new_path(value, rule, files):
    "Where the file is now, by the longest end of its path that is there. With it, how it began."
    root, volume = rule["files"]["at"], rule["files"]["volume"]
    if "://" in value or "/" not in value or ".." in value.split("/"):
        return value, None
    if value.startswith(root + "/") and files.at(volume, value[len(root) + 1 :]):
        return value, None
    parts = value.split("/")
    for start in range(1, len(parts)):
        end = "/".join(parts[start:])
        if end.strip("/") and files.at(volume, end.lstrip("/")):
            return f"{root}/{end}", "/".join(parts[:start]) or "/"
    return None, value


def new_address(value, rule, files):
    begin = re.match(r"https?://[^/]+", value)
    at = -1 if begin is None else value.find(rule["marker"], begin.end())
    if at < 0 or rule.get("value") is None or value[:at] == rule["value"]:
        return value, None
    end = value[at:]
    rest = re.split(r"[?#]", end[len(rule["marker"]) :])[0]
    if rule.get("files") and not files.at(rule["files"], urllib.parse.unquote(rest)):
        return None, value
    return rule["value"] + end, value[:at]


def objects(value, path):
    found = [value]
    for key in path:
        inner = []
        for one in found:
            if isinstance(one, dict):
                inner += list(one.values()) if key == "*" else [one[key]] if key in one else []
        found = inner
    return [one for one in found if isinstance(one, dict)]


def shown(url):
    "An address without the name and the password that may stand in it."
    return re.sub(r"//[^/@]*@", "//…@", url)


def new_connection(text, rule, files):
    "The same JSON with the address of our service, and the key that it takes. What else it names stays."
    value = json.loads(text)
    before, foreign = [], rule.setdefault("elsewhere", {})
    for one in objects(value, rule["path"]):
        urls, secrets = one.get(rule["url"]), one.get(rule["secret"])
        many = isinstance(urls, list)
        urls = list(urls) if many else [urls]
        secrets = list(secrets) if isinstance(secrets, list) else [secrets]
        for at, url in enumerate(urls):
            if not isinstance(url, str) or url == "":
                continue
            known = re.match(rule["known"], url)
            if known is None:
                foreign[shown(url)] = foreign.get(shown(url), 0) + 1
                continue
            address = rule["address"] + (known.group(1) or "")
            secrets += [""] * (at + 1 - len(secrets))
            secret = rule.get("value") or secrets[at]
            if (url, secrets[at]) == (address, secret):
                continue
            before.append(url if url != address else f"{url} (its key)")
            urls[at], secrets[at] = address, secret
            one[rule["url"]] = urls if many else urls[0]
            one[rule["secret"]] = secrets if many else secrets[0]
    return (json.dumps(value), before[0]) if before else (text, None)


KINDS = {"path": new_path, "address": new_address, "connection": new_connection}


def thaw(database, rule, files, changes):
    "Rewrites the rows of one rule, or only counts them."
    rows = {"changed": 0, "right": 0, "lost": 0, "from": {}, "missing": []}
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    for name in names:
        if name != rule["table"] and not (rule.get("isPrefixed") and name.endswith(rule["table"])):
            continue
        table, column = quoted(name), quoted(rule["column"])
        if rule["column"] not in [one[1] for one in database.execute(f"PRAGMA table_info({table})")]:
            continue
        condition, values = f"{column} IS NOT NULL", []
        if rule.get("where"):
            condition, values = f"{condition} AND {quoted(rule['where'][0])} = ?", [rule["where"][1]]
        counted = f"SELECT {column}, count(*) FROM {table} WHERE {condition} GROUP BY {column}"
        changed = {}
        for value, count in database.execute(counted, values).fetchall():
            if not isinstance(value, str):
                continue
            try:
                new, before = KINDS[rule["kind"]](value, rule, files)
            except ValueError:
                new, before = value, None
            if new is None:
                rows["lost"] += count
                if len(rows["missing"]) < SAMPLES:
                    rows["missing"].append(value)
            elif new == value:
                rows["right"] += count
            else:
                rows["changed"] += count
                changed[value] = new
                if before in rows["from"] or len(rows["from"]) < 4 * SAMPLES:
                    rows["from"][before] = rows["from"].get(before, 0) + count
        if changes and changed:
            database.create_function("thawed", 1, lambda value, changed=changed: changed.get(value, value))
            new = f"thawed({column})"
            database.execute(f"UPDATE {table} SET {column} = {new} WHERE {condition} AND {new} IS NOT {column}", values)
    rows["elsewhere"] = rule.pop("elsewhere", {})
    return rows


def by_database(frozen, files):
    found = {}
    for at, rule in enumerate(frozen):
        path = files.at(rule["volume"], rule["database"])
        if path is not None and copier.is_database(path):
            found.setdefault(path, []).append(at)
    return found


# What can be asked


class Copied:
    "A database as its program would find it, while the original stays as it is."

    def __init__(self, path, scratch):
        self.path, self.scratch = path, scratch

    def __enter__(self):
        self.folder = tempfile.mkdtemp(dir=self.scratch)
        copy = os.path.join(self.folder, "copy")
        for end in ("", *SIDECARS):
            if os.path.exists(self.path + end):
                shutil.copyfile(self.path + end, copy + end)
        self.database = sqlite3.connect(copy)
        return self.database

    def __exit__(self, *_):
        self.database.close()
        shutil.rmtree(self.folder)


def read_copy(path, scratch, read):
    "What a database says. A program may write it while it is copied: then another copy is read."
    for left in reversed(range(TRIES)):
        try:
            with Copied(path, scratch) as database:
                return read(database)
        except sqlite3.Error:
            if left == 0:
                raise


def survey(spec):
    "What there is, and what is frozen in it."
    files, answers, scratch = Surveyed(), [], spec["scratch"]
    for place in spec["places"]:
        at = found(place)
        answer = {"at": at, "files": 0, "bytes": 0, "databases": {}, "links": [], "owners": {}, "private": 0}
        answer.update({"other": [], "unread": []})
        answers.append(answer)
        if at is None:
            continue
        for path, whole, status in entries(place):
            files.add(place, path, whole)
            if stat.S_ISLNK(status.st_mode):
                answer["links"].append([path, *leads(place, path, os.readlink(whole))])
            elif stat.S_ISREG(status.st_mode):
                answer["files"] += 1
                answer["bytes"] += status.st_size
                owner = str(status.st_uid)
                answer["owners"][owner] = answer["owners"].get(owner, 0) + 1
                if spec.get("reads", True) and copier.is_database(whole):
                    try:
                        answer["databases"][path] = read_copy(whole, scratch, tables_of)
                    except sqlite3.Error as error:
                        answer["unread"].append([path, str(error)])
            elif stat.S_ISDIR(status.st_mode):
                answer["private"] += stat.S_IMODE(status.st_mode) & 0o077 == 0
            else:
                answer["other"].append(path)
    frozen = [None] * len(spec["frozen"])
    for path, rules in by_database(spec["frozen"], files).items():
        for at in rules:
            rule = spec["frozen"][at]
            try:
                frozen[at] = read_copy(path, scratch, lambda database, rule=rule: thaw(database, rule, files, False))
            except sqlite3.Error:
                continue
    room = os.statvfs(scratch)
    return {"places": answers, "frozen": frozen, "free": room.f_bavail * room.f_frsize}


def hash_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def identity(status):
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def copied(source, target, status, known):
    "The hash of a file that is in the target now, and whether it can be relied on later. Both sides were read."
    there = os.stat(target) if os.path.isfile(target) and not os.path.islink(target) else None
    alike = there is not None and (there.st_size, there.st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    if alike and known is not None and known[:3] == identity(status):
        return known[3], True
    rested = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > copier.FRESH
    digest = hash_of(source)
    if not alike or hash_of(target) != digest:
        if os.path.lexists(target):
            copier.remove(target)
        shutil.copyfile(source, target)
        if hash_of(target) != digest:
            if identity(os.stat(source)) != identity(status):
                raise Refused(f"source-changes {source}")
            raise Refused(f"copy-differs {source}")
    if identity(os.stat(source)) != identity(status):
        raise Refused(f"source-changes {source}")
    return digest, rested


def give(target, status):
    os.chmod(target, stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def take(spec):
    "Makes the volumes what the places are. What an earlier pass took, and is as it was, is left alone."
    live, earlier = spec.get("live", False), spec.get("known") or [[] for _ in spec["places"]]
    kept = {volume: set() for volume in spec["roots"]}
    answers, folders = [], []
    sizes = (status for place in spec["places"] for _, _, status in entries(place))
    copier.far.count = lambda: sum(status.st_size for status in sizes if stat.S_ISREG(status.st_mode))
    for place, before in zip(spec["places"], earlier, strict=True):
        known = {path: rest for path, *rest in before}
        mine = kept[place["volume"]]
        base = os.path.join(spec["roots"][place["volume"]], place["folder"])
        os.makedirs(base, exist_ok=True)
        parts = place["folder"].split("/")
        mine.update("/".join(parts[: end + 1]) for end in range(len(parts)))
        if place.get("only") is None:
            folders.append((base, os.stat(place["from"][found(place)])))
        files = []
        for path, source, status in entries(place):
            target, name = os.path.join(base, path), os.path.normpath(os.path.join(place["folder"], path))
            if stat.S_ISDIR(status.st_mode):
                if os.path.lexists(target) and (os.path.islink(target) or not os.path.isdir(target)):
                    copier.remove(target)
                os.makedirs(target, exist_ok=True)
                folders.append((target, status))
            elif stat.S_ISLNK(status.st_mode):
                if os.path.lexists(target):
                    copier.remove(target)
                os.symlink(leads(place, path, os.readlink(source))[0], target)
            elif stat.S_ISREG(status.st_mode):
                if name in mine:
                    raise Refused(f"two-sources {source}")
                try:
                    digest, rested = copied(source, target, status, known.get(path))
                except (Refused, FileNotFoundError):
                    if live:
                        continue
                    raise
                give(target, status)
                copier.far.reach(copier.far.done + status.st_size)
                # Of a first pass only what can be relied on is told.
                if rested or not live:
                    files.append([path, *identity(status), digest])
            else:
                continue
            mine.add(name)
        answers.append(files)
    for volume, root in spec["roots"].items():
        for folder, names, others in os.walk(root):
            for name in names + others:
                path = os.path.normpath(os.path.join(os.path.relpath(folder, root), name))
                if path not in kept[volume] and os.path.lexists(os.path.join(root, path)):
                    copier.remove(os.path.join(root, path))
    for target, status in reversed(folders):
        give(target, status)
    os.sync()
    return answers


def databases_below(root):
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not os.path.islink(path) and copier.is_database(path):
                yield path


def rewrite(spec):
    "Checks the databases of the volumes, rewrites what is frozen in them, and gives everything to its owner."
    files = Mounted(spec["roots"])
    frozen = [None] * len(spec["frozen"])
    rules = by_database(spec["frozen"], files)
    databases = {}
    for volume, root in spec["roots"].items():
        for path in databases_below(root):
            name = f"{volume}/{os.path.relpath(path, root)}"
            status = os.stat(path)
            database = sqlite3.connect(path, timeout=5, isolation_level=None)
            try:
                check_sound(database, name)
                before = tables_of(database)
                database.execute("BEGIN IMMEDIATE")
                for at in rules.get(path, []):
                    frozen[at] = thaw(database, spec["frozen"][at], files, True)
                database.execute("COMMIT")
                check_sound(database, name)
                databases[name] = {"before": before, "after": tables_of(database)}
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.DatabaseError as error:
                if "full" in str(error):
                    raise OSError(errno.ENOSPC, str(error), name) from error
                raise Refused(f"bad-database {name}: {error}") from error
            finally:
                database.close()
            os.chmod(path, stat.S_IMODE(status.st_mode))
    for volume, (user, group) in spec["owners"].items():
        root = spec["roots"][volume]
        os.chown(root, user, group)
        for folder, folders, names in os.walk(root):
            for name in folders + names:
                os.chown(os.path.join(folder, name), user, group, follow_symlinks=False)
    os.sync()
    return {"frozen": frozen, "databases": databases}


def main():
    spec = json.load(sys.stdin)
    actions = {"survey": survey, "take": take, "rewrite": rewrite}
    print(json.dumps(actions[sys.argv[2]](spec)))


if __name__ == "__main__":
    try:
        main()
    except Refused as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(copier.said(error))
