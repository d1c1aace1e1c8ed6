"""The names that files have in a breakdown: short, and the same on every machine.

./sqlite.py                 the stack's own, from its folder on
starlette/routing.py        an installed package, from its name on
python:json/encoder.py      Python's own library
node:net                    Node's own library
v8:                         what V8 has built in, and what it does by itself
elsewhere:name.py           anything else
"""

import re
import urllib.parse
from pathlib import Path, PurePosixPath

_PYTHON_LIBRARY = re.compile(r".*/lib(?:64)?/python3(?:\.\d+\w*|\d*\.zip)/(.*)")


def python_place(file: str, folder: Path) -> str:
    """The name of a file as py-spy gives it, with its full path."""
    if file.startswith("<"):
        return f"python:{file}"
    for packages in ("/site-packages/", "/dist-packages/"):
        if packages in file:
            return file.rpartition(packages)[2]
    if own := _own(file, folder):
        return own
    library = _PYTHON_LIBRARY.fullmatch(file)
    return f"python:{library[1]}" if library else _elsewhere(file)


def node_place(url: str, folder: Path) -> str:
    """The name of a script as V8 gives it: a URL, a path, or nothing."""
    if not url:
        return "v8:"
    if url.startswith("node:"):
        return url
    file = urllib.parse.unquote(url.removeprefix("file://"))
    if "/node_modules/" in file:
        return file.rpartition("/node_modules/")[2]
    return _own(file, folder) or _elsewhere(file)


def _own(file: str, folder: Path) -> str | None:
    path = PurePosixPath(file)
    for root in (folder, folder.resolve()):
        if path.is_relative_to(root):
            return f"./{path.relative_to(root)}"
    return None


def _elsewhere(file: str) -> str:
    return f"elsewhere:{PurePosixPath(file).name}"
