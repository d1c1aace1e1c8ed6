"""Attack the stacks: uv run python -m tests.adversary [fastapi|express …] [--scale 0.1]

Each attack runs against each real stack on SQLite. Meanwhile /health is asked on a new
connection every 100 ms: 200, within a second. Afterwards as many files are open as
before. All attacks run twice: what the second round adds to memory is a leak, while the
first fills caches that stay.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from comparison.stacks import RunningStack, load_stacks, start
from tests.adversary.attacks import ATTACKS, Target, carry_out
from tests.adversary.measures import Process, Watch

ROUNDS = 2
LIMITS = {"HEADERS_TIMEOUT": "2", "REQUEST_TIMEOUT": "4"}
# MiB that a second round may add, and that both may leave above the idle server.
LEAK, GROWTH = 24, 220
ROW = "{:<10} {:<18} {:<26} {:>7} {:>6} {:>6} {:>6} {:>5} {:>5}  {}"


@dataclass
class Result:
    """One attack on one stack."""

    attack: str
    replies: str
    worst: float
    memory: tuple[int, int, int]
    files: tuple[int, int]
    faults: list[str]

    def row(self, stack: str) -> str:
        verdict = "; ".join(self.faults) or "ok"
        worst = f"{self.worst * 1000:.0f} ms"
        return ROW.format(
            stack, self.attack, self.replies, worst, *self.memory, *self.files, verdict
        )


def attack(
    name: str,
    process: Process,
    scale: float,
    patience: float,
    pool: ProcessPoolExecutor,
) -> Result:
    memory, files = process.memory(), process.files()
    with Watch(process) as watch:
        replies = pool.submit(carry_out, name, Target(process.port, scale)).result()
        process.settle(files)
        time.sleep(0.3)
    faults = [f"/health said {said}" for said in sorted(set(watch.failures))]
    if watch.worst > patience:
        faults.append(f"/health took {watch.worst:.1f} s")
    if process.files() > files:
        faults.append("files stay open")
    seen = ", ".join(f"{number}x {said}" for said, number in replies.most_common())
    used = (memory, watch.peak, process.memory())
    return Result(name, seen, watch.worst, used, (files, process.files()), faults)


def rounds(
    stack: RunningStack, names: Sequence[str], scale: float, patience: float
) -> Iterator[Result]:
    """Every attack twice, then what both rounds have left in memory."""
    assert stack.process is not None
    process = Process(stack.process.pid, stack.port)
    for _ in range(50):
        process.health()
    idle, left = process.memory(), []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for _ in range(ROUNDS):
            for name in names:
                yield attack(name, process, scale, patience, pool)
            left.append(process.memory())
    faults = []
    if left[-1] - left[0] > LEAK:
        faults.append(f"the second round leaves {left[-1] - left[0]} MiB more")
    if left[-1] - idle > GROWTH:
        faults.append(f"both leave {left[-1] - idle} MiB")
    if not stack.alive:
        faults.append(f"it has ended:\n{stack.tail()}")
    files = (process.files(), process.files())
    yield Result("memory: idle, 1, 2", "", 0, (idle, left[0], left[-1]), files, faults)


def run(name: str, names: Sequence[str], scale: float, patience: float) -> list[Result]:
    """Attack one stack and print what comes of it."""
    results = []
    with start(load_stacks().get(name), environment=LIMITS) as stack:
        for result in rounds(stack, names, scale, patience):
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
    heads = ("stack", "attack", "replies", "/health", "MiB", "peak", "after", "fds")
    print(ROW.format(*heads, "after", "verdict"))
    results: list[Result] = []
    for name in given.stacks or stacks.default:
        results += run(name, given.attack or [*ATTACKS], given.scale, given.patience)
    return 1 if any(result.faults for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
