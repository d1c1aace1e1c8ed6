"""A request as a curl line that sends the same bytes, for any POSIX shell.

The order of the headers may be another, and curl says `Name:` where a value is empty;
everything else goes out as our own client sends it.
"""

import re
import shlex

from comparison.exchanges.exchange import Request
from comparison.mask import Mask

SHOWN = Mask.none()
# Linux gives a program no argument of 128 KiB; what is longer goes through a pipe.
LONGEST = 100_000
# Beyond some size, which depends on the version, curl asks before it sends.
_ASKS_BEFORE = 1000
# What curl takes from a URL as it is written, with --path-as-is and --globoff.
_PLAIN_TARGET = re.compile(r"/[\w./~%!$&'()*+,;=:@?{}\[\]|^<>\"`-]*", re.ASCII)


def curl(request: Request, origin: str, mask: Mask = SHOWN) -> str:
    """The line for a shell; `origin` is `http://HOST:PORT`, `mask` hides secrets."""
    scheme, _, host = origin.partition("://")
    request = _masked(request, mask)
    words = ["curl", "-i", "--path-as-is", "-g"]
    # A proxy of the environment would tidy what goes through it.
    words += ["--noproxy", "'*'", "-A", "''", *_method(request)]
    words += ["--http1.1"] if scheme == "https" else []
    for header in _headers(request, host):
        words += ["-H", _argument(header)]
    before, data = _body(request.body)
    if _PLAIN_TARGET.fullmatch(request.target):
        target = [shlex.quote(origin + request.target)]
    else:
        target = ["--request-target", _argument(request.target), shlex.quote(origin)]
    return before + " ".join([*words, *data, *target])


def _masked(request: Request, mask: Mask) -> Request:
    if mask.shows:
        return request
    body = None if request.body is None else mask.body(request.body)
    headers = list(mask.headers(request.headers))
    if body is not None and body != request.body:
        # The length of what is shown now; that of the secret is nobody's business.
        headers = [
            (name, str(len(body)) if name.lower() == "content-length" else value)
            for name, value in headers
        ]
    return Request(request.method, mask.text(request.target), tuple(headers), body)


def _method(request: Request) -> list[str]:
    if request.method == "HEAD" and request.body is None:
        return ["--head"]
    if request.method == "HEAD":
        # curl has no HEAD with a body, and would wait for that of the reply.
        return ["-X", "HEAD", "--max-time", "5"]
    usual = "GET" if request.body is None else "POST"
    return [] if request.method == usual else ["-X", shlex.quote(request.method)]


def _headers(request: Request, host: str) -> list[str]:
    """Header lines that curl would not send by itself, or would send otherwise."""
    length = "" if request.body is None else str(len(request.body))
    own = {"host": host, "accept": "*/*", "content-length": length}
    sent = {name.lower() for name, _ in request.headers}
    found = []
    for name, value in request.headers:
        # Where a header comes twice, curl's own one is not among them.
        again = sum(key.lower() == name.lower() for key, _ in request.headers) > 1
        if again or own.get(name.lower()) != value:
            found.append(f"{name}: {value}" if value.strip() else f"{name};")
    left_out = {"host", "accept"}
    if request.body is not None:
        left_out |= {"content-type", "content-length"}
        if len(request.body) > _ASKS_BEFORE:
            left_out.add("expect")
    names = {"host": "Host", "accept": "Accept", "content-type": "Content-Type"}
    names |= {"content-length": "Content-Length", "expect": "Expect"}
    return found + [f"{names[name]}:" for name in sorted(left_out - sent)]


def _argument(text: str) -> str:
    """A word of the shell for the bytes that our client would send of `text`."""
    if text.isascii() and text.isprintable():
        return shlex.quote(text)
    # A substitution drops line ends at the end of it, which no header has.
    return f'"$(printf {_format(text.encode("latin-1", "replace"))})"'


def _body(body: bytes | None) -> tuple[str, list[str]]:
    """What stands before curl, and its arguments, for a body of any bytes."""
    if body is None:
        return "", []
    text = body.decode("utf-8", "replace")
    plain = text.isprintable() and text.encode() == body and not text.startswith("@")
    if plain and len(body) <= LONGEST:
        return "", ["--data-binary", shlex.quote(text)]
    return f"printf {_format(body)} | ", ["--data-binary", "@-"]


def _format(content: bytes) -> str:
    """Any bytes as the format of printf, which every shell has."""
    text = content.decode("utf-8", "surrogateescape")
    parts = (
        {"%": "%%", "\\": "\\\\", "\n": "\\n"}.get(c)
        or (c if c.isprintable() else _octal(c))
        for c in text
    )
    # At its beginning a hyphen would be an option.
    return shlex.quote(re.sub("^-", r"\\055", "".join(parts)) or "")


def _octal(character: str) -> str:
    content = character.encode("utf-8", "surrogateescape")
    return "".join(f"\\{byte:03o}" for byte in content)
