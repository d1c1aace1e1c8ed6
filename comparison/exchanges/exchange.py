"""Requests, replies, and what can be wrong where no reply comes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from comparison.exchanges.body import parsed


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
        """The bytes of the request up to the body."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


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

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        return self.fields.get(name.lower())


@dataclass(frozen=True)
class Failure:
    """No reply. `kind`: time-out, refused, closed, garbage or too-large."""

    kind: str
    text: str


Answer = Reply | Failure
