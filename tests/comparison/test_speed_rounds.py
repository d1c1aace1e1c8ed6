"""Rounds: who takes turns with whom, and for how long; the load is invented here."""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, cast

import pytest
import requests

from comparison.running import attach
from comparison.speed.asked import Asked
from comparison.speed.bench import Bench
from comparison.speed.check import Lane
from comparison.speed.forms import FEWEST_ROUNDS, FULL, QUICK, THOROUGH, Pace
from comparison.speed.generator import Answers, Generator
from comparison.speed.record import Subject
from comparison.speed.rounds import LONGEST, Rounds
from comparison.speed.servers import Server

PACE = Pace(slice=0.1, rounds=20, budget=6.0, warm_up=0.3)
LATENCY = {"p50": 1.0, "p90": 1.0, "p99": 1.0}


def answers(rate: float, seconds: float, *, failed: int = 0) -> Answers:
    example = "a reason" if failed else None
    return Answers(round(rate * seconds), seconds, LATENCY, 0, failed, example)


class Load:
    """Stands for the generator: answers as it is told, and keeps the order."""

    def __init__(self, **rates: Callable[[int, float], Answers]) -> None:
        self._rates = rates
        self.turns: list[tuple[str, float, int]] = []

    def know(self, name: str, requests: Sequence[Asked]) -> None:
        assert name.endswith(": x")
        assert requests

    def closed(
        self, name: str, _url: str, seconds: float, *, start: int, connections: int
    ) -> Answers:
        assert connections == 8
        who = name.partition(":")[0]
        self.turns.append((who, seconds, start))
        return self._rates[who](self.times[who], seconds)

    @property
    def times(self) -> Counter[str]:
        return Counter(who for who, *_ in self.turns)


def steady(rate: float) -> Callable[[int, float], Answers]:
    return lambda _, seconds: answers(rate, seconds)


def lane(name: str, void: str | None = None, of: str | None = None) -> Lane:
    server = Server(
        Subject(name, name, "control" if of else "stack", of),
        attach(name, "http://127.0.0.1:9"),
        requests.Session(),
    )
    return Lane(server, [Asked("GET", "/x", {}, None, 200)], void)


def run(load: Load, lanes: Sequence[Lane], pace: Pace = PACE) -> Any:
    bench = Bench(cast("Generator", load), Random(1))
    return Rounds(bench, pace).run("x", lanes)


def test_each_takes_its_turn_in_every_round() -> None:
    load = Load(a=steady(1000), b=steady(500))
    found = run(load, [lane("a"), lane("b")])
    rounds = [who for who, _, _ in load.turns[-40:]]
    assert [len(set(pair)) for pair in zip(rounds[::2], rounds[1::2], strict=True)] == [
        2
    ] * 20
    assert found["a"].rates == [1000] * 20
    assert found["b"].rates == [500] * 20
    # Somebody else is first in every second round.
    assert {*rounds[::2]} == {"a", "b"}
    assert rounds[0] == rounds[3]


def test_other_requests_come_in_each_round_and_the_same_for_all() -> None:
    load = Load(a=steady(1000), b=steady(500))
    run(load, [lane("a"), lane("b")])
    starts = {
        who: [start for one, _, start in load.turns[-40:] if one == who] for who in "ab"
    }
    assert starts["a"] == starts["b"]
    assert len({*starts["a"]}) == 20


def test_slices_of_a_slow_server_are_longer_for_all() -> None:
    load = Load(a=steady(1000), b=steady(100))
    run(load, [lane("a"), lane("b")])
    assert {seconds for _, seconds, _ in load.turns[-20:]} == {0.25}
    slow = Load(a=steady(1000), b=steady(10))
    run(slow, [lane("a"), lane("b")])
    assert {seconds for _, seconds, _ in slow.turns[-20:]} == {LONGEST}


def test_who_belongs_together_stands_together_at_no_place_of_their_own() -> None:
    of = {"a": None, "b": None, "a2": "a", "b2": "b", "b3": "b"}
    load = Load(**{name: steady(1000) for name in of})
    pace = Pace(slice=0.1, rounds=2000, budget=1e6, warm_up=0.3)
    run(load, [lane(name, of=one) for name, one in of.items()], pace)
    turns = [who for who, *_ in load.turns[-10_000:]]
    rounds = [turns[at : at + 5] for at in range(0, 10_000, 5)]
    families = [[of[who] or who for who in one] for one in rounds]
    assert {tuple(one) for one in families} == {tuple("aabbb"), tuple("bbbaa")}
    # One after itself is faster, so that none may be so more often than the others.
    ends = Counter(who for one in rounds for who in (one[0], one[-1]))
    sizes = Counter(family or who for who, family in of.items())
    for who, family in of.items():
        share = 1 / sizes[family or who]
        assert ends[who] / len(rounds) == pytest.approx(share, abs=0.05)


def test_there_are_never_too_few_rounds() -> None:
    pace = QUICK.within(1).pace
    found = run(Load(a=steady(40), b=steady(40)), [lane("a"), lane("b")], pace)
    assert len(found["a"].rates) == FEWEST_ROUNDS


def test_it_begins_when_nothing_gets_faster() -> None:
    rates = [100, 200, 400, 410, *[1000] * 99]
    load = Load(a=lambda turn, seconds: answers(rates[turn - 1], seconds))
    found = run(load, [lane("a")], Pace(0.1, 20, 6.0, 9.0))
    assert set(found["a"].rates) == {1000}


def test_one_that_is_void_keeps_nobody_waiting() -> None:
    def fails(turn: int, seconds: float) -> Answers:
        return answers(500, seconds, failed=int(turn == 8))

    load = Load(a=steady(1000), b=fails, c=steady(1000))
    found = run(load, [lane("a"), lane("b"), lane("c", "wrong before")])
    assert found["a"].void is None
    assert len(found["a"].rates) == 20
    assert found["b"].void == "1 of 51 requests were not answered right: a reason"
    assert load.times["b"] == 8
    assert found["c"].void == "wrong before"
    assert "c" not in load.times


@pytest.mark.parametrize(
    ("silent", "said"),
    [(0, "no answer came"), (8, "8 of 8 requests were not answered right: a reason")],
)
def test_one_that_never_answers_voids_nobody_else(silent: int, said: str) -> None:
    def never(_: int, seconds: float) -> Answers:
        return answers(0, seconds, failed=silent)

    load = Load(a=steady(1000), b=never)
    found = run(load, [lane("a"), lane("b")])
    assert len(found["a"].rates) == 20
    assert found["b"].void == said
    assert load.times["b"] == 1
    assert run(load, [lane("b")])["b"].rates == []


def test_a_form_is_scaled_to_a_time() -> None:
    assert FULL.within(FULL.seconds) == FULL
    longer = FULL.within(2 * FULL.seconds)
    assert (longer.name, longer.pace.rounds) == ("full", 2 * FULL.pace.rounds)


@pytest.mark.parametrize(
    ("seconds", "name"), [(5, "quick"), (59, "quick"), (60, "full"), (400, "thorough")]
)
def test_what_does_not_fit_is_a_smaller_form(seconds: float, name: str) -> None:
    assert THOROUGH.within(seconds).name == name


def test_with_time_even_the_quick_form_has_controls() -> None:
    assert not QUICK.within(20).controls
    assert QUICK.within(35).controls
