"""Secrets in what is written for people: replaced by `***`, wherever they stand.

Two things tell a secret: that it is known (a token of the configuration, a password of
a recording), in each form in which it may be written, and its place (the value of an
Authorization header, a cookie, a key such as `password`). A placeholder of a plan, such
as `${alice.token}`, is no secret and stays as it is.
"""

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Self

HIDDEN = "***"
# What is shorter is hidden only where its place tells: the password "1" must not take
# every digit from a report.
SHORTEST = 4
JWT = re.compile(r"\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*){1,3}")
_PLACEHOLDER = re.compile(r"\$\{[^}\n]*\}")
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
# a field of a query or of a form.
_MEMBER = re.compile(
    r'(?P<quote>\\*")(?P<name>[\w.-]+)(?P=quote)(?P<colon>\s*:\s*)(?P=quote)'
    r"(?!(?P=quote))(?P<value>.+?)(?<!\\)(?P=quote)"
)
_LINE = re.compile(
    r"(?i)(?P<name>\b(?:proxy-)?authorization|\b(?:set-)?cookie|\bx-[\w-]+|\bapi-key)"
    r"(?P<colon>:[ \t]*)(?P<value>[^\r\n'\"]+)"
)
_FIELD = re.compile(r"(?P<name>[\w.-]+)=(?P<value>[^&\s'\"\\]+)")


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a key, a field or a header of this name holds a secret."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or _HARMLESS & set(words):
        return False
    return words[-1] in _SECRET_WORDS or " ".join(words[-2:]) in _SECRET_PAIRS


class Mask:
    """Hides `secrets`, and what stands where secrets stand. Pure, for any input."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST}
        forms = {form for secret in known for form in _forms(secret)}
        # A secret may be part of another: the longest first.
        longest = sorted(forms, key=lambda form: (-len(form), form))
        parts = [*map(re.escape, longest), JWT.pattern]
        self._known = re.compile(
            f"(?P<secret>{'|'.join(parts)})|{_PLACEHOLDER.pattern}"
        )
        self.shows = False

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
        text = self._known.sub(lambda at: HIDDEN if at["secret"] else at[0], text)
        text = _LINE.sub(_line, text)
        return _FIELD.sub(_field, _MEMBER.sub(_member, text))

    def value(self, value: Any) -> Any:
        """A JSON value of the same shape."""
        if self.shows:
            return value
        try:
            return self._value(value, told=False)
        except RecursionError:
            return HIDDEN

    def plan(self, value: Any) -> Any:
        """A plan, or steps, as JSON: known secrets alone.

        What a plan makes up itself, such as the password of a user that it registers,
        is no secret, and without it the plan could not be run again.
        """
        if self.shows:
            return value
        if isinstance(value, str):
            return self._known.sub(lambda at: HIDDEN if at["secret"] else at[0], value)
        if isinstance(value, list | tuple):
            return [self.plan(item) for item in value]
        if isinstance(value, Mapping):
            return {self.plan(key): self.plan(item) for key, item in value.items()}
        return value

    def headers(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Names and values of headers; schemes and names of cookies remain."""
        return [(name, self.header(name, value)) for name, value in pairs]

    def header(self, name: str, value: str) -> str:
        """The value of one header."""
        if self.shows:
            return value
        return _credentials(name, value) if is_secret(name) else self.text(value)

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


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, in a URL, in JSON, in base64."""
    yield secret
    for quoted in (
        urllib.parse.quote(secret, safe="", errors="surrogatepass"),
        urllib.parse.quote_plus(secret, errors="surrogatepass"),
    ):
        yield quoted
        yield re.sub(r"%..", lambda at: at[0].lower(), quoted)
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
    yield from _coded(secret.encode("utf-8", "surrogatepass"))


def _coded(secret: bytes) -> Iterator[str]:
    """What base64 of a text holds that has the secret anywhere in it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret).decode().rstrip("=")
        # Characters at both ends also depend on what stands beside the secret.
        end = -1 if (before + len(secret)) % 3 else None
        inner = coded[-(-before * 8 // 6) : end]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _hidden(value: Any) -> Any:
    bare = value == "" or (isinstance(value, str) and _PLACEHOLDER.search(value))
    return value if bare else HIDDEN


def _credentials(name: str, value: str) -> str:
    if _PLACEHOLDER.search(value) or not value.strip():
        return value
    if name.lower() == "set-cookie":
        first, semicolon, rest = value.partition(";")
        return _cookie(first) + semicolon + rest
    if name.lower() == "cookie":
        return ";".join(map(_cookie, value.split(";")))
    scheme = _SCHEME.match(value.strip())
    return f"{scheme[0]} {HIDDEN}" if scheme else HIDDEN


def _cookie(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}={HIDDEN}" if equals and value else pair if equals else HIDDEN


def _line(at: re.Match[str]) -> str:
    if not is_secret(at["name"]):
        return at[0]
    return at["name"] + at["colon"] + _credentials(at["name"], at["value"])


def _member(at: re.Match[str]) -> str:
    if not is_secret(at["name"]):
        return at[0]
    name = at["quote"] + at["name"] + at["quote"] + at["colon"]
    return f"{name}{at['quote']}{_hidden(at['value'])}{at['quote']}"


def _field(at: re.Match[str]) -> str:
    return f"{at['name']}={_hidden(at['value'])}" if is_secret(at["name"]) else at[0]
