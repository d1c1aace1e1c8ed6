"""The forms of a measurement: how much of it fits into which time."""

from dataclasses import dataclass, replace
from typing import Literal

# Of fewer the interval says nothing.
FEWEST_ROUNDS = 6
# A shorter step of a ladder has too few requests for its 99th percentile.
SHORTEST_STEP = 0.3


@dataclass(frozen=True)
class Pace:
    """How long workloads are measured; all in seconds but the rounds."""

    slice: float
    rounds: int
    budget: float
    warm_up: float

    def times(self, part: float) -> "Pace":
        """The same in another time; never fewer rounds than say something."""
        rounds = max(int(self.rounds * part), FEWEST_ROUNDS)
        warm_up = self.warm_up * min(part, 1.0)
        budget = self.budget * part
        return replace(self, rounds=rounds, budget=budget, warm_up=warm_up)


@dataclass(frozen=True)
class Ladder:
    """How long each rate is held, in seconds, and how often it is asked."""

    seconds: float
    turns: int

    def times(self, part: float) -> "Ladder":
        """The same in another time."""
        return replace(self, seconds=max(self.seconds * part, SHORTEST_STEP))


@dataclass(frozen=True)
class Form:
    """What is measured; without a ladder, no latency against load.

    `seconds` is about how long all of it takes with two stacks, `least` what it cannot
    be done in less. `looked_at` are the workloads of which there is latency against
    load, and which the profiler takes apart. `controls` are second processes of each
    stack, `starts` how often each is started, `growth` whether also with more rows and
    more workers.
    """

    name: Literal["quick", "full", "thorough"]
    pace: Pace
    seconds: float
    least: float = 0.0
    every: bool = True
    controls: bool = True
    references: Pace | None = None
    ladder: Ladder | None = None
    starts: int = 0
    profile: bool = False
    looked_at: tuple[str, ...] = ()
    growth: Pace | None = None

    def within(self, seconds: float) -> "Form":
        """The same in about so many seconds; a smaller form where it does not fit."""
        if seconds < self.least:
            return (FULL if self.name == "thorough" else QUICK).within(seconds)
        part = seconds / self.seconds
        return replace(
            self,
            pace=self.pace.times(part),
            # With enough time each stack is held against itself in any form.
            controls=self.controls or part > 2,  # noqa: PLR2004
            references=self.references and self.references.times(part),
            ladder=self.ladder and self.ladder.times(part),
            starts=self.starts and max(int(self.starts * part), 2),
            growth=self.growth and self.growth.times(part),
        )


QUICK = Form(
    name="quick",
    pace=Pace(slice=0.06, rounds=14, budget=2.0, warm_up=0.15),
    seconds=18.0,
    every=False,
    controls=False,
)
FULL = Form(
    name="full",
    pace=Pace(slice=0.08, rounds=16, budget=2.4, warm_up=0.3),
    seconds=110.0,
    least=70.0,
    references=Pace(slice=0.08, rounds=12, budget=7.0, warm_up=0.3),
    ladder=Ladder(seconds=0.5, turns=2),
    starts=4,
    profile=True,
    looked_at=("article",),
)
THOROUGH = Form(
    name="thorough",
    pace=Pace(slice=0.15, rounds=40, budget=14.0, warm_up=1.0),
    seconds=1500.0,
    least=400.0,
    references=Pace(slice=0.15, rounds=30, budget=40.0, warm_up=1.0),
    ladder=Ladder(seconds=2.0, turns=5),
    starts=12,
    profile=True,
    looked_at=("article", "list", "create"),
    growth=Pace(slice=0.12, rounds=20, budget=16.0, warm_up=0.5),
)
