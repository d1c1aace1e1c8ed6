"""How two answers to the same request differ: type-strict, structural, pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from comparison.exchanges.body import Broken, shown
from comparison.exchanges.exchange import Answer, Failure, Reply
from comparison.exchanges.instants import TIME, instant
from comparison.exchanges.normalise import IDENTITIES, Normaliser

# Date differs by nature; Connection and Keep-Alive speak of the connection, not of the
# reply. Content-Length is compared by its presence: its value follows from the body,
# which is compared as JSON, so that white space and escapes may differ. With its
# presence Transfer-Encoding is known. Everything else counts, Server and X-Powered-By
# among them.
IGNORED = frozenset({"date", "connection", "keep-alive", "transfer-encoding"})
PRESENCE = frozenset({"content-length"})
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


@dataclass(frozen=True)
class View:
    """An answer as it is compared: minted values have names."""

    answer: Answer
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def view(
    answer: Answer, names: Normaliser, loose: Looseness = STRICT, noun: str = ""
) -> View:
    """What is to be compared; `names` learns from every reply of a plan.

    `noun` says what the reply is about.
    """
    if isinstance(answer, Failure):
        return View(answer)
    body = answer.json
    if not isinstance(body, Broken):
        body = body if loose is STRICT else _sorted(body, "", names, loose)
        body = names.body(body, noun)
    fields = answer.fields
    kept = sorted(fields.keys() - IGNORED)
    headers = {key: names.header(key, fields[key]) for key in kept}
    return View(answer, headers, body)


def compare(first: View, second: View, loose: Looseness = STRICT) -> list[Difference]:
    """The differences of two answers. Where the status differs the rest follows."""
    found = _compare(first, second, loose)
    return [one for one in found if not loose.ignored(one.kind, one.where)]


def _sorted(value: Any, where: str, names: Normaliser, loose: Looseness) -> Any:
    """`value` with every array whose order says nothing in one order.

    Before anything is named: names follow the order of appearance.
    """
    if isinstance(value, Mapping):
        return {k: _sorted(v, f"{where}/{k}", names, loose) for k, v in value.items()}
    if not isinstance(value, list):
        return value
    items = [_sorted(item, f"{where}/*", names, loose) for item in value]
    if not loose.unordered(where):
        return items

    def text(item: Any) -> str:
        kept = _without_ignored(item, f"{where}/*", loose)
        return json.dumps(Normaliser(names.sent, names.site).body(kept), sort_keys=True)

    return sorted(items, key=text)


def _without_ignored(value: Any, where: str, loose: Looseness) -> Any:
    """A value without what need not be equal in it."""
    if isinstance(value, Mapping):
        return {
            key: _without_ignored(item, f"{where}/{key}", loose)
            for key, item in value.items()
            if not loose.ignored("value", f"{where}/{key}")
        }
    if isinstance(value, list):
        return [_without_ignored(item, f"{where}/*", loose) for item in value]
    return value


def _compare(first: View, second: View, loose: Looseness) -> list[Difference]:
    one, other = first.answer, second.answer
    if isinstance(one, Failure) or isinstance(other, Failure):
        kinds = [_outcome(answer) for answer in (one, other)]
        return (
            [Difference("broken", "connection", *kinds)] if kinds[0] != kinds[1] else []
        )
    if one.status != other.status:
        return [Difference("status", "status", str(one.status), str(other.status))]
    found = list(_headers(first.headers, second.headers))
    if one.surplus != other.surplus:
        texts = (f"{reply.surplus} bytes too many" for reply in (one, other))
        found.append(Difference("surplus", "body", *texts))
    if isinstance(first.body, Broken) or isinstance(second.body, Broken):
        return found + list(_unreadable((one, other), (first.body, second.body)))
    return found + list(values(first.body, second.body, "", loose))


def _outcome(answer: Answer) -> str:
    return answer.kind if isinstance(answer, Failure) else str(answer.status)


def _headers(
    first: Mapping[str, str], second: Mapping[str, str]
) -> Iterator[Difference]:
    for key in sorted({*first, *second}):
        found = first.get(key, ABSENT), second.get(key, ABSENT)
        if found[0] != found[1] and not (key in PRESENCE and ABSENT not in found):
            kind = "media-type" if key == "content-type" else "header"
            yield Difference(kind, key, *found)


def _unreadable(
    replies: tuple[Reply, Reply], bodies: tuple[Any, Any]
) -> Iterator[Difference]:
    """Two bodies, at least one of which is no JSON."""
    if bodies[0] == bodies[1]:
        if replies[0].body != replies[1].body:
            start = _first_difference(replies[0].body, replies[1].body)
            texts = (repr(reply.body[start:][:60])[1:] for reply in replies)
            more = f"…, byte {start}: " if start else ""
            yield Difference("value", "body", *(more + text for text in texts))
        return
    said = [b.reason if isinstance(b, Broken) else "JSON" for b in bodies]
    kind = "duplicate-key" if "duplicate" in " ".join(said) else "not-json"
    yield Difference(kind, "body", *said)


def _first_difference(first: bytes, second: bytes) -> int:
    """Where two bodies begin to differ, or rather the word in which they do."""
    same, most = 0, min(len(first), len(second))
    while same < most:
        middle = (same + most + 1) // 2
        if first[same:middle] == second[same:middle]:
            same = middle
        else:
            most = middle - 1
    before = re.search(rb"\S*\Z", first[max(same - 60, 0) : same])
    return same - len(before[0]) if before and len(before[0]) < 60 else same  # noqa: PLR2004


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
