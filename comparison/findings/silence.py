"""What a contract would have to say, where two answers differ and both keep it."""

from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken

_KEY = (
    "whether {where} is there in the reply of {place} (`required`,"
    " `additionalProperties: false`)"
)
_TYPE = "of which type {where} is in the reply of {place}, null among them"
_FORMAT = "in which format {where} is written by {place} (`format`, `pattern`)"
_BODY = "what the body of this reply of {place} is"
_VALUE = "which value {where} has in this reply of {place}"
_LACKS = {
    "status": "whether {place} answers this with {values}; both are documented",
    "header": "whether replies of {place} carry `{where}`, and with which value",
    "media-type": "which of its media types {place} answers this with",
    "missing": _KEY,
    "extra": _KEY,
    "null": _TYPE,
    "type": _TYPE,
    "order": "in which order {where} comes in the reply of {place}",
    "length": "which items {where} holds in the reply of {place}, and how many",
    "format": _FORMAT,
    "time": _FORMAT,
    "not-json": _BODY,
    "surplus": _BODY,
    "duplicate-key": _BODY,
}


def missing_rule(place: str, split: Split, taken: Taken) -> str:
    """The rule that would decide who is right, as what the contract does not say."""
    if taken.operation is None:
        return f"what {place} is answered with: it is no operation of the contract"
    values = " or ".join(dict.fromkeys(split.values))
    lacks = _LACKS.get(split.kind, _VALUE)
    return lacks.format(place=place, where=split.where, values=values)
