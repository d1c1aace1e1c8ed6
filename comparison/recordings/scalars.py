"""The values of a JSON text where they stand in it, so that one can be replaced."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comparison.plans.plan import PLACEHOLDER

_PART = re.compile(
    r'(?P<mark>[{}\[\],:])|(?P<written>"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+)'
)
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Scalar:
    """A text, number or word that is no key; `keys` lead to it, indexes left out."""

    start: int
    end: int
    value: Any
    keys: tuple[str, ...]


def scalars(text: str) -> Iterator[Scalar]:
    """Every scalar of a text that is JSON, in order."""
    # For each open bracket the key at which it is; that of an array stays empty.
    keys: list[str | None] = []
    objects: list[bool] = []
    for at in _PART.finditer(text, int(text.startswith(BYTE_ORDER_MARK))):
        match at["mark"]:
            case "{" | "[":
                keys.append(None)
                objects.append(at["mark"] == "{")
            case "}" | "]":
                keys.pop()
                objects.pop()
            case ",":
                keys[-1] = None
            case None:
                value = json.loads(at["written"])
                if objects and objects[-1] and keys[-1] is None:
                    keys[-1] = value
                else:
                    found = tuple(key for key in keys if key is not None)
                    yield Scalar(at.start(), at.end(), value, found)


def written(text: str) -> str:
    """A text with placeholders as JSON; one that is nothing else has any type."""
    whole = PLACEHOLDER.fullmatch(text)
    if whole and whole["name"]:
        return "${json " + whole["name"] + "}"
    return PLACEHOLDER.sub(_inner, json.dumps(text))


def _inner(at: re.Match[str]) -> str:
    return "${inner " + at["name"] + "}" if at["name"] else at[0]
