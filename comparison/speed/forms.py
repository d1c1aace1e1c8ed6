"""The forms of a measurement: how much of it fits into which time."""

from dataclasses import dataclass, replace
from typing import Literal

from comparison.speed.curves import Ladder
from comparison.speed.rounds import Pace

# What remains for rounds of the time that somebody gives.
ROUNDS_SHARE = 0.5
WORKLOADS = 16


@dataclass(frozen=True)
class Form:
    """What is measured; without a ladder, no latency against load.

    `controls` are second processes of each stack, `starts` how often each is started,
    `growth` whether also with more rows and more workers.
    """

    name: Literal["quick", "full", "thorough"]
    pace: Pace
    every: bool = True
    controls: bool = True
    references: Pace | None = None
    ladder: Ladder | None = None
    starts: int = 0
    profile: bool = False
    growth: Pace | None = None

    def within(self, seconds: float) -> "Form":
        """The same with rounds of so many seconds altogether, about."""
        budget = seconds * ROUNDS_SHARE / WORKLOADS
        scaled = max(int(self.pace.rounds * budget / self.pace.budget), 1)
        return replace(self, pace=replace(self.pace, budget=budget, rounds=scaled))


QUICK = Form(
    name="quick",
    pace=Pace(slice=0.06, rounds=14, budget=2.0, warm_up=0.15),
    every=False,
    controls=False,
)
FULL = Form(
    name="full",
    pace=Pace(slice=0.08, rounds=16, budget=3.0, warm_up=0.3),
    references=Pace(slice=0.08, rounds=12, budget=8.0, warm_up=0.3),
    ladder=Ladder(seconds=0.6, turns=2),
    starts=4,
    profile=True,
)
THOROUGH = Form(
    name="thorough",
    pace=Pace(slice=0.15, rounds=40, budget=14.0, warm_up=1.0),
    references=Pace(slice=0.15, rounds=30, budget=40.0, warm_up=1.0),
    ladder=Ladder(seconds=2.0, turns=5),
    starts=12,
    profile=True,
    growth=Pace(slice=0.12, rounds=20, budget=16.0, warm_up=0.5),
)
