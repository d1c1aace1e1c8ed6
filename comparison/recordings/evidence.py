"""When a value of a request is the one that an earlier reply gave, and not by chance.

A long value that no person would type is evidence by itself. A short one, the id 7, is
only where it stands for the same thing on both sides: given as the `id` of a comment,
asked for below `/comments/`. The 20 of `?limit=20` is never.
"""

import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comparison.exchanges.body import Broken, parsed
from comparison.mask import is_secret
from comparison.recordings.har import Recorded, value_of

_IDENTIFYING = frozenset(
    {"id", "uuid", "guid", "slug", "username", "handle", "key", "code"}
    | {"token", "cursor"}
)
# These lead on from where a list ended, or prove a right: always given, never typed.
_GIVEN = frozenset({"cursor", "token", "code"})
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Reply headers that may give a value to a later request.
_GIVING = re.compile(r"(?i)etag|x-.*|.*token")
# What a placeholder or a JSON pointer of a plan cannot lead to.
_UNREACHABLE = re.compile(r"[./}]|^$")
_LONG, _MIXED, _LETTERS = 8, 6, 24


@dataclass(frozen=True)
class Place:
    """Where a request has a value: its name, and the words of what it belongs to."""

    about: frozenset[str] = frozenset()
    name: str = ""
    cookie: str = ""
    in_path: bool = False


@dataclass(frozen=True)
class Source:
    """A value that the reply to a step gave: its placeholder's name, how to save it.

    `listed`: it is an item of an array, or belongs to one.
    """

    step: int
    name: str
    origin: str = ""
    text: str = ""
    key: str = ""
    about: frozenset[str] = frozenset()
    cookie: str = ""
    listed: bool = False

    def member(self, key: str) -> "Source":
        """The member of an object."""
        about = self.about | words(self.key) if self.key else self.about
        return replace(self, name=f"{self.name}.{key}", key=key, about=about)

    def item(self, index: int) -> "Source":
        """The item of an array; it keeps the name of the array."""
        return replace(self, name=f"{self.name}.{index}", listed=True)

    def of(self, text: str) -> "Source":
        """The value itself."""
        return replace(self, text=text)

    def meets(self, place: Place) -> bool:
        """Whether it belongs to the same kind of thing."""
        return bool((self.about | words(self.key)) & place.about - _IDENTIFYING)


def enough(source: Source, place: Place) -> bool:
    """Whether the value at `place` comes from `source`, if the texts are the same."""
    if not source.text:
        return False
    if place.cookie or source.cookie:
        return place.cookie == source.cookie or is_strong(source.text)
    if is_strong(source.text) or (is_secret(source.key) and is_secret(place.name)):
        return True
    key, name = _last(source.key), _last(place.name)
    if key not in _IDENTIFYING:
        return False
    if place.in_path:
        chance = source.text.isdigit() or key != name
        return source.meets(place) or not chance
    return key == name and (source.meets(place) or key in _GIVEN)


def is_strong(text: str) -> bool:
    """Whether nobody types such a text: an id, a token, a slug with a random end."""
    if re.search(r"\s", text) or _DATE.fullmatch(text):
        return False
    if text.isdigit():
        return len(text) >= _LONG
    digits, letters = re.search(r"\d", text), re.search(r"[A-Za-z]", text)
    mixed = digits and letters and len(text) >= _MIXED
    return bool(mixed) or len(text) >= _LETTERS


def path_places(segments: Sequence[str], template: str | None) -> list[Place]:
    """The place of each segment; the names of parameters come from the template."""
    shape = template.split("/") if template else []
    if len(shape) != len(segments):
        shape = list(segments)
    found = []
    for at, part in enumerate(shape):
        name = part.strip("{}") if part.startswith("{") else ""
        before = shape[at - 1] if at else ""
        about = words(name) | (words(before) if not before.startswith("{") else words())
        fixed = bool(template) and not name
        found.append(Place() if fixed else Place(about, name, in_path=True))
    return found


def sources(number: int, recorded: Recorded, about: frozenset[str]) -> Iterator[Source]:
    """Every value that the reply to step `number` gives; `about` what it is about."""
    body = parsed(recorded.reply_body)
    if not isinstance(body, Broken):
        yield from _leaves(body, Source(number, f"r{number}", about=about))
    for name, value in recorded.reply_headers:
        label = f"r{number}_" + re.sub(r"\W", "_", name.lower())
        if name.lower() == "set-cookie":
            cookie, _, rest = (part.strip() for part in value.partition("="))
            label += "_" + re.sub(r"\W", "_", cookie)
            text = rest.partition(";")[0]
            yield Source(number, label, f"cookie:{cookie}", text, cookie=cookie)
        elif name.lower() == "location":
            parts = [p for p in urllib.parse.urlsplit(value).path.split("/") if p]
            if parts:
                text, thing = urllib.parse.unquote(parts[-1]), words(*parts[-2:-1])
                yield Source(number, label, f"header:{name}/-1", text, "id", thing)
        elif _GIVING.fullmatch(name) and value == value_of(
            recorded.reply_headers[::-1], name.lower()
        ):
            yield Source(number, label, f"header:{name}", value, name)


def _leaves(value: Any, at: Source) -> Iterator[Source]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not _UNREACHABLE.search(key):
                yield from _leaves(item, at.member(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, at.item(index))
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield at.of(str(value))


def words(*names: str) -> frozenset[str]:
    """The words of names in small letters, each in the singular."""
    found = (part.lower() for name in names for part in _PART.findall(name))
    return frozenset(map(_singular, found))


def _last(name: str) -> str:
    parts = _PART.findall(name)
    return parts[-1].lower() if parts else ""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
