"""Whether the answers are right, before anything is measured.

What a server answers with the wrong status, or otherwise than the others that have the
same rows, is no answer, however fast it came.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import requests

from comparison.speed.asked import Asked
from comparison.speed.servers import Server


@dataclass(frozen=True)
class Lane:
    """A server, and what it is asked; `void` says why its figures would not count."""

    server: Server
    asked: Sequence[Asked]
    void: str | None = None
    size: int = 0

    @property
    def name(self) -> str:
        """That of the server."""
        return self.server.name

    @property
    def placed(self) -> list[Asked]:
        """As the server is sent it."""
        return [self.server.placed(one) for one in self.asked]


def checked(server: Server, asked: Sequence[Asked], *, steady: bool) -> Lane:
    """Ask all of it once. What is `steady` is expected to be answered so again."""
    found, sizes = [], []
    for one in asked:
        try:
            reply = server.ask(one)
        except requests.RequestException as error:
            return Lane(server, asked, f"{one.method} {one.path}: no answer: {error}")
        if reply.status_code != one.status:
            what = f"{reply.status_code} instead of {one.status}"
            return Lane(server, asked, f"{one.method} {one.path}: {what}")
        sizes.append(len(reply.content))
        # Where it is not ASCII the generator may have cut a character in two.
        known = steady and reply.content.isascii()
        found.append(replace(one, expected=reply.text if known else None))
    return Lane(server, found, size=sum(sizes) // len(sizes))


def agreeing(lanes: Sequence[Lane]) -> list[Lane]:
    """The lanes, void where a reply is not that of the first one.

    Only for servers with the same rows, and requests that they answer the same.
    """
    first = next((lane for lane in lanes if lane.void is None), None)
    if first is None:
        return [*lanes]
    return [replace(lane, void=lane.void or _other(lane, first)) for lane in lanes]


def _other(lane: Lane, first: Lane) -> str | None:
    """The first reply that is another one; requests of one seed stand in one order."""
    for one, known in zip(lane.asked, first.asked, strict=True):
        if (one.method, one.path) != (known.method, known.path):
            return f"{one.method} {one.path}: {first.name} has {known.path} instead"
        if None not in (one.expected, known.expected) and _value(one) != _value(known):
            return f"{one.method} {one.path}: another reply than that of {first.name}"
    return None


def _value(asked: Asked) -> Any:
    if asked.expected is None:
        return None
    try:
        return json.loads(asked.expected)
    except ValueError:
        return asked.expected
