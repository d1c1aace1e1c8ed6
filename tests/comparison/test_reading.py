"""Whatever a server answers, and whatever fault of ours it meets: the run goes on."""

from typing import Any

import pytest

from comparison.contracts.contract import Contract
from comparison.exchanges import reading
from comparison.exchanges.conformance import Expected, Judge
from comparison.exchanges.difference import STRICT
from comparison.exchanges.exchange import Reply, Request
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.reading import Answered, Reading, read
from comparison.plans.plan import Step

CONTRACT = Contract("c.yaml", {}, "", ())
UNREADABLE = "the reply cannot be read: KeyError 'tripped'"


def answered(body: bytes) -> Answered:
    expected = Expected(Step("GET /"), {})
    return Answered(Request("GET", "/"), Reply(200, (), body), expected, Normaliser())


def trip(*_: Any) -> Any:
    raise KeyError("tripped")


class Tripping(Judge):
    """A judge that stumbles over one body."""

    def breaches(self, operation: Any, request: Any, answer: Any, expected: Any) -> Any:
        if answer.body == b"2":
            trip()
        return super().breaches(operation, request, answer, expected)


def told(found: Reading) -> list[list[tuple[str, str]]]:
    return [[(one.kind, one.message) for one in lane] for lane in found.breaches]


def test_a_reply_that_cannot_be_judged_is_told_of_that_lane_alone() -> None:
    lanes = [answered(b"1"), answered(b"2"), answered(b"1")]
    found = read(Tripping(CONTRACT), None, lanes, STRICT)
    assert told(found) == [[], [("broken", UNREADABLE)], []]
    [split] = found.splits
    assert (split.kind, split.values) == ("broken", ("200", "unreadable", "200"))
    assert split.groups == ((0, 2), (1,))


def test_replies_that_cannot_be_compared_are_told_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "splits", trip)
    found = read(Judge(CONTRACT), None, [answered(b"1"), answered(b"2")], STRICT)
    assert told(found) == [[("broken", UNREADABLE)]] * 2
    assert found.splits == ()
