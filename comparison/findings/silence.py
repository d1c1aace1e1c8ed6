"""What a contract would have to say, where two answers differ and both keep it."""

from collections.abc import Callable

from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken


def missing_rule(place: str, split: Split, taken: Taken) -> str:
    """The rule that would decide who is right, as what the contract does not say."""
    if taken.operation is None:
        return f"what {place} is answered with: it is no operation of the contract"
    return _LACKS.get(split.kind, _value)(place, split)


def _status(place: str, split: Split) -> str:
    statuses = " or ".join(dict.fromkeys(split.values))
    return f"whether {place} answers this with {statuses}; both are documented"


def _header(place: str, split: Split) -> str:
    return f"whether replies of {place} carry `{split.where}`, and with which value"


def _media_type(place: str, _split: Split) -> str:
    return f"which of its media types {place} answers this with"


def _key(place: str, split: Split) -> str:
    return (
        f"whether {split.where} is there in the reply of {place} (`required`,"
        " `additionalProperties: false`)"
    )


def _type(place: str, split: Split) -> str:
    return f"of which type {split.where} is in the reply of {place}, null among them"


def _order(place: str, split: Split) -> str:
    return f"in which order {split.where} comes in the reply of {place}"


def _length(place: str, split: Split) -> str:
    return f"which items {split.where} holds in the reply of {place}, and how many"


def _format(place: str, split: Split) -> str:
    return f"in which format {split.where} is written by {place} (`format`, `pattern`)"


def _body(place: str, _split: Split) -> str:
    return f"what the body of this reply of {place} is"


def _value(place: str, split: Split) -> str:
    return f"which value {split.where} has in this reply of {place}"


_LACKS: dict[str, Callable[[str, Split], str]] = {
    "status": _status,
    "header": _header,
    "media-type": _media_type,
    "missing": _key,
    "extra": _key,
    "null": _type,
    "type": _type,
    "order": _order,
    "length": _length,
    "format": _format,
    "time": _format,
    "not-json": _body,
    "surplus": _body,
    "duplicate-key": _body,
}
