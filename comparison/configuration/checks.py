"""What the values of `compare.toml` must be; each raises `ValueError` with why not."""

import difflib
import re
import urllib.parse
from collections.abc import Iterable
from typing import Any

from comparison.configuration.globs import fits
from comparison.configuration.severity import KINDS, VIOLATIONS

_METHOD_AND_TARGET = re.compile(r"[A-Z]+ (?:\*|[/~]\S*( \S+)*)")
# Every plan has values or identities of these names already.
TAKEN = frozenset(
    {
        *("run", "unique", "anonymous", "malformed", "other-scheme", "foreign"),
        *("unsigned", "expired", "endless", "undated", "nobody", "ghost", "word"),
        *("hs512", "audience"),
    }
)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def nearest(name: str, names: Iterable[str]) -> str:
    """`; did you mean X?`, or a full stop where nothing is near."""
    by_lower = {one.lower(): one for one in names}
    found = difflib.get_close_matches(name.lower(), by_lower, 1)
    return f"; did you mean {by_lower[found[0]]}?" if found else "."


def text(value: str) -> str:
    """A text that is not empty."""
    if not value.strip():
        raise ValueError("must not be empty.")
    return value


def url(value: str) -> str:
    """The address of a server, a base path may follow."""
    try:
        parts = urllib.parse.urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"must be a URL: {error}.") from None
    if not usable:
        raise ValueError("must begin with http:// or https:// and a host.")
    if parts.username is not None:
        raise ValueError("must not name a user; send them in `headers`.")
    if parts.query or parts.fragment:
        raise ValueError("must end with its path: no query, no fragment.")
    return value


def request(value: str) -> str:
    """A method and a target."""
    if not _METHOD_AND_TARGET.fullmatch(value):
        raise ValueError('must be "METHOD /path", the method in capitals.')
    return value


def header_name(value: str) -> str:
    """The name of a header."""
    if not _TOKEN.fullmatch(value):
        raise ValueError("must be the name of a header.")
    return value


def header_value(value: str) -> str:
    """What may stand in a header: one line of printable characters."""
    if not value.isprintable():
        raise ValueError("must be without line breaks and control characters.")
    return value


def optional(value: object) -> object:
    """`false` leaves a header out, as null does in YAML; TOML has no null."""
    return None if value is False else value


def stack_name(value: str) -> str:
    """A name that `--stack NAME=URL` can give too."""
    if not re.fullmatch(r"[\w.-]+", value):
        raise ValueError("must be of letters, digits, `.`, `-` and `_`.")
    return value


def user_name(value: str) -> str:
    """A name for `as`, and for placeholders: `${alice.token}`."""
    if not re.fullmatch(r"[\w-]+", value):
        raise ValueError("must be of letters, digits, `-` and `_`.")
    if value in TAKEN:
        raise ValueError("must be another: every run has an identity of this name.")
    return value


def source(value: str) -> str:
    """Where in a reply a value is: a JSON pointer, a header, or a cookie."""
    named = value.startswith(("header:", "cookie:")) and not value.endswith(":")
    if value and not value.startswith("/") and not named:
        raise ValueError(
            'must be a JSON pointer as "/user/token", "header:NAME" or "cookie:NAME".'
        )
    return value


def kind(value: str) -> str:
    """A kind of difference or of violation, or a glob that fits one."""
    kinds = {*KINDS, *VIOLATIONS}
    if not any(fits(value, one) for one in kinds):
        near, every = nearest(value, kinds), ", ".join(sorted(kinds))
        raise ValueError(f"must be a kind of difference{near} Any of: {every}.")
    return value


def token_format(value: str) -> str:
    """A text with one `{token}`."""
    if value.count("{token}") != 1 or re.search("[{}]", value.replace("{token}", "")):
        raise ValueError('must hold {token} once, as "Bearer {token}" does.')
    return header_value(value)


def dotted(value: object) -> object:
    """TOML reads `alice.id = "/id"` as a table in a table; it is meant as one name."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, item in value.items():
        inner = dotted(item)
        if isinstance(inner, dict):
            found |= {f"{key}.{name}": pointer for name, pointer in inner.items()}
        else:
            found[key] = item
    return found
