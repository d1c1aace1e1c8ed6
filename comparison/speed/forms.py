"""The forms of a measurement: how much of it fits into which time."""

from dataclasses import dataclass, replace
from typing import Literal

from comparison.speed.curves import Ladder
from comparison.speed.rounds import Pace

# Who has less time than this gets the quick form.
LEAST_SECONDS = 60.0


@dataclass(frozen=True)
class Form:
    """What is measured in about so many seconds.

    Without a ladder there is no latency against load.

    `looked_at` are the workloads of which there is latency against load, and which the
    profiler takes apart. `controls` are second processes of each stack, `starts` how
    often each is started, `growth` whether also with more rows and more workers.
    """

    name: Literal["quick", "full", "thorough"]
    seconds: float
    pace: Pace
    every: bool = True
    controls: bool = True
    references: Pace | None = None
    ladder: Ladder | None = None
    starts: int = 0
    profile: bool = False
    looked_at: tuple[str, ...] = ()
    growth: Pace | None = None

    def within(self, seconds: float) -> "Form":
        """This form, or the quick one, in about so many seconds."""
        form = self if seconds >= LEAST_SECONDS else QUICK
        share = seconds / form.seconds
        return replace(
            form,
            pace=form.pace.scaled(share),
            references=form.references and form.references.scaled(share),
            ladder=form.ladder and form.ladder.scaled(share),
            growth=form.growth and form.growth.scaled(share),
        )


QUICK = Form(
    name="quick",
    seconds=16.0,
    pace=Pace(slice=0.06, rounds=14, budget=2.0, warm_up=0.15),
    every=False,
    controls=False,
)
FULL = Form(
    name="full",
    seconds=105.0,
    pace=Pace(slice=0.08, rounds=16, budget=2.4, warm_up=0.3),
    references=Pace(slice=0.08, rounds=12, budget=7.0, warm_up=0.3),
    ladder=Ladder(seconds=0.5, turns=2),
    starts=4,
    profile=True,
    looked_at=("article",),
)
THOROUGH = Form(
    name="thorough",
    seconds=1500.0,
    pace=Pace(slice=0.15, rounds=40, budget=14.0, warm_up=1.0),
    references=Pace(slice=0.15, rounds=30, budget=40.0, warm_up=1.0),
    ladder=Ladder(seconds=2.0, turns=5),
    starts=12,
    profile=True,
    looked_at=("article", "list", "create"),
    growth=Pace(slice=0.12, rounds=20, budget=16.0, warm_up=0.5),
)
