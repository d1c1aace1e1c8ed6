"""The forms of a measurement: how much of it fits into which time."""

from dataclasses import dataclass, replace
from typing import Literal

# Of fewer rounds an interval is too narrow: it cannot reach beyond what came.
FEWEST_ROUNDS = 10
# A shorter step of a ladder has too few requests for its 99th percentile.
SHORTEST_STEP = 0.3
# With so many workloads each stack is held against itself, where it is at all.
CONTROLLED = 5
# With so many times its time even the quick form does that.
TIME_FOR_CONTROLS = 2.0


@dataclass(frozen=True)
class Pace:
    """How long workloads are measured; all in seconds but the rounds.

    Why a slice is short, rounds.py says; a shorter one would be mostly connecting.
    """

    slice: float
    rounds: int
    budget: float
    warm_up: float

    def scaled(self, share: float) -> "Pace":
        """With so many times the rounds, and the time for them."""
        rounds = max(round(self.rounds * share), FEWEST_ROUNDS)
        return replace(self, budget=self.budget * share, rounds=rounds)


@dataclass(frozen=True)
class Ladder:
    """How long each rate is held, in seconds, and how often it is asked."""

    seconds: float
    turns: int

    def scaled(self, share: float) -> "Ladder":
        """With each rate held for so many times as long."""
        return replace(self, seconds=max(self.seconds * share, SHORTEST_STEP))


@dataclass(frozen=True)
class Form:
    """What is measured in about so many seconds; `least` is what it needs.

    Without a ladder there is no latency against load.

    Each server is warmed up for `warm_up` seconds. `looked_at` are the forms that a
    workload may name for latency against load, and for a profile. `controls` says in
    how many workloads, the first ones, each stack has a second process, `starts` how
    often each is started, `growth` whether also with more rows and more workers.
    """

    name: Literal["quick", "full", "thorough"]
    seconds: float
    warm_up: float
    pace: Pace
    least: float = 0.0
    every: bool = True
    controls: int = CONTROLLED
    references: Pace | None = None
    ladder: Ladder | None = None
    starts: int = 0
    profile: bool = False
    looked_at: tuple[str, ...] = ()
    growth: Pace | None = None

    def within(self, seconds: float) -> "Form":
        """This form in about so many seconds, or a smaller one where they are few."""
        if seconds < self.least:
            return (FULL if self.name == "thorough" else QUICK).within(seconds)
        share = seconds / self.seconds
        added = CONTROLLED if share >= TIME_FOR_CONTROLS else 0
        return replace(
            self,
            controls=self.controls or added,
            pace=self.pace.scaled(share),
            references=self.references and self.references.scaled(share),
            ladder=self.ladder and self.ladder.scaled(share),
            growth=self.growth and self.growth.scaled(share),
        )


QUICK = Form(
    name="quick",
    seconds=16.0,
    warm_up=0.5,
    pace=Pace(slice=0.03, rounds=24, budget=2.0, warm_up=0.15),
    every=False,
    controls=0,
)
FULL = Form(
    name="full",
    seconds=105.0,
    warm_up=1.0,
    least=60.0,
    pace=Pace(slice=0.03, rounds=30, budget=3.0, warm_up=0.3),
    references=Pace(slice=0.04, rounds=18, budget=7.0, warm_up=0.6),
    ladder=Ladder(seconds=0.35, turns=3),
    starts=4,
    profile=True,
    looked_at=("full",),
)
THOROUGH = Form(
    name="thorough",
    seconds=1000.0,
    warm_up=3.0,
    least=400.0,
    pace=Pace(slice=0.03, rounds=150, budget=14.0, warm_up=1.0),
    references=Pace(slice=0.04, rounds=90, budget=40.0, warm_up=1.0),
    ladder=Ladder(seconds=2.0, turns=5),
    starts=12,
    profile=True,
    looked_at=("full", "thorough"),
    growth=Pace(slice=0.05, rounds=40, budget=16.0, warm_up=0.5),
)
