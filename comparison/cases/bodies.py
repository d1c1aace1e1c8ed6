"""JSON objects with other values at some of their keys."""

import re
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


def renamed(base: Any, where: Keys, value: Any) -> dict[str, Any]:
    """The object with `value` under the name that the last key has in other languages.

    tagList becomes tag_list, tag_list tagList, and title Title.
    """
    return changed(without(base, where), (*where[:-1], _elsewhere(where[-1])), value)


def without(base: Any, where: Keys) -> dict[str, Any]:
    """The object without what is at the end of these keys."""
    kept = {key: value for key, value in base.items() if key != where[0]}
    if len(where) == 1 or where[0] not in base:
        return kept
    return {**kept, where[0]: without(base[where[0]], where[1:])}


def _elsewhere(key: str) -> str:
    if re.search(r"(?<=[a-z0-9])[A-Z]", key):
        return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()
    if re.search(r"(?<=[a-z0-9])[_-][a-z]", key):
        return re.sub(r"[_-]([a-z])", lambda at: at[1].upper(), key)
    return key.title() if key.islower() else key.swapcase()
