"""What an exported module may hold besides its tests; only what it uses goes in."""

import re
from collections.abc import Iterable, Mapping

from comparison.export.code import Group, quoted, statement
from comparison.plans.identity import EXPIRED_FOR, FOREIGN_SECRET

# By the word that calls for it, in the order in which they stand in the module.
_IMPORTS = {
    "base64.": "import base64",
    "hmac.": "import hmac",
    "json.": "import json",
    "os.": "import os",
    "re.": "import re",
    "secrets.": "import secrets",
    "socket.": "import socket",
    "time.": "import time",
    "Any": "from typing import Any",
    "quote(": "from urllib.parse import quote",
    "urlsplit(": "from urllib.parse import urlsplit",
}
_BASE_URL = 'BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:3000").rstrip("/")'
_KEY = 'SECRET_KEY = os.environ.get("SECRET_KEY", "")'

_SEND = '''\
def send(
    method: str,
    target: str,
    headers: dict[str, Any] | None = None,
    body: str | bytes | None = None,
) -> httpx.Response:
    """Send a request; its target goes out as written, a header of None is left out."""
    usual = {} if body is None else {"Content-Type": "application/json"}
    sent = {"Accept": "*/*", **usual, **(headers or {})}
    request = httpx.Request(
        method,
        BASE_URL,
        headers={name: value for name, value in sent.items() if value is not None},
        content=body,
        extensions={"target": target.encode()},
    )
    if body is None:
        request.headers.pop("Content-Length", None)
    with httpx.Client(trust_env=False, timeout=30) as client:
        return client.send(request)
'''
_SEGMENT = '''\
def segment(value: object) -> str:
    """A value as a part of a path or of a query."""
    return quote(str(value), safe="")
'''
_IS_JSON = '''\
def is_json(content: bytes) -> bool:
    """Whether a body is JSON, and no object of it names a key twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key comes twice")
        return dict(pairs)

    try:
        json.loads(content, object_pairs_hook=once)
    except ValueError:
        return False
    return True
'''
_SURPLUS = '''\
def surplus(method: str, target: str) -> bytes:
    """What a server sends after the end of a reply that has no body."""
    host = urlsplit(BASE_URL)
    place = (host.hostname or "127.0.0.1", host.port or 80)
    with socket.create_connection(place, timeout=30) as connection:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host.netloc}", "Accept: */*"]
        lines += ["Connection: close", "", ""]
        connection.sendall("\\r\\n".join(lines).encode())
        received = b""
        while more := connection.recv(65536):
            received += more
    return received.partition(b"\\r\\n\\r\\n")[2]
'''
_MINTED = '''\
def minted(claims: dict[str, Any], algorithm: str, secret: str) -> str:
    """A JSON Web Token."""
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    text = b".".join(_coded(json.dumps(part).encode()) for part in parts)
    digest = {"HS256": "sha256", "HS512": "sha512"}.get(algorithm)
    signature = hmac.digest(secret.encode(), text, digest) if digest else b""
    return (text + b"." + _coded(signature)).decode()


def subject(token: str) -> str:
    """Whom a token is about, as far as it can be read."""
    try:
        claims = token.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"])
    except (ValueError, LookupError, TypeError):
        return "1"


def _coded(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
'''
_HELPERS = {
    "send(": _SEND,
    "segment(": _SEGMENT,
    "is_json(": _IS_JSON,
    "surplus(": _SURPLUS,
    "minted(": _MINTED,
}
FIXTURE = '''\
@pytest.fixture
def world() -> dict[str, Any]:
    """What the tests find: users and what they made, new in every test."""'''
RUN = '    run = f"w{secrets.token_hex(2)}"'
UNIQUE = '    unique = f"u{secrets.token_hex(4)}"'
SKIP = """\
    if not SECRET_KEY:
        pytest.skip("A token must be signed: set SECRET_KEY to the server's secret.")"""

_NOW = "int(time.time())"
_CLAIMS = {
    "expired": ("sub", "iat", "past"),
    "endless": ("sub", "iat"),
    "undated": ("sub", "exp"),
    "nobody": ("iat", "exp"),
    "audience": ("sub", "iat", "exp", "aud"),
}
_SUBJECTS = {"ghost": '"9007199254740991"', "word": '"alice"'}


def minted(identity: str, token: str | None) -> str:
    """The call that makes the token of an identity; `token` is that of a user."""
    about = _SUBJECTS.get(identity) or (f"subject({token})" if token else '"1"')
    claims = {
        "sub": f'"sub": {about}',
        "iat": f'"iat": {_NOW}',
        "exp": f'"exp": {_NOW} + 3600',
        "past": f'"exp": {_NOW} - {EXPIRED_FOR}',
        "aud": '"aud": "any", "iss": "any"',
    }
    chosen = _CLAIMS.get(identity, ("sub", "iat", "exp"))
    algorithm = {"unsigned": "none", "hs512": "HS512"}.get(identity, "HS256")
    key = {"foreign": quoted(FOREIGN_SECRET), "unsigned": '""'}.get(
        identity, "SECRET_KEY"
    )
    inner = ", ".join(claims[name] for name in chosen)
    return f"minted({{{inner}}}, {quoted(algorithm)}, {key})"


def module(opening: str, body: str, headers: Mapping[str, str]) -> str:
    """A whole module: docstring, imports, constants, helpers, and the tests.

    `headers` are the names and the code of what every request bears.
    """
    helpers = [text for word, text in _HELPERS.items() if _uses(body, word)]
    if headers:
        helpers = [
            text.replace("**usual, ", "**usual, **HEADERS, ") for text in helpers
        ]
    code = "\n\n\n".join([*(text.rstrip() for text in helpers), body])
    key = f"{_KEY}\n" if "SECRET_KEY" in code else ""
    code = f"{_BASE_URL}\n{key}{_always(headers)}\n\n{code}"
    names = [line for word, line in _IMPORTS.items() if _uses(code, word)]
    third = ["import httpx", *(["import pytest"] if "pytest." in code else [])]
    return "\n".join([opening, "", *_joined(names), "", *third, "", code])


def _always(headers: Mapping[str, str]) -> str:
    if not headers:
        return ""
    items = tuple((f"{quoted(name)}: ", code) for name, code in headers.items())
    return statement("HEADERS = ", Group("{", items, "}"), 0) + "\n"


def _uses(code: str, word: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}", code) is not None


def _joined(lines: Iterable[str]) -> list[str]:
    """Imports of one module in one line."""
    found: dict[str, str] = {}
    for line in lines:
        start, comma, name = line.partition(" import ")
        found[start] = f"{found[start]}, {name}" if start in found else line
        if not comma:
            found[start] = line
    return list(found.values())
