"""A body as JSON, read strictly: duplicate keys, NaN and endless nesting are told."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Deeper is compared as bytes: whatever walks through a value may call itself.
MOST_LEVELS = 200
# As many digits as Python writes of an integer.
MOST_DIGITS = 4000


class DuplicateKeyError(ValueError):
    """An object of a reply names a key twice."""


@dataclass(frozen=True)
class Broken:
    """A body that is no JSON, and why."""

    reason: str


def parsed(body: bytes) -> Any:
    """A body as JSON, or `Broken`; an empty one is `Broken("empty")`.

    JSON between systems is UTF-8 without a byte order mark (RFC 8259, section 8.1).
    """
    if not body:
        return Broken("empty")
    encoding = json.detect_encoding(body)
    if encoding == "utf-8-sig":
        return Broken("JSON after a byte order mark")
    try:
        value = _DECODER.decode(body.decode())
    except DuplicateKeyError as error:
        return Broken(f"duplicate key {error}")
    except RecursionError:
        return _TOO_DEEP
    except ValueError as error:
        foreign = encoding != "utf-8" or isinstance(error, UnicodeDecodeError)
        return Broken("not UTF-8" if foreign else "not JSON")
    # Counted first, as that is fast and most bodies are small.
    few = body.count(b"{") + body.count(b"[") <= MOST_LEVELS
    return value if few or not _is_deep(value) else _TOO_DEEP


def shown(value: Any, most: int = 72) -> str:
    """A JSON value as short text."""
    text = json.dumps(value, ensure_ascii=False)
    # Unpaired surrogates can be in JSON but not on a terminal.
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= most else text[: most - 1] + "…"


def unpaired(value: Any, where: str = "") -> Iterator[str]:
    """The places of texts that have half of a pair of surrogates: they are no text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from unpaired(inner, f"{where}/{key}")
            yield from [where] if _is_unpaired(key) else ()
    elif isinstance(value, list):
        for inner in value:
            yield from unpaired(inner, f"{where}/*")
    elif isinstance(value, str) and _is_unpaired(value):
        yield where


def _is_unpaired(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


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


def _real(text: str) -> float:
    """A number with a point or an exponent; one too large for a float is exact."""
    value = float(text)
    if math.isfinite(value):
        return value
    digits, _, exponent = text.lower().partition("e")
    if len(digits) + len(exponent) > MOST_DIGITS or int(exponent or 0) > MOST_DIGITS:
        raise ValueError(text)
    return int(Decimal(text))


_TOO_DEEP = Broken(f"nested deeper than {MOST_LEVELS} levels")
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_real
)
