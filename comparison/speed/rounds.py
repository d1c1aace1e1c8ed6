"""Rounds: short slices of load on one server after another, in an order that is drawn.

A machine is slower at some times than at others, for some hundredths of a second up to
some seconds. In each round all are asked one right after the other, every second round
in reverse order, and only figures of one round are held against each other: so what
slows the machine slows all of them. The median of many short rounds passes over those
in which it began or ended; of a few long ones, hardly any has none.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from comparison.speed.bench import Bench
from comparison.speed.check import Lane
from comparison.speed.forms import FEWEST_ROUNDS, Pace
from comparison.speed.generator import CONNECTIONS, Answers, Generator

# So many answers at least make up a slice, if they can be had in so many seconds.
FEWEST_ANSWERS = 25
LONGEST = 0.5
# What a slice takes beside its load: connecting, and waiting for the last answers.
OVERHEAD = 0.015
# Two slices that differ by less are of a server that is warm.
STEADY = 0.1


@dataclass
class Slices:
    """What each round gave of one server: a figure a round, 0 where there is none.

    `rates` are answers per second, `cpu` microseconds of processor time per answer,
    `waits` which part of the time the server waited for a processor, where known.
    """

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    answers: list[Answers] = field(default_factory=list)
    void: str | None = None

    @property
    def answered(self) -> int:
        """All answers."""
        return sum(one.answered for one in self.answers)


class Rounds:
    """Measures one workload after another, as the `pace` says."""

    def __init__(self, bench: Bench, pace: Pace) -> None:
        self._bench, self._pace = bench, pace

    def run(
        self, workload: str, lanes: Sequence[Lane], connections: int = CONNECTIONS
    ) -> Mapping[str, Slices]:
        """Figures of every lane by its name; of one that is void there are none."""
        found = {lane.name: Slices(void=lane.void) for lane in lanes}
        load = _Load(self._bench.generator, workload, connections)
        order, seconds = self._warmed_up(load, lanes, found)
        for turn in range(self._count(seconds, len(order))):
            self._bench.watch(workload)
            if turn % 2:
                order.reverse()
            else:
                order = _drawn(order, self._bench.random)
            for lane in order:
                # One that is void already would only keep the others waiting.
                if found[lane.name].void is None:
                    _note(load.slice(lane, seconds, turn), found[lane.name])
        return found

    def _warmed_up(
        self, load: "_Load", lanes: Sequence[Lane], found: Mapping[str, Slices]
    ) -> tuple[list[Lane], float]:
        """The lanes that can be measured, and how long a slice must be for them."""
        rates = {}
        for lane in lanes:
            if lane.void is not None:
                continue
            lane.server.look_again()
            self._bench.generator.know(load.key(lane), lane.placed)
            last = load.warm_up(lane, self._pace)
            found[lane.name].void = _void(last)
            if last.rate > 0:
                rates[lane.name] = last.rate
        order = [lane for lane in lanes if lane.name in rates]
        slowest = min(rates.values(), default=math.inf)
        return order, min(max(self._pace.slice, FEWEST_ANSWERS / slowest), LONGEST)

    def _count(self, seconds: float, lanes: int) -> int:
        if not lanes:
            return 0
        fitting = int(self._pace.budget / (seconds + OVERHEAD) / lanes)
        return min(max(fitting, FEWEST_ROUNDS), self._pace.rounds)


def _drawn(lanes: Sequence[Lane], random: Random) -> list[Lane]:
    """An order in which each stack and what belongs to it stand together.

    Who stands where among them is drawn: one that comes after itself, or after another
    process of its program, is faster for that, and no place may be anybody's own.
    """
    names = {lane.name for lane in lanes}
    together: dict[str, list[Lane]] = {}
    for lane in random.sample(lanes, len(lanes)):
        of = lane.server.subject.of
        together.setdefault(of if of in names else lane.name, []).append(lane)
    return [lane for family in together.values() for lane in family]


@dataclass(frozen=True)
class _Load:
    """The load of one workload."""

    generator: Generator
    workload: str
    connections: int

    def key(self, lane: Lane) -> str:
        return f"{lane.name}: {self.workload}"

    def slice(self, lane: Lane, seconds: float, turn: int) -> "_Taken":
        cpu, waited = lane.server.seconds(), lane.server.waited()
        answers = self.generator.closed(
            self.key(lane),
            lane.server.url,
            seconds,
            # Other requests than in the round before.
            start=turn * 5,
            connections=self.connections,
        )
        spent = _since(cpu, lane.server.seconds())
        return _Taken(answers, spent, _since(waited, lane.server.waited()))

    def warm_up(self, lane: Lane, pace: Pace) -> Answers:
        """Ask until it is no longer getting faster, at most so long; gives the last."""
        before, spent = 0.0, 0.0
        while True:
            answers = self.slice(lane, pace.slice, 0).answers
            spent += answers.seconds
            steady = before and abs(answers.rate / before - 1) < STEADY
            if steady or spent >= pace.warm_up or _void(answers):
                return answers
            before = answers.rate


@dataclass(frozen=True)
class _Taken:
    """What a slice gave; `cpu` and `waited` in seconds."""

    answers: Answers
    cpu: float | None
    waited: float | None


def _since(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _note(taken: _Taken, slices: Slices) -> None:
    answers = taken.answers
    slices.answers.append(answers)
    slices.rates.append(answers.rate)
    known = taken.cpu is not None and answers.answered
    slices.cpu.append((taken.cpu or 0.0) / answers.answered * 1e6 if known else 0.0)
    if taken.waited is not None and answers.seconds > 0:
        slices.waits.append(taken.waited / answers.seconds)
    slices.void = _void(answers)


def _void(answers: Answers) -> str | None:
    """Why figures with such answers would not count."""
    bad = answers.wrong + answers.failed
    if bad:
        every = answers.answered + answers.failed
        return f"{bad} of {every} requests were not answered right: {answers.example}"
    return None if answers.answered else "no answer came"
