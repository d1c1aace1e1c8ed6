"""What a server takes: time and memory, of one process and of several."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from comparison.speed.processes import Processes

MIB = 1024 * 1024
# Takes memory, and starts others that share it.
PROGRAM = """
import os, sys, time
taken = bytearray(os.urandom(64 * 1024 * 1024))
for _ in range(int(sys.argv[1])):
    if not os.fork():
        time.sleep(600)
print(flush=True)
time.sleep(600)
"""


@contextmanager
def started(*children: int) -> Iterator[list[Processes]]:
    """Programs with so many children each."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(count)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for count in children
    ]
    try:
        for one in programs:
            assert one.stdout is not None
            assert one.stdout.readline()
        yield [Processes(one.pid) for one in programs]
    finally:
        for one in programs:
            for child in psutil.Process(one.pid).children():
                child.kill()
            one.kill()
            one.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody forks here")
def test_what_several_share_counts_once() -> None:
    with started(0, 2) as (one, three):
        assert (one.count, three.count) == (1, 3)
        assert 64 < one.memory() < 110
        # Each has a little of its own, and all of it would be three times as much.
        assert one.memory() - 16 < three.memory() < one.memory() + 40


def test_of_one_it_is_no_less_where_others_run_the_same_program() -> None:
    with started(0, 0, 0) as (one, *_):
        resident = psutil.Process(one.first).memory_info().rss / MIB
        assert one.memory() == pytest.approx(resident, rel=0.01)
