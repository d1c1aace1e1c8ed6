"""Which breaches of the contract concern a difference: same kind of thing and place."""

import re

from comparison.exchanges.conformance import Breach
from comparison.exchanges.partition import Split

# What a schema says at an object of one of its keys.
_OF_A_KEY = ("required property", "dditional properties", "nevaluated properties")


def concerns(breach: Breach, split: Split) -> bool:
    """Whether a breach tells who is wrong about a difference."""
    kind, where = split.kind, split.where
    if "broken" in (kind, breach.kind):
        return kind == breach.kind
    if kind == "status":
        # Whether a body is to be accepted is told by the status.
        return breach.kind in {"status", "request"} or (
            breach.kind == "written" and breach.where == "status"
        )
    if kind in {"header", "media-type"}:
        return breach.where == where
    if breach.kind == "schema" or (
        breach.kind == "written" and breach.where.startswith("/")
    ):
        return _meet(breach, _parts("" if where == "body" else where))
    return False


def _meet(breach: Breach, place: list[str]) -> bool:
    """Whether one place is within the other."""
    found = _parts(breach.where)
    if len(found) >= len(place):
        return found[: len(place)] == place
    if place[: len(found)] != found:
        return False
    if breach.kind == "schema" and any(text in breach.message for text in _OF_A_KEY):
        # It stands at the object, and speaks of one key.
        return place[len(found)] in re.findall(r"[\"'](.*?)[\"']", breach.message)
    return True


def _parts(pointer: str) -> list[str]:
    """The parts of a pointer with `*` for an index."""
    return ["*" if part.isdigit() else part for part in pointer.split("/")[1:]]
