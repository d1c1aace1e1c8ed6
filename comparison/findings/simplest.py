"""Values made simpler as long as they still do what matters."""

import re
from collections.abc import Callable
from typing import Any

from comparison.exchanges.instants import TIME
from comparison.exchanges.normalise import UUID

Accepts = Callable[[Any], bool]

# A reader takes these in at a glance; to make them simpler is not worth many runs.
_PLAIN = re.compile(r"[\w .,:;/+-]{0,16}", re.ASCII)
_FORMATS = re.compile(r"[^@\s]+@[^@\s]+|https?://\S+|true|false|null")
_NUMBER = re.compile(r"-?[1-9]\d{0,99}", re.ASCII)
_SMALL = 10
_LARGE = 100
# Characters are tried one by one in what is no longer than this.
_FEW = 12


def is_unusual(value: Any) -> bool:
    """Whether a value is long, large, or made of more than letters and digits."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return abs(value) >= _LARGE or value != int(value)
    if not isinstance(value, str) or _has_format(value):
        return False
    if _NUMBER.fullmatch(value):
        return is_unusual(int(value))
    return not _PLAIN.fullmatch(value)


def minimal(value: Any) -> Any:
    """The least value of this kind; a format that others may ask for is kept."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        small = value == int(value) and abs(value) < _SMALL
        return value if small else int(value > 0)
    if not isinstance(value, str) or _has_format(value):
        return value
    if _NUMBER.fullmatch(value):
        return str(minimal(int(value)))
    return "a" if len(value) > 1 or is_unusual(value) else value


def simplify(value: Any, accepts: Accepts) -> None:
    """Offer simpler values to `accepts`, each nearer to the last that it took."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        _nearer_zero(int(value), lambda number: accepts(str(number)))
    elif isinstance(value, str):
        _shorter(value, accepts)
    else:
        _nearer_zero(value, accepts)


def _nearer_zero(number: float, accepts: Accepts) -> None:
    if accepts(0) or accepts(1 if number > 0 else -1):
        return
    if isinstance(number, float):
        if number == int(number) or accepts(int(number)):
            number = int(number)
        else:
            accepts(round(number, 1))
            return
    digits = len(str(abs(number)))
    sign = 1 if number > 0 else -1
    # Fewer digits, not every number: what matters is most often how large it is.
    _least(1, digits, lambda count: accepts(sign * int(str(abs(number))[:count])))


def _shorter(text: str, accepts: Accepts) -> None:
    if accepts("a" * len(text)):
        _least(0, len(text), lambda count: accepts("a" * count))
        return
    end = _least(0, len(text), lambda count: accepts(text[:count]))
    text = text[:end]
    length = _least(0, len(text), lambda count: accepts(text[len(text) - count :]))
    text = text[len(text) - length :]
    if len(text) > _FEW:
        return
    at = 0
    while at < len(text):
        shorter = text[:at] + text[at + 1 :]
        plainer = text[:at] + "a" + text[at + 1 :]
        if accepts(shorter):
            text = shorter
            continue
        if text[at] != "a" and accepts(plainer):
            text = plainer
        at += 1


def _least(low: int, high: int, accepts: Callable[[int], bool]) -> int:
    """The least number found that is accepted, where `high` is known to be."""
    while low < high:
        middle = (low + high) // 2
        if accepts(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _has_format(text: str) -> bool:
    found = (pattern.fullmatch(text) for pattern in (_FORMATS, TIME, UUID))
    return any(found)
