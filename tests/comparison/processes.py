"""Processes of this machine, as Linux tells them; and programs that tests start."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def children_of(parent: int) -> list[int]:
    """The processes that this one has started, and that run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


@contextmanager
def started(
    command: Sequence[str | Path], folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A program in `folder`, and pipes to what it says.

    When a test ends before it, or is interrupted, it is asked to end: killed, as
    `subprocess.run` does it, it would leave what it has started behind.
    """
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            # It may have heard a signal before, and hears no other.
            process.kill()
            process.communicate()
