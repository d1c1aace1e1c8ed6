"""What a server did, in words short enough to stand in a table.

Two servers do the same where these words are the same, so nothing goes in that differs
from run to run: no date, no port, no time but whole seconds.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence

from comparison.defaults.connection import Reply

LONGEST = 160
SUCCESS = range(200, 300)
REFUSAL = range(400, 500)
# What differs from run to run, in any header or body.
VOLATILE = (
    (re.compile(r"127\.0\.0\.1:\d+"), "<host>"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"), "<date>"),
    (re.compile(r"(boundary=|--)[-\w]{16,}"), r"\1<boundary>"),
    (re.compile(r"(?<![\w/])(/[\w.@-]+)+/(python_api|node_api)\b"), r"/…/\2"),
)
OF_THE_HOP = {"date", "connection", "keep-alive"}


def tell(reply: Reply | str, look: Sequence[str]) -> str:
    """A reply in one line, as far as one looks at it."""
    if isinstance(reply, str):
        return reply
    parts = [str(status) for status in reply.announced]
    for name in look:
        parts.append(_aspect(reply, name))
    if reply.cut_short:
        parts.append("cut short")
    return " · ".join(part for part in parts if part)


def _aspect(reply: Reply, name: str) -> str:
    if name in ASPECTS:
        return ASPECTS[name](reply)
    value = reply.header(name.removesuffix("?"))
    if value is None:
        return f"no {name.removesuffix('?')}"
    return name[:-1] if name.endswith("?") else f"{name}: {plain(value)}"


def _value(reply: Reply) -> str:
    """What a server makes of a value, whatever the number of its refusal."""
    if reply.status in SUCCESS:
        return text(reply.body)
    return "refused" if reply.status in REFUSAL else str(reply.status)


def _names(reply: Reply) -> str:
    names = {key.lower() for key, _ in reply.headers} - OF_THE_HOP
    return ", ".join(sorted(names)) or "no headers"


def _leak(reply: Reply) -> str:
    """How much of what went wrong a stranger is told."""
    stack = b".js:" in reply.body or b".py" in reply.body
    cause = b"secret cause" in reply.body
    told = "the cause" if cause else "no cause"
    return f"{told}, with its stack" if stack else told


def whole(reply: Reply | str) -> str:
    """A reply with all that a client can see of it, without the headers of one hop.

    Of these only whether the connection ends is told. The reason phrase means nothing
    (RFC 9112, section 4), and each language has its own list of them.
    """
    if isinstance(reply, str):
        return reply
    announced = [str(status) for status in reply.announced]
    tokens = (reply.header("connection") or "").lower().replace(" ", "").split(",")
    closing = ["closing"] if "close" in tokens else []
    headers = sorted(
        f"{key.lower()}: {value}"
        for key, value in reply.headers
        if key.lower() not in OF_THE_HOP
    )
    short = ["cut short"] if reply.cut_short else []
    version = f"HTTP/{reply.version / 10}"
    first = [*announced, version, str(reply.status), *closing]
    parts = [*first, *headers, text(reply.body), *short]
    return " · ".join(plain(part) for part in parts if part)


def text(body: bytes) -> str:
    """A body as text; a long one by its size, its beginning and a digest."""
    try:
        said = plain(body.decode())
    except UnicodeDecodeError:
        said = "bytes " + body.hex(" ")
    if len(said) <= LONGEST:
        return said
    digest = hashlib.sha256(said.encode()).hexdigest()[:8]
    return f"{said[:60]}… ({len(said)} characters, {digest})"


def plain(said: str) -> str:
    """Without what differs from run to run, on one line, all of it printable."""
    for pattern, word in VOLATILE:
        said = pattern.sub(word, said)
    return "".join(
        one if one.isprintable() else json.dumps(one)[1:-1] for one in said.strip()
    )


ASPECTS: Mapping[str, Callable[[Reply], str]] = {
    "status": lambda reply: str(reply.status),
    "reason": lambda reply: reply.reason,
    "version": lambda reply: f"HTTP/{reply.version / 10}",
    "body": lambda reply: text(reply.body) if reply.status in SUCCESS else "",
    "error": lambda reply: "" if reply.status in SUCCESS else text(reply.body),
    "value": _value,
    "size": lambda reply: f"{len(reply.body)} bytes",
    "headers": _names,
    "leak": _leak,
}
