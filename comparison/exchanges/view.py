"""Answers as they are compared: what is minted has a name, what may differ is gone."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.exchanges.body import Broken
from comparison.exchanges.difference import (
    ABSENT,
    STRICT,
    Difference,
    Looseness,
    values,
)
from comparison.exchanges.exchange import Answer, Failure, Reply
from comparison.exchanges.normalise import Normaliser

# Date differs by nature; Connection and Keep-Alive speak of the connection, not of the
# reply. Content-Length is compared by its presence: its value follows from the body,
# which is compared as JSON, so that white space and escapes may differ. Of a body that
# is not sent, as to HEAD, it says at least whether there would be any. With its
# presence Transfer-Encoding is known. Everything else counts, Server and X-Powered-By
# among them.
IGNORED = frozenset({"date", "connection", "keep-alive", "transfer-encoding"})
PRESENCE = frozenset({"content-length"})


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


def _compare(first: View, second: View, loose: Looseness) -> list[Difference]:
    one, other = first.answer, second.answer
    if isinstance(one, Failure) or isinstance(other, Failure):
        kinds = [_outcome(answer) for answer in (one, other)]
        return (
            [Difference("broken", "connection", *kinds)] if kinds[0] != kinds[1] else []
        )
    if one.status != other.status:
        return [Difference("status", "status", str(one.status), str(other.status))]
    unsent = not one.body and not other.body
    found = list(_headers(first.headers, second.headers, unsent=unsent))
    if one.surplus != other.surplus:
        texts = (f"{reply.surplus} bytes too many" for reply in (one, other))
        found.append(Difference("surplus", "body", *texts))
    if isinstance(first.body, Broken) or isinstance(second.body, Broken):
        return found + list(_unreadable((one, other), (first.body, second.body)))
    return found + list(values(first.body, second.body, "", loose))


def _outcome(answer: Answer) -> str:
    return answer.kind if isinstance(answer, Failure) else str(answer.status)


def _headers(
    first: Mapping[str, str], second: Mapping[str, str], *, unsent: bool
) -> Iterator[Difference]:
    for key in sorted({*first, *second}):
        found = first.get(key, ABSENT), second.get(key, ABSENT)
        told = (ABSENT, "0") if unsent else (ABSENT,)
        if found[0] != found[1] and (key not in PRESENCE or {*told} & {*found}):
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
