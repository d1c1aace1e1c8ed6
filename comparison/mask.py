"""Secrets in what is written for people: replaced by `***`, wherever they stand.

Two things tell a secret: that it is known (a token of the configuration, a password of
a recording), in each form in which it may be written, and its place (the value of an
Authorization header, a cookie, a key such as `password`). A placeholder of a plan, such
as `${alice.token}`, is no secret and stays as it is.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Self

from comparison.known_secrets import HIDDEN, PLACEHOLDER, KnownSecrets
from comparison.plan_mask import hidden_plan

_SECRET_WORDS = frozenset(
    {"token", "password", "passwd", "pwd", "passphrase", "secret", "authorization"}
    | {"cookie", "jwt", "credential", "credentials", "apikey", "sid"}
)
_SECRET_PAIRS = frozenset({"api key", "private key", "access key", "auth key"})
# The token of a page leads to the next one; it opens nothing.
_HARMLESS = frozenset({"page", "cursor", "next", "continuation", "sync", "previous"})
# What is said of a field is no value of it.
_SAID = frozenset({"errors", "error", "detail", "details"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SCHEME = re.compile(r"[A-Za-z][\w-]*(?=\s+\S)")
# Places within a text: a member of JSON, which may stand in JSON itself, a header, and
# a field of a query or of a form. What is sent may be a megabyte of letters or of any
# sign in them, so that no search may go over the same ones from each on.
_MEMBER = re.compile(
    r'(?<!\\)(?P<quote>\\*+")(?P<name>[\w.-]+)(?P=quote)(?P<colon>\s*:\s*)(?P=quote)'
    # The end may have been left out.
    r"(?!(?P=quote))(?P<value>.+?)(?P<end>(?<!\\)(?P=quote)|…?$)"
)
_LINE = (
    r"(?i)(?P<name>\b(?:proxy-)?authorization|\b(?:set-)?cookie"
    r"|(?<![\w-])x-[\w-]++|\bx-[\w-]{1,60}|\bapi-key"
    r"{more})(?P<colon>:[ \t]*[\"']?|(?<=set-cookie) is )(?P<value>[^\r\n'\"]+)"
)
# In a header that came several times a comma stands between two cookies.
_COOKIE = re.compile(r"(?P<name>(?:^|,)\s*[^\s=;,]+=)[^;]+?(?=;|$|,\s*[^\s=;,]+=)")
_FIELD = re.compile(r"(?P<name>(?<![\w.-])[\w.-]++)=(?P<value>[^&\s'\"\\]+)")


def is_secret(name: str) -> bool:
    """Whether a key, a field or a header of this name holds a secret."""
    # Its end tells. A whole one may be a megabyte.
    return _ends_as_secret(name[-99:])


@lru_cache(maxsize=4096)
def _ends_as_secret(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or _HARMLESS & set(words):
        return False
    return words[-1] in _SECRET_WORDS or " ".join(words[-2:]) in _SECRET_PAIRS


class Mask:
    """Hides `secrets`, and what stands where secrets stand. Pure, for any input.

    `names` are headers and query parameters that bear credentials under a name which
    does not tell.
    """

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._known = KnownSecrets(secrets)
        self._names = {name.lower() for name in names}
        more = "".join(rf"|\b{re.escape(name)}" for name in sorted(self._names))
        self._line = re.compile(_LINE.replace("{more}", more))
        self.shows = False

    def learn(self, secrets: Iterable[str]) -> None:
        """Hide these too from now on: what stacks have given to users."""
        self._known.add(secrets)

    @classmethod
    def none(cls) -> Self:
        """A mask that shows everything."""
        mask = cls()
        mask.shows = True
        return mask

    def text(self, text: str) -> str:
        """A text of any kind: prose, a URL, a curl line, JSON that is not read."""
        if self.shows:
            return text
        text = self._line.sub(self._header_line, self._known.hidden(text))
        return _FIELD.sub(self._field, _MEMBER.sub(_member, text))

    def source(self, text: str) -> str:
        """A text of a program, of which `password:` is a part: known secrets alone."""
        return text if self.shows else self._known.hidden(text)

    def value(self, value: Any) -> Any:
        """A JSON value of the same shape."""
        if self.shows:
            return value
        try:
            return self._value(value, told=False)
        except RecursionError:
            return HIDDEN

    def plan(self, value: Any) -> Any:
        """A plan, a step or several as JSON: known secrets alone, in what is sent.

        What a plan makes up itself, such as the password of a user that it registers,
        is no secret, and without it the plan could not be run again.
        """
        return value if self.shows else hidden_plan(value, self._known)

    def difference(self, kind: str, where: str, value: str) -> str:
        """What a stack has at a place: a header, or a part of a body as short text."""
        if kind in {"header", "media-type"}:
            return value if value.startswith(("(", "<")) else self.header(where, value)
        # A minted one has a name instead: "<token#1>".
        plain = re.match(r'"(?!<)|[\d-]', value) is not None and not self.shows
        key = next((k for k in where.split("/")[::-1] if k != "*"), "")
        return HIDDEN if plain and "/" in where and is_secret(key) else self.text(value)

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Names and values of headers; schemes and names of cookies remain."""
        return [(name, self.header(name, value)) for name, value in pairs]

    def header(self, name: str, value: str) -> str:
        """The value of one header."""
        if self.shows:
            return value
        return _credentials(name, value) if self._tells(name) else self.text(value)

    def body(self, body: bytes) -> bytes:
        """A body as sent: JSON is masked as such, other text as text."""
        if self.shows:
            return body
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            # Bytes that are no text come through as they are.
            return self.text(body.decode(errors="surrogateescape")).encode(
                errors="surrogateescape"
            )
        masked = self.value(value)
        return body if masked == value else json.dumps(masked).encode()

    def _tells(self, name: str) -> bool:
        return is_secret(name) or name.lower() in self._names

    def _header_line(self, at: re.Match[str]) -> str:
        if not self._tells(at["name"]):
            return at[0]
        return at["name"] + at["colon"] + _credentials(at["name"], at["value"])

    def _field(self, at: re.Match[str]) -> str:
        hidden = self._tells(at["name"])
        return f"{at['name']}={_hidden(at['value'])}" if hidden else at[0]

    def _value(self, value: Any, *, told: bool) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self._value(item, told=told) for item in value]
        if isinstance(value, Mapping):
            return {
                self.text(key): _hidden(item)
                if is_secret(key) and _is_scalar(item) and not told
                else self._value(item, told=told or key in _SAID)
                for key, item in value.items()
            }
        return value


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _hidden(value: Any) -> Any:
    bare = value == "" or (isinstance(value, str) and PLACEHOLDER.search(value))
    return value if bare else HIDDEN


def _credentials(name: str, value: str) -> str:
    if PLACEHOLDER.search(value) or not value.strip():
        return value
    if name.lower() == "set-cookie":
        return _COOKIE.sub(rf"\g<name>{HIDDEN}", value)
    if name.lower() == "cookie":
        return ";".join(map(_cookie, value.split(";")))
    scheme = _SCHEME.match(value.strip())
    return f"{scheme[0]} {HIDDEN}" if scheme else HIDDEN


def _cookie(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={HIDDEN}" if equals and value else pair if equals else HIDDEN


def _member(at: re.Match[str]) -> str:
    if not is_secret(at["name"]):
        return at[0]
    name = at["quote"] + at["name"] + at["quote"] + at["colon"]
    return f"{name}{at['quote']}{_hidden(at['value'])}{at['end']}"
