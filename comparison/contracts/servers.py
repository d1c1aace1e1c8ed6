"""The paths before the paths of a contract: its servers, and those of its parts.

Hosts say nothing here, as every stack has its own. A path item or an operation with
servers of its own is moved below the base path of all, so that nobody else need know.
"""

import posixpath
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comparison.contracts.grammar import METHODS

Servers = Sequence[Mapping[str, Any]] | None


def base_path(servers: Servers, source: str) -> str:
    """The path of the first server, as a document at `source` means it."""
    server = servers[0] if servers else {}
    url = str(server.get("url", "/"))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    # Relative to the document, and of a file nobody knows where it will be served.
    known = source if "://" in source else "http://host/"
    return urllib.parse.urlsplit(urllib.parse.urljoin(known, url)).path.rstrip("/")


def settle(document: dict[str, Any], source: str) -> None:
    """Move what has servers of its own below one base path, in place."""
    base = base_path(document.get("servers"), source)
    placed = list(_placed(document["paths"], base, source))
    bases = {one for one, *_ in placed}
    if bases <= {base}:
        return
    if not all(f"{one}/".startswith(f"{base}/") for one in bases):
        base = posixpath.commonpath([f"{one}/" for one in {*bases, base}]).rstrip("/")
    paths: dict[str, Any] = {}
    for own, path, item in placed:
        known = paths.setdefault(own.removeprefix(base) + path, item)
        known |= {name: one for name, one in item.items() if name not in known}
    document["paths"] = paths
    document["servers"] = [{"url": base or "/"}]


def _placed(
    paths: Mapping[str, Any], base: str, source: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Base path, path and the methods there, of every path item."""
    for path, item in paths.items():
        if path.startswith("x-"):
            continue
        by_base: dict[str, dict[str, Any]] = {}
        rest = {name: one for name, one in item.items() if name not in METHODS}
        above = base_path(item["servers"], source) if item.get("servers") else base
        for method in METHODS:
            if method in item:
                own = item[method].get("servers")
                place = base_path(own, source) if own else above
                by_base.setdefault(place, dict(rest))[method] = item[method]
        for place, methods in by_base.items():
            yield place, path, methods
