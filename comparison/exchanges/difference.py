"""How two answers to the same request differ: type-strict, structural, pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from comparison.exchanges.body import Broken, shown
from comparison.exchanges.exchange import Answer, Failure, Reply
from comparison.exchanges.normalise import Normaliser

# Date differs by nature; Connection and Keep-Alive speak of the connection, not of the
# reply. Content-Length is compared by its presence: its value follows from the body,
# which is compared as JSON, so that white space and escapes may differ. With its
# presence Transfer-Encoding is known. Everything else counts, Server and X-Powered-By
# among them.
IGNORED = frozenset({"date", "connection", "keep-alive", "transfer-encoding"})
PRESENCE = frozenset({"content-length"})
ABSENT = "(absent)"
# Of a long array the first few items that differ tell enough.
MOST_ITEMS = 3


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


def view(answer: Answer, names: Normaliser, loose: Looseness = STRICT) -> View:
    """What is to be compared; `names` learns from every reply of a plan."""
    if isinstance(answer, Failure):
        return View(answer)
    fields = answer.fields
    kept = sorted(fields.keys() - IGNORED)
    headers = {key: names.header(fields[key]) for key in kept}
    body = answer.json
    if not isinstance(body, Broken):
        body = names.body(body if loose is STRICT else _sorted(body, "", names, loose))
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
        return json.dumps(Normaliser(names.sent).body(item), sort_keys=True)

    return sorted(items, key=text)


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
            texts = (repr(reply.body[:60])[1:] for reply in replies)
            yield Difference("value", "body", *texts)
        return
    said = [b.reason if isinstance(b, Broken) else "JSON" for b in bodies]
    kind = "duplicate-key" if "duplicate" in " ".join(said) else "not-json"
    yield Difference(kind, "body", *said)


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
    differing = 0
    for one, other in zip(first, second, strict=True):
        found = list(values(one, other, f"{where}/*", loose))
        yield from found
        differing += bool(found)
        if differing == MOST_ITEMS:
            return


def _kind(first: Any, second: Any) -> str:
    if not isinstance(first, str):
        return "value"
    if {first.split("#")[0], second.split("#")[0]} == {"<id", "<id text"}:
        return "type"
    if not first.startswith("<time"):
        return "value"
    if not second.startswith("<time"):
        return "value"
    same_shape = first.split(",")[0].rstrip(">") == second.split(",")[0].rstrip(">")
    return "time" if same_shape else "format"


def _unnamed(array: list[Any]) -> list[str]:
    """The items as text without the names that depend on their order."""
    texts = (json.dumps(item, sort_keys=True) for item in array)
    # The form of a time stays; what it follows depends on the order too.
    return [re.sub(r"<(id text|time [^,<>]*|)[^<>]*>", r"<\1>", text) for text in texts]


def _counted(array: list[Any]) -> str:
    return f"{len(array)} item{'' if len(array) == 1 else 's'}"
