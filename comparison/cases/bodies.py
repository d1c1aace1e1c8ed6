"""JSON objects with other values at some of their keys."""

from collections.abc import Mapping
from typing import Any

Keys = tuple[str, ...]


def has(base: Any, where: Keys) -> bool:
    """Whether an object has something at the end of these keys."""
    here = isinstance(base, Mapping) and where[0] in base
    return here and (len(where) == 1 or has(base[where[0]], where[1:]))


def changed(base: Any, where: Keys, value: Any) -> dict[str, Any]:
    """The object with `value` at the end of these keys; what is missing is made."""
    known = base if isinstance(base, Mapping) else {}
    if len(where) == 1:
        return {**known, where[0]: value}
    return {**known, where[0]: changed(known.get(where[0]), where[1:], value)}
