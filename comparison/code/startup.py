"""How long a stack takes to answer, and how much memory it needs when idle."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from comparison.running import START_LIMIT, RunningStack, StackError
from comparison.stacks import Stack, launch
from comparison.tally import Tally

STARTS = 5
IDLE = 1.0
EVERY = 0.005
HOW = (
    f"The median of {STARTS} starts with its least and most, the stacks in turn, after"
    " one start that does not count: files are in the system's cache, no process is."
    " Seconds go from the command (that of stacks.toml, in the stack's folder, with a"
    " new SQLite file) to the first 200 of GET /health, which is asked every"
    f" {1000 * EVERY:.0f} ms. Memory is the resident set size of its processes,"
    f" added up, {IDLE:.0f} s later, nothing having been asked but /health; on Linux"
    " alone. What else this machine does changes all of it."
)


@dataclass(frozen=True)
class Figure:
    """Several measurements of one thing."""

    median: float
    least: float
    most: float


@dataclass(frozen=True)
class Startup:
    """How a stack started; `failed` says why it did not."""

    command: Sequence[str]
    folder: str
    seconds: Figure | None = None
    bytes: Figure | None = None
    failed: str | None = None


def startups(
    stacks: Sequence[Stack],
    folders: Sequence[str],
    say: Callable[[str], None],
    watch: Callable[[Tally], None] = lambda _: None,
) -> list[Startup]:
    """Start every stack several times, in turn."""
    measured: list[list[tuple[float, int | None]]] = [[] for _ in stacks]
    failed: dict[int, str] = {}
    for turn in range(STARTS + 1):
        for number, stack in enumerate(stacks):
            done = turn * len(stacks) + number
            total = (STARTS + 1) * len(stacks)
            watch(Tally("starting", done, total, "starts"))
            if number in failed:
                continue
            try:
                measured[number].append(_once(stack, say))
            except StackError as error:
                failed[number] = str(error)
    return [
        Startup(stack.start, folders[number], failed=failed[number])
        if number in failed
        else _startup(stack, folders[number], measured[number][1:])
        for number, stack in enumerate(stacks)
    ]


def _startup(
    stack: Stack, folder: str, measured: Sequence[tuple[float, int | None]]
) -> Startup:
    sizes = [size for _, size in measured if size is not None]
    return Startup(
        command=stack.start,
        folder=folder,
        seconds=_figure([round(seconds, 3) for seconds, _ in measured]),
        bytes=_figure(sizes) if len(sizes) == len(measured) else None,
    )


def _figure(values: Sequence[float]) -> Figure:
    return Figure(median(values), min(values), max(values))


def _once(stack: Stack, say: Callable[[str], None]) -> tuple[float, int | None]:
    """Seconds until it answers, and its memory. Raises `StackError`."""
    begin = time.monotonic()
    running = launch(stack, say=say)
    try:
        end = begin + START_LIMIT
        while not running.healthy and running.alive and time.monotonic() < end:
            time.sleep(EVERY)
        seconds = time.monotonic() - begin
        # It raises what is to be said of one that has not come.
        running.wait(0)
        time.sleep(IDLE)
        return seconds, _memory(running)
    finally:
        running.kill()


def _memory(running: RunningStack) -> int | None:
    """The resident set size of a process and all below it, in bytes."""
    if running.process is None or not Path("/proc/self/smaps_rollup").exists():
        return None
    waiting, total = [running.process.pid], 0
    while waiting:
        # One that has just ended has no memory.
        with suppress(OSError):
            place = Path("/proc", str(waiting.pop()))
            for tasks in place.glob("task/*/children"):
                waiting += map(int, tasks.read_text("ascii").split())
            for line in (place / "smaps_rollup").read_text("ascii").splitlines():
                if line.startswith("Rss:"):
                    total += int(line.split()[1]) * 1024
    return total
