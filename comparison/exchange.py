"""Requests, replies, and what can be wrong where no reply comes."""

from dataclasses import dataclass


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

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True)
class Failure:
    """No reply. `kind`: time-out, refused, closed, garbage or too-large."""

    kind: str
    text: str


Answer = Reply | Failure
