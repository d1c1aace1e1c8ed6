"""Values that a server mints, renamed so that two stacks can be compared.

A token, an id, a time or a random suffix differs from stack to stack by nature. Each
becomes a name: what is unique (ids, suffixes, UUIDs) is numbered in order of first
appearance since the world was made, so that a wrong row or a wrong page still shows.
Times are not numbered, because two of them may fall in one millisecond on one stack
only; they become their format and their relation to what was seen of the same thing
before. What the client sent is never volatile.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.resources import WRAPPERS, singular
from comparison.exchanges import addresses
from comparison.exchanges.instants import TIME, form, is_http_date, is_minted, relation
from comparison.exchanges.tokens import shown_token
from comparison.plans.texts import ID, NOTHING_SENT, Sent

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SUFFIX = re.compile(r"(?P<base>.+)-(?P<end>[a-z0-9]{8})")
SECRET = re.compile(r"(.*[_-])?token|.*Token", re.IGNORECASE)
LONGEST_WORD = 12
IDENTITIES = ("id", "slug", "uuid", "username", "name")
# Headers whose words may stand in any order.
_SETS = frozenset(
    [
        *("allow", "vary", "accept", "access-control-allow-methods"),
        *("access-control-allow-headers", "access-control-expose-headers"),
    ]
)


@dataclass
class Normaliser:
    """The names given so far to what one stack minted.

    `site` is where the stack is, `now` when it is asked (seconds since 1970).
    """

    sent: Sent = NOTHING_SENT
    site: addresses.Site = field(default_factory=addresses.Site)
    now: float = field(default_factory=time.time)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _times: dict[tuple[str, str], str] = field(default_factory=dict)

    def following(self, sent: Sent) -> "Normaliser":
        """One for another plan, which knows the names of this one."""
        names, counts = dict(self._names), dict(self._counts)
        return Normaliser(sent, self.site, _names=names, _counts=counts)

    def body(self, value: Any, noun: str = "") -> Any:
        """A JSON value with every minted value replaced by its name.

        `noun` says of what it is where the value itself does not: an item, a user.
        """
        return self._value(value, "", noun)

    def header(self, name: str, value: str) -> str:
        """A header value without what is minted in it; after the body was named."""
        if addresses.is_address(name, header=True):
            return addresses.renamed(value, self.site, self._segment)
        if name in _SETS:
            return ", ".join(sorted(word.strip() for word in value.split(",")))
        if name == "set-cookie":
            return self._cookies(value)
        if is_http_date(value, self.now):
            return "<date>"
        return self._uuids(value)

    def _value(self, value: Any, key: str, noun: str) -> Any:
        if isinstance(value, dict):
            return self._object(value, noun)
        if isinstance(value, list):
            return [self._value(item, key, noun) for item in value]
        if isinstance(value, bool) or value is None:
            return value
        found = ID.fullmatch(key)
        if found and not isinstance(value, float):
            of = singular(found["of"]) if found["of"] else noun
            return value if (key, value) in self.sent.ids else self._id(value, of)
        return self._text(value, key, noun) if isinstance(value, str) else value

    def _object(self, value: Mapping[str, Any], noun: str) -> dict[str, Any]:
        # In sorted order: the stacks may write the keys of an object in any.
        done = {
            key: self._value(value[key], key, _noun_in(key, value[key], noun))
            for key in sorted(value)
            if not self._is_time(value[key])
        }
        names = (f"{noun} {done[key]}" for key in IDENTITIES if key in done)
        identity, first = next(names, ""), None
        for key in sorted(value):
            if key not in done:
                done[key] = self._time(value[key], key, identity, first)
                first = first or value[key]
        return {key: done[key] for key in value}

    def _id(self, value: int | str, of: str) -> int | str:
        """The name of an id; what cannot be one stays as it is."""
        if isinstance(value, int):
            return self._name("id", of, str(value)) if value > 0 else value
        if value in self.sent.texts and not value.isdigit():
            return value
        if UUID.fullmatch(value):
            return self._name("uuid", "", value)
        if value.isdigit():
            # 5 and "5" must not have one name.
            return self._name("id-text", of, value)
        if not value or (value.isalpha() and len(value) < LONGEST_WORD):
            return value  # undefined, null, none: no server mints so short a word.
        kind = "id-hex" if re.fullmatch("[0-9a-f]+", value) else "id-letters"
        return self._name(kind, of, value)

    def _text(self, value: str, key: str, noun: str) -> str:
        if value in self.sent.texts:
            return value
        if self._is_time(value):
            return self._time(value, key, "", None)
        if token := shown_token(value, lambda claims: self.body(claims, "user")):
            return token
        if SECRET.fullmatch(key):
            return self._name("token", "", value)
        origin = self.site.origin
        if (origin and value.startswith(origin)) or addresses.is_address(key):
            return addresses.renamed(value, self.site, self._segment)
        return self._slug(value, key, noun)

    def _slug(self, value: str, key: str, noun: str) -> str:
        """A text whose end may have been drawn, which is then renamed."""
        found = SUFFIX.fullmatch(value)
        if found and self._is_random(found["base"], found["end"], key):
            return f"{found['base']}-{self._name('random', noun, value)}"
        return self._uuids(value)

    def _is_random(self, base: str, end: str, key: str) -> bool:
        """Whether the end of a slug was drawn, and is no word."""
        if end in self.sent.words or end.isdigit():
            return False
        return key == "slug" or not end.isalpha() or base in self.sent.slugs

    def _uuids(self, value: str) -> str:
        if value in self.sent.texts:
            return value
        return UUID.sub(lambda at: self._name("uuid", "", at[0]), value)

    def _segment(self, segment: str, noun: str) -> str:
        """A segment of an address: minted, if it has a name or looks like an id."""
        for kind, of in (("id", noun), ("id-text", noun), ("random", noun)):
            if name := self._names.get((f"{kind} {of}".strip(), segment)):
                return name
        if segment.isdigit():
            return self._name("id", noun, segment)
        known = (name for (_, value), name in self._names.items() if value == segment)
        return next(known, None) or self._uuids(segment)

    def _cookies(self, value: str) -> str:
        """Set-Cookie without values that are the moment's, and dates of expiry."""
        value = re.sub(r"(?i)(expires=)[^;]+", r"\1<date>", value)
        return re.sub(
            r"^([^=;]+)=([^;]{8,})",
            lambda at: f"{at[1]}={self._name('cookie', at[1], at[2])}",
            value,
        )

    def _is_time(self, value: Any) -> bool:
        return (
            isinstance(value, str)
            and value[4:5] == "-"
            and value not in self.sent.texts
            and TIME.fullmatch(value) is not None
            and is_minted(value, self.now)
        )

    def _time(self, value: str, key: str, identity: str, first: str | None) -> str:
        before = self._times.get((identity, key)) if identity else None
        self._times[identity, key] = value
        said = [form(value)]
        if first is not None:
            said.append(f"{relation(value, first)} the first")
        if before is not None:
            said.append(f"{relation(value, before)} before")
        return f"<time {', '.join(said)}>"

    def _name(self, kind: str, of: str, value: str) -> str:
        """The name of a value among those of its kind that are `of` the same noun."""
        family = f"{kind} {of}".strip()
        if (family, value) not in self._names:
            self._counts[family] = self._counts.get(family, 0) + 1
            self._names[family, value] = f"<{kind}#{self._counts[family]}>"
        return self._names[family, value]


def _noun_in(key: str, value: Any, noun: str) -> str:
    """What an object at this key is called; a wrapper says nothing of it."""
    if not isinstance(value, dict | list) or ID.fullmatch(key):
        return noun
    word = singular(key)
    return noun if word in WRAPPERS else word
