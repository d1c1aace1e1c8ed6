"""Latency against load: up to where a server keeps up, and whom that is told of."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import cast

import pytest
import requests

from comparison.running import attach
from comparison.speed.asked import Asked
from comparison.speed.bench import Bench
from comparison.speed.check import Lane
from comparison.speed.curves import LATE, SHARES, curves
from comparison.speed.forms import Ladder
from comparison.speed.generator import Answers, Generator
from comparison.speed.record import Curve, Subject
from comparison.speed.servers import Server

MOST = 1000.0
SECONDS = 0.35
LADDER = Ladder(seconds=SECONDS, turns=3)
# What came of one turn: asked so often, in the turn of that number of the whole curve.
Turn = Callable[[int, int], Answers]


def replied(
    asked: int, wait: float, *, seconds: float = 0.0, lag: float = 0.0
) -> Answers:
    """All of it, each after so many milliseconds."""
    latency = dict.fromkeys(("p50", "p90", "p99"), wait)
    spent = max(seconds, SECONDS + wait / 1000)
    return Answers(asked, spent, latency, 0, 0, None, lag)


class Load:
    """Stands for the generator."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._warm = False
        self._turns = 0

    def know(self, name: str, asked: Sequence[Asked]) -> None:
        assert name == "a: x"
        assert asked

    def open(self, _name: str, _url: str, due: Sequence[float]) -> Answers:
        if not self._warm:
            self._warm = True
            return replied(len(due), 1)
        self._turns += 1
        return self._turn(self._turns - 1, len(due))


def curve(turn: Turn) -> Curve:
    server = Server(
        Subject("a", "A", "stack"),
        attach("a", "http://127.0.0.1:9"),
        requests.Session(),
    )
    lane = Lane(server, [Asked("GET", "/x", {}, None, 200)])
    bench = Bench(cast("Generator", Load(turn)), Random(1))
    (found,) = curves(bench, "x", [(lane, MOST)], LADDER)
    return found


@pytest.mark.parametrize("wait", [0.5, 10, 20, 60])
def test_a_server_that_never_queues_keeps_up(wait: float) -> None:
    """Its last reply comes after the last request was due, as every other does."""
    found = curve(lambda _, asked: replied(asked, wait))
    assert found.knee == SHARES[-1] * MOST
    assert len(found.points) == len(SHARES)


def test_one_that_falls_behind_does_not() -> None:
    limit = 600

    def queue(_: int, asked: int) -> Answers:
        spent = max(SECONDS, asked / limit)
        return replied(asked, 1 + (spent - SECONDS) * 500, seconds=spent)

    # 50 per cent of 1,000 is the last rate below what it can.
    assert curve(queue).knee == 500


def test_nor_does_one_that_fails() -> None:
    def fail(turn: int, asked: int) -> Answers:
        answers = replied(asked, 1)
        failed = int(turn >= LADDER.turns * 2)
        return Answers(asked - failed, SECONDS, answers.latency, 0, failed, "x", 0.0)

    assert curve(fail).knee == SHARES[1] * MOST


def test_the_generators_own_lateness_is_not_the_servers() -> None:
    """A turn in which it was late is left out, a rate with no other shows nothing."""

    def late(turns: Mapping[int, float]) -> Turn:
        def turn(number: int, asked: int) -> Answers:
            lag = turns.get(number, 0.0)
            return replied(asked, 1 + lag * 100, seconds=SECONDS + lag, lag=lag * 1000)

        return turn

    once = curve(late({LADDER.turns: 0.5}))
    assert once.knee == SHARES[-1] * MOST
    assert not any(one.disturbed for one in once.points)
    assert once.points[1].p99.high == 1
    assert once.points[1].achieved == pytest.approx(SHARES[1] * MOST, rel=0.3)
    whole = curve(late(dict.fromkeys(range(LADDER.turns, 2 * LADDER.turns), 0.5)))
    assert [one.disturbed for one in whole.points] == [False, True, *[False] * 5]
    assert whole.points[1].lag > LATE
    assert whole.knee == SHARES[-1] * MOST
    end = range(3 * LADDER.turns, len(SHARES) * LADDER.turns)
    assert curve(late(dict.fromkeys(end, 0.5))).knee == SHARES[2] * MOST
    assert curve(late(dict.fromkeys(range(99), 0.5))).knee is None
