"""The processes of a stack: a server alone, or a manager with its workers."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

PROC = Path("/proc")
LIMIT = 30.0
needs_proc = pytest.mark.skipif(
    sys.platform != "linux", reason="looks processes up in /proc, which Linux has"
)


def living(stack: "RunningStack") -> dict[int, int]:
    """Whatever runs of what this stack has started: each with its parent."""
    assert stack.process is not None
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        state, parent, group = words[0], int(words[1]), int(words[2])
        if group == stack.process.pid and state not in "ZX":
            found[int(folder.name)] = parent
    return found


def workers(stack: "RunningStack") -> list[int]:
    """The workers of a manager; multiprocessing's own helper is none."""
    assert stack.process is not None
    children = [pid for pid, it in living(stack).items() if it == stack.process.pid]
    return [pid for pid in children if "resource_tracker" not in command(pid)]


def command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_text()
    except OSError:
        return ""


def await_end(stack: "RunningStack", limit: float) -> None:
    """Wait until nothing of it runs any more."""
    end = time.monotonic() + limit
    while living(stack):
        left = {pid: command(pid) for pid in living(stack)}
        assert time.monotonic() < end, f"left behind: {left}\n{stack.tail()}"
        time.sleep(0.05)


def ready(stack: "RunningStack", count: int, without: int = 0) -> list[int]:
    """The workers once there are so many, and each has had time to begin."""
    end = time.monotonic() + LIMIT
    while len(found := workers(stack)) != count or without in found:
        assert time.monotonic() < end, stack.tail()
        time.sleep(0.05)
    time.sleep(1.2)
    return found
