"""Makes the folder `public` in the volume of uploads, and moves there what lies beside it: folders of their owners.

    python uploads.py VOLUME

What is there already stays, and is named.
"""

import os
import pathlib
import re
import sys

# an owner's number, or what is made for nobody in particular
OWNER = re.compile("[0-9]+|default")


def move(source, target):
    """Moves what is not there yet, and says what is."""
    left = [(source, target)]
    folders = []
    while left:
        old, new = left.pop()
        if not os.path.lexists(new):
            old.rename(new)
        elif all(path.is_dir() and not path.is_symlink() for path in (old, new)):
            folders.append(old)
            left.extend((inside, new / inside.name) for inside in old.iterdir())
        else:
            yield old
    for folder in reversed(folders):
        if not any(folder.iterdir()):
            folder.rmdir()


volume = pathlib.Path(sys.argv[1])
public = volume / "public"
public.mkdir(exist_ok=True)
owners = [path for path in sorted(volume.iterdir()) if OWNER.fullmatch(path.name)]
for owner in owners:
    for kept in move(owner, public / owner.name):
        print(f"{kept} stays: there is another one in {public}", file=sys.stderr)
if owners:
    print(f"moved to {public}: {', '.join(owner.name for owner in owners)}")
