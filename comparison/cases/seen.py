"""Values that the world was made of, to be sent again where they may mean something."""

import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comparison.findings.parts import NOTHING, body
from comparison.plans.plan import Step

SHORTEST = 3


def values_of(steps: Iterable[Step]) -> dict[str, list[Any]]:
    """The scalars that steps send in bodies, by the name of their key, "" for all."""
    found: dict[str, list[Any]] = {"": []}
    for step in steps:
        for name, value in _named(body(step), ""):
            for key in ("", name.lower()):
                known = found.setdefault(key, [])
                if value not in known:
                    known.append(value)
    return found


def known(values: Mapping[str, list[Any]], name: str) -> list[Any]:
    """Values of this name: for `tag` those of tag, else of tags or of tagList."""
    key = name.lower()
    alike = (values[other] for other in values if other.startswith(key))
    return values.get(key) or [value for found in alike for value in found]


def varied(value: Any) -> list[Any]:
    """What is nearly a value of the world: only for texts, up to a placeholder."""
    if not isinstance(value, str) or len(value) < SHORTEST:
        return []
    head, mark, rest = value.partition("${")
    others = [head.swapcase() + mark + rest, f"{value} ", value[1:] if head else value]
    return [other for other in others if other != value]


def quoted(text: str) -> str:
    """A text as it stands in a target; placeholders stay."""
    head, mark, rest = text.partition("${")
    inner, end, tail = rest.partition("}")
    done = urllib.parse.quote(head, safe="")
    return f"{done}{mark}{inner}{end}{quoted(tail)}" if mark else done


def _named(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _named(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, name)
    elif value is not NOTHING and value is not None and not isinstance(value, bool):
        yield name, value
