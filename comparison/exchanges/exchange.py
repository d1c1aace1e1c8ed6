"""Requests, replies, and what can be wrong where no reply comes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from comparison.exchanges.body import parsed

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ENDS_LINE = re.compile(r"[\r\n\0]")

SUCCESS = range(200, 300)


@dataclass(frozen=True)
class Request:
    """One request; `target` is ASCII, `headers` go out in this order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def shown(self, most: int = 200) -> str:
        """Method and target, shortened."""
        text = f"{self.method} {self.target}"
        return text if len(text) <= most else text[: most - 1] + "…"

    def wire(self) -> bytes:
        """The bytes up to the body. Raises `ValueError` for what is `broken`."""
        if why := broken(self.method, self.headers):
            raise ValueError(why)
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def broken(method: str, headers: Iterable[tuple[str, str]]) -> str:
    """Why these would be another request on the wire, or several; empty if not."""
    if not _TOKEN.fullmatch(method):
        return f"the method {method!r} holds what a method cannot"
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            return f"the name of the header {name!r} holds what a name cannot"
        if _ENDS_LINE.search(value):
            return f"the value of the header {name} holds a line break or a NUL"
    return ""


@dataclass(frozen=True)
class Reply:
    """What a stack answered; `surplus` bytes came after the end of the reply."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    surplus: int = 0

    @cached_property
    def fields(self) -> dict[str, str]:
        """The headers by their names in lower case, several joined by a comma."""
        found: dict[str, str] = {}
        for name, value in self.headers:
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return found

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or `Broken`. Not to be changed."""
        return parsed(self.body)

    def shown(self, most: int = 120) -> str:
        """The beginning of the body, as text."""
        return self.body[:most].decode("utf-8", "replace") or "an empty body"

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        return self.fields.get(name.lower())


@dataclass(frozen=True)
class Failure:
    """No reply. `kind`: time-out, refused, closed, garbage or too-large."""

    kind: str
    text: str


Answer = Reply | Failure
