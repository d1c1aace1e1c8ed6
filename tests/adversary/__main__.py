"""Attack the stacks: uv run python -m tests.adversary [fastapi|express …] [--scale 0.1]

Each attack runs against each real stack on SQLite. Meanwhile /health is asked on a new
connection every 100 ms: 200, within a second. Afterwards as many files are open as
before. All attacks run three times: what the last round adds to memory is a leak, while
the first ones fill what stays.
"""

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from comparison.stacks import RunningStack, load_stacks, start
from tests.adversary.attacks import ATTACKS, carry_out
from tests.adversary.clients import Target
from tests.adversary.measures import Process, Watch

# MiB that the last round may add, and that all may leave above the idle server: neither
# V8 nor malloc gives back at once what it once had.
LEAK, GROWTH = 64, 512
ROW = "{:<10} {:<18} {:<26} {:>7} {:>6} {:>6} {:>6} {:>5} {:>5}  {}"


class Plan(NamedTuple):
    """How much of everything, how late /health may be, and what is done."""

    scale: float = 1.0
    patience: float = 1.0
    attacks: Sequence[str] = tuple(ATTACKS)
    rounds: int = 3
    limits: Mapping[str, str] = {"HEADERS_TIMEOUT": "2", "REQUEST_TIMEOUT": "4"}


@dataclass
class Result:
    """One attack on one stack."""

    attack: str
    replies: Counter[str]
    worst: float
    memory: tuple[int, int, int]
    files: tuple[int, int]
    faults: list[str]

    def row(self, stack: str) -> str:
        verdict = "; ".join(self.faults) or "ok"
        seen = ", ".join(f"{n}x {said}" for said, n in self.replies.most_common())
        worst = f"{self.worst * 1000:.0f} ms"
        return ROW.format(
            stack, self.attack, seen, worst, *self.memory, *self.files, verdict
        )


def attack(
    name: str, process: Process, plan: Plan, pool: ProcessPoolExecutor
) -> Result:
    memory, files = process.memory(), process.files()
    with Watch(process) as watch:
        replies = pool.submit(
            carry_out, name, Target(process.port, plan.scale)
        ).result()
        process.settle(files)
        time.sleep(0.3)
    # A connection of /health may have been one of them.
    process.settle(files, 2.0)
    left = process.files()
    faults = [f"/health said {said}" for said in sorted(set(watch.failures))]
    if watch.worst > plan.patience:
        faults.append(f"/health took {watch.worst:.1f} s")
    if left > files:
        faults.append("files stay open")
    used = (memory, watch.peak, process.memory())
    return Result(name, replies, watch.worst, used, (files, left), faults)


def rounds(stack: RunningStack, plan: Plan) -> Iterator[Result]:
    """Every attack in each round, then what the rounds have left in memory."""
    assert stack.process is not None
    process = Process(stack.process.pid, stack.port)
    for _ in range(50):
        process.health()
    idle, left = process.memory(), []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for _ in range(plan.rounds):
            for name in plan.attacks:
                yield attack(name, process, plan, pool)
            left.append(process.memory())
    faults = []
    more = left[-1] - left[-2] if plan.rounds > 1 else 0
    if more > LEAK:
        faults.append(f"the last round leaves {more} MiB more")
    if left[-1] - idle > GROWTH:
        faults.append(f"all rounds leave {left[-1] - idle} MiB")
    if not stack.alive:
        faults.append(f"it has ended:\n{stack.tail()}")
    files = (process.files(), process.files())
    yield Result(
        "idle, first, last", Counter(), 0, (idle, left[0], left[-1]), files, faults
    )


def run(name: str, plan: Plan) -> list[Result]:
    """Attack one stack and print what comes of it."""
    results = []
    with start(load_stacks().get(name), environment=plan.limits) as stack:
        for result in rounds(stack, plan):
            print(result.row(name), flush=True)
            results.append(result)
    return results


def main() -> int:
    stacks = load_stacks()
    parser = argparse.ArgumentParser(prog="python -m tests.adversary")
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="default: both")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of it all")
    parser.add_argument("--patience", type=float, default=1.0, help="seconds, /health")
    parser.add_argument(
        "--attack", action="append", choices=[*ATTACKS], help="default: all"
    )
    given = parser.parse_args()
    plan = Plan(given.scale, given.patience, given.attack or tuple(ATTACKS))
    heads = ("stack", "attack", "replies", "/health", "MiB", "peak", "after", "fds")
    print(ROW.format(*heads, "after", "verdict"))
    results: list[Result] = []
    for name in given.stacks or stacks.default:
        results += run(name, plan)
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
