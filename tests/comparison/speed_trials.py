"""Whether the measurement of speed can be believed: the same trial again and again.

    uv run python -m tests.comparison.speed_trials [--times 10] [--only aa|slowed]

`aa` holds a stack against itself, which must come to "no clear difference"; `slowed`
against itself with a tenth more processor time for each answer (slowed.py, slowed.mjs),
which must be called slower. Each trial has the rounds of `compare.py --only speed`,
controls included, and a little more than a minute; what no verdict is drawn from is
left out. Ends with 1 if fewer than nine of ten come out right.

What counts is the verdict on the mean over all workloads, of throughput: what a reader
acts upon, and what --fail-if-slower heeds. On a machine that others keep busy it is
that on processor time: comparison/speed/contention.py says why. Both are printed.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from comparison.contracts.contract import load_contract
from comparison.speed.contention import WAITING, decisive
from comparison.speed.forms import FULL
from comparison.speed.measure import measure_speed
from comparison.speed.order import Order
from comparison.speed.record import Quantity, Ratio, Speed, Verdict
from comparison.speed.workloads import NAME, load_workloads
from comparison.stacks import ROOT, Stack, load_stacks

CONTRACT = ROOT / "contract" / "openapi.yaml"
HERE = Path(__file__).parent
SLOWED = {
    "fastapi": ("{python}", str(HERE / "slowed.py")),
    "express": ("{node}", "--import", str(HERE / "slowed.mjs"), "server.js"),
}
EXPECTED: dict[str, Verdict] = {"aa": "no clear difference", "slowed": "slower"}
PROMISED = 0.9
FORM = replace(FULL, references=None, ladder=None, starts=0, profile=False)


@dataclass(frozen=True)
class Trial:
    """One comparison: what was expected of it, and what came."""

    kind: str
    stack: str
    speed: Speed
    load: float

    @property
    def right(self) -> bool:
        """Whether its verdict is the one that is right."""
        verdict = self.overall(decisive(self.speed.machine)).verdict
        return verdict == EXPECTED[self.kind]

    def overall(self, quantity: Quantity) -> Ratio:
        """The second stack to the first, over all workloads."""
        name = self.speed.subjects[1].name
        return next(
            one
            for one in self.speed.overall
            if (one.subject, one.quantity) == (name, quantity)
        )

    @property
    def different(self) -> int:
        """How many workloads are called different in throughput."""
        name = self.speed.subjects[1].name
        return sum(
            one.verdict != "no clear difference"
            for workload in self.speed.workloads
            for one in workload.ratios
            if (one.subject, one.quantity) == (name, "throughput")
        )

    @property
    def line(self) -> str:
        """All of it in a line."""
        rate, cpu = self.overall("throughput"), self.overall("cpu")
        waited = self.speed.machine[WAITING] or 0.0
        return (
            f"{self.kind:<7} {self.stack:<8} {_shown(rate)}  {_shown(cpu)}"
            f"  {self.different}/{len(self.speed.workloads)}"
            f"  {self.speed.margin:6.1%} {self.load:5.1f} {waited:4.0%}"
            f" {self.speed.seconds:4.0f} s"
            f"{'' if self.right else '  not as expected'}"
        )


HEAD = (
    "trial   stack    throughput to itself                   "
    "  processor time to itself               different margin load wait"
)


def _shown(one: Ratio) -> str:
    around = f"{one.ratio.value:.3f} ({one.ratio.low:.3f} to {one.ratio.high:.3f})"
    return f"{around} {one.verdict.replace('no clear difference', 'no difference'):<13}"


def trial(kind: str, stack: Stack, seconds: float, logs: Path) -> Trial:
    """Measure a stack against itself, slowed or not."""
    start = SLOWED[stack.name] if kind == "slowed" else stack.start
    other = replace(stack, name=f"{stack.name}-{kind}", start=start)
    order = Order(
        contract=load_contract(CONTRACT),
        stacks=[stack, other],
        family=[],
        workloads=load_workloads(CONTRACT.with_name(NAME)),
        form=FORM.within(seconds),
        seed=1,
        cache=ROOT / ".cache",
        logs=logs,
    )
    return Trial(kind, stack.name, measure_speed(order), psutil.getloadavg()[0])


def trials(kinds: list[str], times: int, seconds: float) -> Iterator[Trial]:
    """All of them, the stacks in turn: a busy hour hits each kind alike."""
    stacks = load_stacks()
    with TemporaryDirectory() as logs:
        for _ in range(times):
            for kind in kinds:
                for name in SLOWED:
                    yield trial(kind, stacks.get(name), seconds, Path(logs))


def main() -> int:
    """Run them, and print a line for each and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--only", choices=sorted(EXPECTED))
    parser.add_argument("--seconds", type=float, default=FORM.seconds)
    arguments = parser.parse_args()
    kinds = [arguments.only] if arguments.only else sorted(EXPECTED)
    began = time.monotonic()
    print(HEAD, flush=True)
    found = []
    for one in trials(kinds, arguments.times, arguments.seconds):
        print(one.line, flush=True)
        found.append(one)
    print(f"\n{time.monotonic() - began:.0f} s")
    failed = False
    for kind in kinds:
        for name in SLOWED:
            here = [one for one in found if (one.kind, one.stack) == (kind, name)]
            right = sum(one.right for one in here)
            print(f"{name}, {kind}: {EXPECTED[kind]!r} {right} of {len(here)}")
            failed |= right < PROMISED * len(here)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
