"""Processes of this machine, as Linux tells them."""

from pathlib import Path


def children_of(parent: int) -> list[int]:
    """The processes that this one has started, and that run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found
