"""Starts: from the start of a process to its first whole reply, several times."""

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from comparison.running import RunningStack, StackError
from comparison.speed.database import copied
from comparison.stacks import Stack, launch

LIMIT = 30.0
# Between two attempts: what is told is late by so much at most.
STEP = 0.001


def cold_starts(  # noqa: PLR0913 - all but the stacks are keywords
    stacks: Sequence[Stack],
    *,
    rows: Path | None,
    times: int,
    folder: Path,
    random: Random,
    watch: Callable[[str], None] = lambda _: None,
) -> Mapping[str, list[float]]:
    """Milliseconds of each start, by the stack's name; one after another.

    The files of a stack have been read before, so that no disk is measured. Raises
    `StackError`.
    """
    found: dict[str, list[float]] = {stack.name: [] for stack in stacks}
    database = None if rows is None else copied(rows, folder / "starts.db")
    for _ in range(times):
        for stack in random.sample([*stacks], len(stacks)):
            watch("start")
            found[stack.name].append(_start(stack, database))
    return found


def _start(stack: Stack, database: str | None) -> float:
    began = time.perf_counter()
    running = launch(stack, database=database)
    try:
        while not _answers(running):
            if not running.alive or time.perf_counter() - began > LIMIT:
                raise StackError(
                    f"{stack.title} ({stack.name}) did not start again while its start"
                    " was measured. Start it by hand to see more."
                )
            time.sleep(STEP)
        return (time.perf_counter() - began) * 1000
    finally:
        # Its end is not measured, and loses nothing.
        with suppress(ProcessLookupError, subprocess.SubprocessError):
            running.kill()


def _answers(running: RunningStack) -> bool:
    """Whether it gives a whole reply, whichever: somebody is there who serves."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=2)
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
