"""How two JSON values differ: type-strict, structural, pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from comparison.exchanges.body import shown
from comparison.exchanges.instants import TIME, instant
from comparison.exchanges.normalise import IDENTITIES

ABSENT = "(absent)"
# What a minted value was, by the name that it has got.
_NAMED = re.compile(r"<(id(?:-\w+)?|uuid|token|time)[#, >]")


@dataclass(frozen=True)
class Difference:
    """One difference. `where` is a header or a JSON path with `*` for an index.

    Kinds: broken, status, header, media-type, not-json, duplicate-key, surplus;
    in a body missing, extra, null, type, value, format, time, length, order.
    """

    kind: str
    where: str
    first: str
    second: str


class Looseness(Protocol):
    """What need not be equal in the replies to one operation."""

    def ignored(self, kind: str, where: str) -> bool:
        """Whether a difference is none."""

    def unordered(self, where: str) -> bool:
        """Whether the order of an array says nothing."""

    def near(self, where: str, first: float, second: float) -> bool:
        """Whether two numbers are equal enough."""


class _Strict:
    """Nothing is ignored, every order and every digit counts."""

    def ignored(self, _kind: str, _where: str) -> bool:
        return False

    def unordered(self, _where: str) -> bool:
        return False

    def near(self, _where: str, _first: float, _second: float) -> bool:
        return False


STRICT = _Strict()


def values(
    first: Any, second: Any, where: str, loose: Looseness = STRICT
) -> Iterator[Difference]:
    """How two JSON values differ."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        yield from _objects(first, second, where, loose)
    elif isinstance(first, list) and isinstance(second, list):
        yield from _arrays(first, second, where, loose)
    elif _is_number(first) and _is_number(second) and loose.near(where, first, second):
        return
    elif type(first) is not type(second):
        kind = "null" if first is None or second is None else "type"
        yield Difference(kind, where, shown(first), shown(second))
    elif first != second:
        yield Difference(_kind(first, second), where, shown(first), shown(second))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _objects(
    first: Mapping[str, Any], second: Mapping[str, Any], where: str, loose: Looseness
) -> Iterator[Difference]:
    for key in [*first, *(key for key in second if key not in first)]:
        place = f"{where}/{key}"
        if key not in second:
            yield Difference("missing", place, shown(first[key]), ABSENT)
        elif key not in first:
            yield Difference("extra", place, ABSENT, shown(second[key]))
        else:
            yield from values(first[key], second[key], place, loose)


def _arrays(
    first: list[Any], second: list[Any], where: str, loose: Looseness
) -> Iterator[Difference]:
    if len(first) != len(second):
        texts = (_counted(array) for array in (first, second))
        yield Difference("length", where, *texts)
        return
    plain, other_plain = _unnamed(first), _unnamed(second)
    # Where only names differ, the items are in one order, and another thing is wrong.
    if plain != other_plain and sorted(plain) == sorted(other_plain):
        yield Difference("order", where, shown(first), shown(second))
        return
    told: set[tuple[str, str]] = set()
    for one, other in zip(first, second, strict=True):
        for found in _items(one, other, f"{where}/*", loose):
            # Of a long array the first item that differs so tells enough.
            if (found.kind, found.where) not in told:
                told.add((found.kind, found.where))
                yield found


def _items(one: Any, other: Any, where: str, loose: Looseness) -> Iterator[Difference]:
    """How two items of an array differ; of two other things only that they are."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in IDENTITIES:
            if key in one and key in other:
                found = list(values(one[key], other[key], f"{where}/{key}", loose))
                if found and len(_differing(one, other)) > 1:
                    return iter(found)
                break
    return values(one, other, where, loose)


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [key for key in one if key in other and one[key] != other[key]]


def _kind(first: Any, second: Any) -> str:
    if not isinstance(first, str):
        return "value"
    words = [_NAMED.match(text) for text in (first, second)]
    one, other = (word[1] if word else "" for word in words)
    if "time" in {one, other} or not (one and other):
        return _kind_of_time(first, second)
    if one != other:
        return "type" if "id" in {one, other} else "format"
    return "value"


def _kind_of_time(first: str, second: str) -> str:
    if first.startswith("<time") and second.startswith("<time"):
        forms = {text.partition(",")[0].rstrip(">") for text in (first, second)}
        return "time" if len(forms) == 1 else "format"
    if TIME.fullmatch(first) and TIME.fullmatch(second):
        moment = instant(first)
        return "format" if moment is not None and moment == instant(second) else "value"
    return "value"


def _unnamed(array: list[Any]) -> list[str]:
    """The items as text without what in their names depends on their order."""
    texts = (json.dumps(item, sort_keys=True) for item in array)
    # The form of a time stays; what it follows depends on the order too.
    times = (re.sub(r"<time ([^,<>]*)[^<>]*>", r"<time \1>", text) for text in texts)
    return [re.sub(r"#\d+>", ">", text) for text in times]


def _counted(array: list[Any]) -> str:
    return f"{len(array)} item{'' if len(array) == 1 else 's'}"
