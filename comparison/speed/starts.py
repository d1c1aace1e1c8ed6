"""Starts: from the start of a process to its first whole reply, several times."""

import http.client
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from comparison.running import RunningStack, StackError
from comparison.speed.bench import Bench
from comparison.speed.crew import Crew
from comparison.speed.database import copied
from comparison.stacks import Stack, launch

LIMIT = 30.0
# Between two attempts: what is told is late by so much at most.
STEP = 0.001


def cold_starts(crew: Crew, bench: Bench, folder: Path) -> Mapping[str, list[float]]:
    """Milliseconds of each start, by the stack's name; one after another.

    The files of a stack have been read before, so that no disk is measured. One that
    does not start is not tried again, and a note says so. Raises `OSError`.
    """
    able = {stack.name: stack for stack in crew.order.ours}
    found: dict[str, list[float]] = {name: [] for name in able}
    database = None if crew.rows is None else copied(crew.rows, folder / "starts.db")
    for _ in range(crew.order.form.starts):
        for name in bench.random.sample([*able], len(able)):
            bench.watch("start")
            try:
                found[name].append(_start(able[name], database))
            except StackError as error:
                crew.notes.append(f"not all starts are measured: {error.brief}")
                del able[name]
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
