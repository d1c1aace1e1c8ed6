"""Intervals, ratios and verdicts, on figures that were drawn: no clock is asked."""

import math
from collections.abc import Sequence
from random import Random

import pytest

from comparison.speed.contention import BUSY, WAITING, decisive, note, waiting
from comparison.speed.figures import measure, ratios
from comparison.speed.generator import Answers
from comparison.speed.measured import Measured
from comparison.speed.record import Interval, Verdict
from comparison.speed.rounds import Slices
from comparison.speed.statistics import (
    LEAST_MARGIN,
    interval,
    logarithms,
    margin_of,
    overall,
    ratio,
    verdict,
)
from comparison.speed.workloads import WorkloadPlan

ROUNDS, WORKLOADS, REPETITIONS = 14, 5, 40
NOISE = 0.08


def around(value: float) -> Interval:
    return Interval(value, value, value)


def drawn(random: Random, mean: float, noise: float = NOISE) -> list[float]:
    """Rates of a server, of which some are disturbed."""
    return [
        mean * math.exp(random.gauss(0, noise)) * random.choice((1, 1, 1, 1, 0.7))
        for _ in range(ROUNDS)
    ]


def told(random: Random, speed: float) -> Verdict:
    """The verdict on a server that is so many times as fast, over all workloads."""
    logs = []
    for number in range(WORKLOADS):
        mean = 500.0 * (number + 1)
        logs.append(logarithms(drawn(random, mean * speed), drawn(random, mean)))
    found = overall(logs, seed=1)
    assert found is not None
    return verdict(found, LEAST_MARGIN, more_is_faster=True)


def verdicts(speed: float) -> list[Verdict]:
    random = Random(7)
    return [told(random, speed) for _ in range(REPETITIONS)]


def test_a_server_does_not_differ_from_itself() -> None:
    assert verdicts(1.0).count("no clear difference") >= REPETITIONS - 1


def test_one_that_is_slower_by_far_is_called_so() -> None:
    assert verdicts(0.8).count("slower") >= REPETITIONS - 1


def test_one_that_is_slower_by_a_tenth_is_called_so_where_it_is_quiet() -> None:
    random = Random(7)
    found = []
    for _ in range(REPETITIONS):
        logs = [
            logarithms(drawn_quietly(random, 0.9), drawn_quietly(random, 1.0))
            for _ in range(WORKLOADS)
        ]
        mean = overall(logs, seed=1)
        assert mean is not None
        found.append(verdict(mean, LEAST_MARGIN, more_is_faster=True))
    assert found.count("slower") >= REPETITIONS - 1


def drawn_quietly(random: Random, mean: float) -> list[float]:
    return [mean * math.exp(random.gauss(0, 0.04)) for _ in range(ROUNDS)]


def test_an_interval_has_its_median_and_not_what_was_disturbed() -> None:
    found = interval([100, 101, 99, 100, 102, 98, 100, 101, 99, 5], seed=1)
    assert found is not None
    assert found.value == 100
    assert 5 < found.low <= 100 <= found.high <= 102


@pytest.mark.parametrize("figures", [[3.0], [3.0, 3.0, 3.0]])
def test_of_one_figure_there_is_no_more(figures: Sequence[float]) -> None:
    assert interval(figures, seed=1) == around(3.0)


def test_of_nothing_there_is_none() -> None:
    assert interval([], seed=1) is None
    assert ratio([0, 1], [1, 0], seed=1) is None
    assert overall([[], []], seed=1) is None


def test_a_seed_may_be_below_zero() -> None:
    assert interval([1.0, 2.0, 4.0], seed=-1) is not None


def test_the_same_seed_gives_the_same_interval() -> None:
    figures = drawn(Random(1), 100)
    assert interval(figures, seed=3) == interval(figures, seed=3)


def test_a_ratio_is_of_figures_of_one_round() -> None:
    slow, fast = [10.0, 20, 40, 80, 160], [20.0, 40, 80, 160, 320]
    found = ratio(slow, fast, seed=1)
    assert found is not None
    assert (found.low, found.value, found.high) == pytest.approx((0.5, 0.5, 0.5))
    # All but the first, in which there was none.
    assert logarithms([0.0, *slow], [1.0, *fast]) == logarithms(slow, fast)


def test_a_ratio_turned_round_is_its_inverse() -> None:
    random = Random(5)
    one, two = drawn(random, 100), drawn(random, 130)
    there, back = ratio(one, two, seed=1), ratio(two, one, seed=1)
    assert there is not None
    assert back is not None
    assert there.value == pytest.approx(1 / back.value)


def test_each_workload_weighs_the_same() -> None:
    often, once = [math.log(2)] * 30, [math.log(8)]
    found = overall([often, once], seed=1)
    assert found is not None
    assert found.value == pytest.approx(4)


@pytest.mark.parametrize(
    ("low", "high", "rate", "cost"),
    [
        (1.04, 1.2, "faster", "slower"),
        (1.02, 1.2, "no clear difference", "no clear difference"),
        (0.8, 0.96, "slower", "faster"),
        (0.8, 0.98, "no clear difference", "no clear difference"),
    ],
)
def test_what_lies_beyond_the_margin_with_all_of_it_is_a_difference(
    low: float, high: float, rate: str, cost: str
) -> None:
    found = Interval(1.0, low, high)
    assert verdict(found, 0.03, more_is_faster=True) == rate
    assert verdict(found, 0.03, more_is_faster=False) == cost


@pytest.mark.parametrize(
    ("controls", "margin"),
    [([], 0.03), ([1.01, 0.99], 0.03), ([1.05, 0.99], 0.05), ([1.0, 1 / 1.06], 0.06)],
)
def test_the_margin_is_how_far_a_stack_is_from_itself(
    controls: Sequence[float], margin: float
) -> None:
    assert margin_of([around(one) for one in controls]) == pytest.approx(margin)


def test_what_a_control_does_not_show_clearly_adds_nothing_to_the_margin() -> None:
    shown, hidden = Interval(1.09, 1.01, 1.17), Interval(1.09, 0.99, 1.2)
    assert margin_of([shown]) == pytest.approx(0.09)
    assert margin_of([hidden]) == pytest.approx(0.03)


PLAN = WorkloadPlan.model_validate({"title": "x", "requests": ["GET /"]})


def slices(rate: float, void: str | None = None) -> Slices:
    answers = Answers(10, 0.1, {"p50": 1.0, "p90": 2.0, "p99": None}, 0, 0, None)
    return Slices([rate] * 10, [1e6 / rate] * 10, [], [answers] * 10, void)


def test_what_is_void_has_no_figures_and_no_ratio() -> None:
    found = {"a": slices(100), "b": slices(300, "404 for 200"), "c": slices(50)}
    one = measure("b", found["b"], None, seed=1)
    assert (one.throughput, one.void, one.requests) == (None, "404 for 200", 100)
    told = ratios([("b", "a"), ("c", "a")], found, 0.03, seed=1)
    assert [(r.subject, r.quantity, r.verdict) for r in told] == [
        ("c", "throughput", "slower"),
        ("c", "cpu", "slower"),
    ]


def test_who_comes_near_the_generator_is_at_least_so_fast() -> None:
    assert measure("a", slices(700), 1000, seed=1).at_least
    assert not measure("a", slices(690), 1000, seed=1).at_least
    assert not measure("a", slices(690), None, seed=1).at_least
    measured = Measured("x", PLAN, [], {"a": slices(700), "b": slices(690)}, 1000)
    assert measured.at_least("a")
    assert not measured.at_least("b")


def test_on_a_busy_machine_processor_time_decides() -> None:
    assert decisive({WAITING: BUSY}) == "throughput"
    assert decisive({WAITING: BUSY * 2}) == "cpu"
    assert decisive({WAITING: None}) == decisive({}) == "throughput"
    assert waiting([0.1, 0.3]) == 0.2
    assert waiting([]) is None
    assert note(None) is None
    assert note(BUSY) is None
    assert "20% of the time" in (note(0.2) or "")
