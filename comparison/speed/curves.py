"""Latency against load: open loops at fixed rates, until a server falls behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from comparison.speed.bench import Bench
from comparison.speed.check import Lane
from comparison.speed.forms import Ladder
from comparison.speed.generator import Answers
from comparison.speed.record import Curve, Interval, Point
from comparison.speed.statistics import interval

# Shares of what a server answers at most in a closed loop.
SHARES = (0.1, 0.25, 0.5, 0.7, 0.85, 0.95, 1.05)
WARM_UP, WARM_UP_SHARE = 0.3, 0.3
# A server that answers less of what is due than this has fallen behind; so has one
# whose median wait is so many times that at the least load.
KEPT_UP = 0.98
FAR_BEHIND = 20.0
# The generator itself is late by so many milliseconds, at the 99th percentile.
LATE = 1.0


@dataclass
class _Rung:
    """What came of one rate; all of it was due within so many seconds."""

    rate: float
    seconds: float
    turns: list[Answers] = field(default_factory=list)

    @property
    def taken(self) -> list[Answers]:
        """Without turns in which the generator was late: they tell of the generator."""
        return [one for one in self.turns if (one.lag or 0.0) <= LATE] or self.turns

    @property
    def lag(self) -> float:
        return max(one.lag or 0.0 for one in self.taken)

    def achieved(self, usual: float = 0.0) -> float:
        """Answers per second, if the last one may take so many seconds as is usual."""
        spent = sum(max(one.seconds - usual, self.seconds) for one in self.taken)
        return sum(one.answered for one in self.taken) / spent

    def kept_up(self, usual: float) -> bool:
        asked = sum(one.answered + one.failed for one in self.taken)
        due = asked / (self.seconds * len(self.taken))
        failed = any(one.failed or one.wrong for one in self.taken)
        return not failed and self.achieved(usual) >= KEPT_UP * due


def curves(
    bench: Bench,
    workload: str,
    lanes: Sequence[tuple[Lane, float]],
    ladder: Ladder,
) -> list[Curve]:
    """One for each lane, which comes with what it answers a second in a closed loop.

    The lanes take turns at each share of their load, in an order that is drawn.
    """
    rungs: dict[str, list[_Rung]] = {lane.name: [] for lane, _ in lanes}
    for lane, most in lanes:
        key = f"{lane.name}: {workload}"
        bench.generator.know(key, lane.placed)
        # The first requests are late: connections are opened, code is compiled.
        due = arrivals(most * WARM_UP_SHARE, WARM_UP, Random(0))
        bench.generator.open(key, lane.server.url, due)
    for share in SHARES:
        for lane, most in lanes:
            rungs[lane.name].append(_Rung(share * most, ladder.seconds))
        for _turn in range(ladder.turns):
            bench.watch(workload)
            seed = bench.random.random()
            for lane, _ in bench.random.sample([*lanes], len(lanes)):
                rung = rungs[lane.name][-1]
                # The same seed for each: what comes together does so for all.
                due = arrivals(rung.rate, ladder.seconds, Random(seed))
                key = f"{lane.name}: {workload}"
                rung.turns.append(bench.generator.open(key, lane.server.url, due))
    return [_curve(workload, name, found) for name, found in rungs.items()]


def arrivals(rate: float, seconds: float, random: Random) -> list[float]:
    """When requests come, in seconds: a Poisson process, as of many users.

    They know nothing of each other, so that some come together.
    """
    found: list[float] = []
    at = 0.0
    while True:
        at += random.expovariate(rate)
        if at >= seconds:
            # At least one, or there would be nothing to see.
            return found or [0.0]
        found.append(at)


def _curve(workload: str, subject: str, rungs: Sequence[_Rung]) -> Curve:
    found = [(rung, point) for rung in rungs if (point := _point(rung)) is not None]
    # What the generator disturbed shows neither that a server keeps up nor the other.
    told = [(rung, point) for rung, point in found if not point.disturbed]
    knee = None
    for rung, point in told:
        least = told[0][1]
        waits = point.p50.value > FAR_BEHIND * least.p50.value
        if waits or not rung.kept_up(usual=least.p99.value / 1000):
            break
        knee = rung.rate
    return Curve(workload, subject, [point for _, point in found], knee)


def _point(rung: _Rung) -> Point | None:
    p50, p99 = (_interval(rung.taken, name) for name in ("p50", "p99"))
    if p50 is None or p99 is None:
        return None
    return Point(rung.rate, rung.achieved(), p50, p99, rung.lag, rung.lag > LATE)


def _interval(taken: Sequence[Answers], name: str) -> Interval | None:
    figures = [one.latency[name] for one in taken]
    return interval([one for one in figures if one is not None], seed=0)
