"""What the answers of all lanes to one request say: breaches, and how they differ.

A server may answer anything. What cannot be read, through a fault of ours, is told of
that reply alone: all others are still to be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.contracts.contract import Operation
from comparison.contracts.resources import noun_of
from comparison.exchanges.conformance import Breach, Expected, Judge
from comparison.exchanges.difference import Looseness
from comparison.exchanges.exchange import Answer, Failure, Request
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.partition import Split, splits
from comparison.exchanges.view import View, view

_RULE = "every reply can be read; report this with the request, it is our mistake"


@dataclass(frozen=True)
class Answered:
    """The request to one lane, its answer, what a step expects, and its names."""

    request: Request
    answer: Answer
    expected: Expected
    names: Normaliser


@dataclass(frozen=True)
class Reading:
    """What was read, in order of the lanes."""

    views: tuple[View, ...]
    breaches: tuple[tuple[Breach, ...], ...]
    splits: tuple[Split, ...]


def read(
    judge: Judge,
    operation: Operation | None,
    lanes: Sequence[Answered],
    loose: Looseness,
) -> Reading:
    """Read all answers; no exception comes of what they say."""
    pairs = [_read(judge, operation, lane, loose) for lane in lanes]
    try:
        found = splits([seen for seen, _ in pairs], loose)
    except Exception as error:
        pairs = [_unreadable(error) for _ in pairs]
        found = []
    views, breaches = zip(*pairs, strict=True)
    return Reading(views, breaches, tuple(found))


def _read(
    judge: Judge, operation: Operation | None, lane: Answered, loose: Looseness
) -> tuple[View, tuple[Breach, ...]]:
    try:
        noun = "" if operation is None else noun_of(operation.path)
        seen = view(lane.answer, lane.names, loose, noun)
        found = judge.breaches(operation, lane.request, lane.answer, lane.expected)
    except Exception as error:
        return _unreadable(error)
    return seen, tuple(found)


def _unreadable(error: Exception) -> tuple[View, tuple[Breach, ...]]:
    text = f"the reply cannot be read: {type(error).__name__} {str(error)[:120]}"
    breach = Breach("broken", "", text, _RULE)
    return View(Failure("unreadable", text)), (breach,)
