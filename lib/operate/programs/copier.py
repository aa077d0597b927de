"""
Runs in a container of one of the deployment's own images, with the volumes mounted at /from/0, /to/0, /from/1, … and, where
files can be shared, the folder with all volumes of the engine at /all. There is no network, and no variable. Its answer is
one line of JSON.

- measure: bytes and files of each source, the room that is left, and the bytes that a copy would share with it
- sync: makes each target what its source is. What is the same by size and time is left alone, so that a second pass takes
  what changed since. Where the file system can, a copy shares the blocks of the original until one is written; files that
  are written once are links to the original
- check: opens each database of SQLite in the targets, and has it checked, as its owner would find it
- take: both
- layout: what each database of SQLite in the targets looks like, so that one who compares sees whether its tables changed
- compare: what is in the sources and not in the targets, or otherwise
"""

import errno
import fcntl
import fnmatch
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import sys
import time
from contextlib import contextmanager

FICLONE = 0x40049409
DRAFT = ".lamb-compose-draft"
MAGIC = b"SQLite format 3\0"
SIDECARS = ("-wal", "-shm", "-journal")
# A file that was written a moment ago can be written again within the same tick of its clock: its copy gets no time, so
# that the next pass compares it again. In the last pass nobody writes, and none comes.
FRESH = 2 * 10**9
# Seconds between two words of how far it is.
EVERY = 2


def walk(root):
    "Paths below a folder with their status, folders before what is in them."
    left = [""]
    while left:
        folder = left.pop()
        try:
            entries = sorted(os.scandir(os.path.join(root, folder)), key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        for entry in entries:
            path = os.path.join(folder, entry.name)
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield path, status
            if stat.S_ISDIR(status.st_mode):
                left.append(path)


def bytes_in(roots):
    return sum(status.st_size for root in roots for _, status in walk(root) if stat.S_ISREG(status.st_mode))


class Far:
    "How many bytes are done, of how many: told on the standard error. All are counted when it is first told."

    def __init__(self):
        self.done, self.total, self.count, self.last = 0, None, int, time.monotonic()

    def reach(self, done):
        self.done = done
        if time.monotonic() - self.last < EVERY:
            return
        if self.total is None:
            self.total = self.count()
        print(f"done {done} of {self.total}", file=sys.stderr, flush=True)
        self.last = time.monotonic()


far = Far()


def is_database(path):
    try:
        with open(path, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def same(one, other):
    "Whether a file is the copy of another one, as far as its status tells."
    return (one.st_size, one.st_mtime_ns, stat.S_IFMT(one.st_mode)) == (
        other.st_size,
        other.st_mtime_ns,
        stat.S_IFMT(other.st_mode),
    )


def status_of(path):
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def give(target, status, link=False):
    os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
    if not link:
        os.chmod(target, stat.S_IMODE(status.st_mode))


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def is_written_once(path, about):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in about["writtenOnce"])


def linked(path, source, target, about):
    "Whether the target has become another name of the source's file, which is never changed."
    if about["places"] is None or not is_written_once(path, about) or is_database(source):
        return False
    # A link cannot lead from one mount to another: below /all both are in one.
    before, after = (os.path.join("/all", place, path) for place in about["places"])
    draft = after + DRAFT + "-link"
    try:
        os.link(before, draft)
        os.replace(draft, after)
        return os.path.samefile(source, target)
    except OSError:
        return False


def clone(source, target):
    "Whether the file system lets two files share their blocks."
    try:
        fcntl.ioctl(target.fileno(), FICLONE, source.fileno())
        return True
    except OSError:
        return False


def is_fresh(status, about):
    return not about.get("last") and time.time_ns() - status.st_mtime_ns < FRESH


def put(path, source, target, status, about):
    "One file, whole or not at all. How many bytes were written."
    draft = target + DRAFT
    written = 0
    with open(source, "rb") as read, open(draft, "wb") as write:
        if not clone(read, write):
            if linked(path, source, target, about):
                os.unlink(draft)
                return 0
            for block in iter(lambda: read.read(1 << 20), b""):
                write.write(block)
                far.reach(far.done + len(block))
            written = status.st_size
    give(draft, status)
    os.utime(draft, ns=(status.st_atime_ns, 0 if is_fresh(status, about) else status.st_mtime_ns))
    os.replace(draft, target)
    return written


def sync(source, target, about):
    files = written = 0
    there = set()
    folders = [("", os.lstat(source))]
    for path, status in walk(source):
        before, after = os.path.join(source, path), os.path.join(target, path)
        kind = stat.S_IFMT(status.st_mode)
        present = status_of(after)
        if kind not in (stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK):
            continue
        there.add(path)
        if present is not None and stat.S_IFMT(present.st_mode) != kind:
            remove(after)
            present = None
        try:
            if kind == stat.S_IFDIR:
                if present is None:
                    os.mkdir(after)
                folders.append((path, status))
            elif kind == stat.S_IFLNK:
                if present is None or os.readlink(after) != os.readlink(before):
                    if present is not None:
                        os.unlink(after)
                    os.symlink(os.readlink(before), after)
                give(after, status, link=True)
            else:
                files += 1
                begun = far.done
                if present is None or not same(status, present):
                    written += put(path, before, after, status, about)
                else:
                    give(after, status)
                far.reach(begun + status.st_size)
        except FileNotFoundError:
            there.discard(path)
    for path, _ in list(walk(target)):
        if path not in there and status_of(os.path.join(target, path)) is not None:
            remove(os.path.join(target, path))
    for path, status in reversed(folders):
        after = os.path.join(target, path)
        give(after, status)
        os.utime(after, ns=(status.st_atime_ns, status.st_mtime_ns))
    return {"files": files, "written": written}


def clones(source):
    "Whether a copy of the file would share its blocks. Tried in a volume that is gone afterwards."
    try:
        with open(source, "rb") as read, open("/probe/file", "wb") as write:
            return clone(read, write)
    except OSError:
        return False


def measure(source, about):
    files = size = shared = 0
    can_clone = None
    links = about["places"] is not None
    for path, status in walk(source):
        if not stat.S_ISREG(status.st_mode):
            continue
        files += 1
        size += status.st_blocks * 512
        if can_clone is None and status.st_size > 0:
            can_clone = clones(os.path.join(source, path))
        if can_clone or (links and is_written_once(path, about)):
            shared += status.st_blocks * 512
    room = os.statvfs(source)
    return {"files": files, "bytes": size, "shared": shared, "free": room.f_bavail * room.f_frsize}


def databases_in(target):
    return [
        path
        for path, status in list(walk(target))
        if stat.S_ISREG(status.st_mode) and is_database(os.path.join(target, path))
    ]


@contextmanager
def opened(whole):
    "A database, as its owner would find it again."
    status = os.lstat(whole)
    try:
        connection = sqlite3.connect(whole, timeout=5)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        for name in [whole] + [whole + sidecar for sidecar in SIDECARS]:
            if os.path.exists(name):
                give(name, status)


def layout_of(whole):
    "Tables, indexes and the rest, as they were defined. Nothing of one that cannot be read."
    try:
        with opened(whole) as database:
            defined = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
            parts = [database.execute("PRAGMA user_version").fetchone()[0], database.execute(defined).fetchall()]
            return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    except sqlite3.Error:
        return None


def check(source, target, about):
    "The databases of a target, and what is wrong with which. Those that are declared, and that the source has, must be there."
    found, bad = databases_in(target), []
    for path in found:
        try:
            with opened(os.path.join(target, path)) as database:
                answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if answer != "ok":
                bad.append([path, answer])
        except sqlite3.Error as error:
            bad.append([path, str(error)])
    for path in about["databases"]:
        if path not in found and is_database(os.path.join(source, path)):
            bad.append(
                [path, "is not a SQLite database any more" if os.path.exists(os.path.join(target, path)) else "is gone"]
            )
    return {"databases": found, "bad": bad}


def compare(source, target):
    "What was written since the target was what the source is made of."
    added = changed = 0
    there = set()
    for path, status in walk(source):
        if not stat.S_ISREG(status.st_mode) or path.endswith(SIDECARS):
            continue
        there.add(path)
        present = status_of(os.path.join(target, path))
        if present is None:
            added += 1
        elif not same(status, present):
            changed += 1
    removed = sum(
        1
        for path, status in walk(target)
        if stat.S_ISREG(status.st_mode) and not path.endswith(SIDECARS) and path not in there
    )
    return {"added": added, "changed": changed, "removed": removed}


def said(error):
    # Which file is being written is no matter then, and its path here means nothing to who reads it.
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "no space left on device"
    return f"{error.strerror}: {error.filename or ''}"


def main():
    action, abouts = sys.argv[1], json.loads(sys.argv[2])
    answers = []
    far.count = lambda: bytes_in(f"/from/{at}" for at in range(len(abouts)))
    for at, about in enumerate(abouts):
        source, target = f"/from/{at}", f"/to/{at}"
        if action == "measure":
            answers.append(measure(source, about))
        elif action == "sync":
            answers.append(sync(source, target, about))
        elif action == "layout":
            answers.append({path: layout_of(os.path.join(target, path)) for path in databases_in(target)})
        elif action == "check":
            answers.append(check(source, target, about))
        elif action == "take":
            answers.append({**sync(source, target, {**about, "last": True}), **check(source, target, about)})
        else:
            answers.append(compare(source, target))
    if action in ("sync", "take"):
        os.sync()
    print(json.dumps(answers))


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(said(error))
