"""Places in a reply: which one a `*` stands for, and the code that leads there."""

from collections.abc import Iterator, Sequence
from typing import Any

from comparison.export.code import quoted

ABSENT = object()


def concrete(where: Sequence[str], first: Any, second: Any) -> list[str | int]:
    """The parts with an index for every `*`, the first where two bodies differ."""
    every = list(_expanded(where, first, second))
    for parts in every:
        if at(first, parts) != at(second, parts):
            return parts
    return every[0] if every else list(where)


def _expanded(
    where: Sequence[str], first: Any, second: Any
) -> Iterator[list[str | int]]:
    if not where:
        yield []
        return
    head, rest = where[0], where[1:]
    lists = [body for body in (first, second) if isinstance(body, list)]
    heads: Sequence[str | int] = [head]
    if head == "*" or (lists and head.isdigit()):
        most = max((len(body) for body in lists), default=0)
        heads = range(most) if head == "*" else [int(head)]
    for one in heads:
        for more in _expanded(rest, at(first, [one]), at(second, [one])):
            yield [one, *more]


def at(value: Any, parts: Sequence[str | int]) -> Any:
    for part in parts:
        if isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif isinstance(value, dict) and part in value:
            value = value[str(part)]
        else:
            return ABSENT
    return value


def path(parts: Sequence[str | int]) -> str:
    keys = (f"[{quoted(p) if isinstance(p, str) else p}]" for p in parts)
    return "reply.json()" + "".join(keys)
