"""Values that a server mints, renamed so that two stacks can be compared.

A token, an id, a time or a random suffix differs from stack to stack by nature. Each
becomes a name: what is unique (ids, suffixes, UUIDs) is numbered in order of first
appearance across the plan, so that a wrong row or a wrong page still shows. Times are
not numbered, because two of them may fall in one millisecond on one stack only; they
become their format and their relation to what was seen of the same thing before.
What the client sent is never volatile.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*")
TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?"
)
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SUFFIX = re.compile(r"(?P<base>.+)-(?P<end>[a-z0-9]{8})")
ID = re.compile(r"(id|_id|.*_id|.*Id|.*ID)")
SECRET = re.compile(r"(.*[_-])?token|.*Token", re.IGNORECASE)
IDENTITIES = ("id", "slug", "uuid", "username", "name")


@dataclass
class Normaliser:
    """The names given so far to what one stack minted in one plan."""

    sent: frozenset[str] = frozenset()
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _times: dict[tuple[str, str], str] = field(default_factory=dict)

    def body(self, value: Any) -> Any:
        """A JSON value with every minted value replaced by its name."""
        return self._value(value, "")

    def header(self, value: str) -> str:
        """A header value, renamed if the whole of it is minted."""
        if UUID.fullmatch(value) and value not in self.sent:
            return self._name("uuid", value)
        return value

    def _value(self, value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return [self._value(item, key) for item in value]
        if isinstance(value, bool) or value is None or str(value) in self.sent:
            return value
        if isinstance(value, int):
            return self._name("id", str(value)) if ID.fullmatch(key) else value
        return self._text(value, key) if isinstance(value, str) else value

    def _object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        # In sorted order: the stacks may write the keys of an object in any.
        done = {
            key: self._value(value[key], key)
            for key in sorted(value)
            if not self._is_time(value[key])
        }
        identity = next((str(done[key]) for key in IDENTITIES if key in done), "")
        first: str | None = None
        for key in sorted(value):
            if key not in done:
                done[key] = self._time(value[key], key, identity, first)
                first = first or value[key]
        return {key: done[key] for key in value}

    def _text(self, value: str, key: str) -> str:
        if self._is_time(value):
            return self._time(value, key, "", None)
        if TOKEN.fullmatch(value) and (token := _token(value)):
            return token
        kinds = {
            "uuid": UUID.fullmatch(value),
            "token": SECRET.fullmatch(key),
            "id": ID.fullmatch(key),
        }
        for kind, fits in kinds.items():
            if fits:
                # 5 and "5" must not have one name.
                return self._name("id text" if kind == "id" else kind, value)
        suffix = SUFFIX.fullmatch(value)
        # A text with spaces never gets here, a slug does: only its end is minted.
        if suffix and suffix["end"] not in self._words:
            return f"{suffix['base']}-{self._name('random', value)}"
        return value

    def _is_time(self, value: Any) -> bool:
        return (
            isinstance(value, str)
            and value[4:5] == "-"
            and value not in self.sent
            and TIME.fullmatch(value) is not None
        )

    def _time(self, value: str, key: str, identity: str, first: str | None) -> str:
        shape = re.sub(r"\d", "0", value)
        before = self._times.get((identity, key)) if identity else None
        self._times[identity, key] = value
        said = [shape]
        if first is not None:
            said.append(f"{_relation(value, first)} the first")
        if before is not None:
            said.append(f"{_relation(value, before)} before")
        return f"<time {', '.join(said)}>"

    def _name(self, kind: str, value: str) -> str:
        if (kind, value) not in self._names:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[kind, value] = f"<{kind}#{self._counts[kind]}>"
        return self._names[kind, value]

    @property
    def _words(self) -> frozenset[str]:
        return words(self.sent)


_word_cache: dict[frozenset[str], frozenset[str]] = {}


def words(sent: Iterable[str]) -> frozenset[str]:
    """The words of eight letters or digits in texts, as a slug would have them."""
    key = frozenset(sent)
    if key not in _word_cache:
        _word_cache.clear()
        found = re.findall(r"[a-z0-9]+", " ".join(key).lower())
        _word_cache[key] = frozenset(word for word in found if len(word) == 8)  # noqa: PLR2004
    return _word_cache[key]


def _relation(value: str, other: str) -> str:
    if value == other:
        return "as"
    return "after" if value > other else "earlier than"


def _token(value: str) -> str | None:
    """What can be compared of a JSON Web Token: its kind, claims and lifetime."""
    try:
        header, claims = (_part(part) for part in value.split(".")[:2])
        lasts = f" lasts {claims['exp'] - claims['iat']} s"
    except KeyError:
        lasts = ""
    except (ValueError, TypeError):
        return None
    return f"<token {header.get('alg')} with {' '.join(sorted(claims))}{lasts}>"


def _part(text: str) -> dict[str, Any]:
    part = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(part, dict):
        raise TypeError
    return part
