"""A body as JSON, read strictly: duplicate keys, NaN and endless nesting are told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class DuplicateKeyError(ValueError):
    """An object of a reply names a key twice."""


@dataclass(frozen=True)
class Broken:
    """A body that is no JSON, and why."""

    reason: str


def parsed(body: bytes) -> Any:
    """A body as JSON, or `Broken`; an empty one is `Broken("empty")`."""
    if not body:
        return Broken("empty")
    try:
        # As json.loads has it: UTF-8, -16 or -32, told by the first bytes.
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        return _DECODER.decode(text)
    except DuplicateKeyError as error:
        return Broken(f"duplicate key {error}")
    except (ValueError, RecursionError):
        return Broken("not JSON")


def shown(value: Any, most: int = 72) -> str:
    """A JSON value as short text."""
    text = json.dumps(value, ensure_ascii=False)
    # Unpaired surrogates can be in JSON but not on a terminal.
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= most else text[: most - 1] + "…"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKeyError(key)
            seen.add(key)
    return found


def _constant(name: str) -> Callable[[], None]:
    raise ValueError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)
