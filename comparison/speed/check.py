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

# A path of somebody else's values may be of any length.
LONGEST = 120
VARYING = "another reply the second time; if that is right, `varies` in workloads.toml"


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
    found: list[Asked] = []
    sizes: list[int] = []
    try:
        for one in asked:
            body = _body(server, one)
            if steady and not found:
                _hold(server, one, body)
            sizes.append(len(body))
            # The load generator does so with what is no UTF-8, too.
            text = body.decode("utf-8", "replace")
            found.append(replace(one, expected=text if steady else None))
    except _WrongError as error:
        return Lane(server, asked, str(error))
    return Lane(server, found, size=sum(sizes) // len(sizes))


class _WrongError(Exception):
    def __init__(self, asked: Asked, what: str) -> None:
        super().__init__(f"{asked.method} {asked.path[:LONGEST]}: {what}")


def _hold(server: Server, asked: Asked, body: bytes) -> None:
    """Make sure that it is answered the same again."""
    if _body(server, asked) != body:
        raise _WrongError(asked, VARYING)


def _body(server: Server, asked: Asked) -> bytes:
    """The body of a right answer."""
    try:
        reply = server.ask(asked)
    except (requests.RequestException, ValueError) as error:
        server.running.settle()
        if not server.running.alive:
            raise _WrongError(asked, f"the server has ended{_log(server)}") from None
        raise _WrongError(asked, f"no answer ({type(error).__name__})") from None
    if reply.status_code != asked.status:
        what = f"{reply.status_code} instead of {asked.status}"
        raise _WrongError(asked, what)
    return reply.content


def _log(server: Server) -> str:
    return "" if server.running.log is None else f", its log is {server.running.log}"


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
