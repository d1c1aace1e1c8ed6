"""A probe as the bytes that go over the wire."""

import re
from collections.abc import Sequence

from comparison.defaults.pack import Probe

REPEATED = re.compile(r"<([^<>]{1,40})\*(\d+)>")
FRAMED = ("content-length", "transfer-encoding")
TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def fill(text: str, host: str) -> str:
    """`text` with `<x*3>` written out as xxx and `<host>` as the server's address."""
    text = REPEATED.sub(lambda at: at[1] * int(at[2]), text)
    return text.replace("<host>", host)


def latin(text: str, host: str) -> bytes:
    """The bytes of `text`, each character one. Raises `UnicodeEncodeError`."""
    return fill(text, host).encode("latin-1")


def request(probe: Probe, host: str) -> bytes:
    """The request of a probe that asks by `ask` or `raw`."""
    if probe.raw:
        return latin(probe.raw, host)
    given = {"json": probe.json, "form": probe.form, "body": probe.body}
    kind, content = next(
        ((kind, text) for kind, text in given.items() if text is not None), ("", None)
    )
    headers = list(probe.headers)
    names = [line.partition(":")[0].strip().lower() for line in headers]
    if "host" not in names:
        headers.insert(0, "Host: <host>")
    if kind in TYPES and "content-type" not in names:
        headers.append(f"Content-Type: {TYPES[kind]}")
    return compose(probe.ask, headers, content, host)


def compose(ask: str, headers: Sequence[str], content: str | None, host: str) -> bytes:
    """A request line (`METHOD target`, or with a version), headers and a body."""
    body = b"" if content is None else fill(content, host).encode()
    line = ask if re.search(r" HTTP/[0-9.]+$", ask) else f"{ask} HTTP/1.1"
    names = [one.partition(":")[0].strip().lower() for one in headers]
    lines = [line, *headers]
    if content is not None and not any(name in names for name in FRAMED):
        lines.append(f"Content-Length: {len(body)}")
    # A header may hold anything: what is no Latin-1 goes as UTF-8.
    head = fill("\r\n".join(lines), host) + "\r\n\r\n"
    try:
        return head.encode("latin-1") + body
    except UnicodeEncodeError:
        return head.encode() + body
