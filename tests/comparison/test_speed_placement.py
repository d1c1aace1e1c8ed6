"""Placement: server and load generator on processors of their own, and back again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest

from comparison.speed.placement import separated
from comparison.speed.processes import Processes
from comparison.speed.servers import Server

EVERY = os.sched_getaffinity(0) if sys.platform == "linux" else {0}
pytestmark = pytest.mark.skipif(len(EVERY) == 1, reason="there is one processor")
# Says that it runs; for each line it starts a thread, and says so.
PROGRAM = """
import sys, threading
print(flush=True)
for _ in sys.stdin:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    print(flush=True)
"""


class Started:
    """A process with threads."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    @property
    def server(self) -> Server:
        return cast("Server", _Server(Processes(self.process.pid)))

    @property
    def places(self) -> list[set[int]]:
        threads = os.listdir(f"/proc/{self.process.pid}/task")  # noqa: PTH208
        return [os.sched_getaffinity(int(one)) for one in sorted(threads, key=int)]

    def start_thread(self) -> None:
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)
        self._hear()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline()


class _Server:
    def __init__(self, processes: Any) -> None:
        self.processes = processes


@pytest.fixture
def started() -> Iterator[list[Started]]:
    found = [Started() for _ in range(3)]
    yield found
    for one in found:
        with one.process:
            one.process.kill()


def test_no_server_has_the_processor_of_the_generator(started: list[Started]) -> None:
    generator, *servers = started
    servers[0].start_thread()
    with separated(generator.process.pid, [one.server for one in servers]):
        [[own], *_] = generator.places
        for one in servers:
            assert one.places[0] == EVERY - {own}
        # A thread that was there helps the first one, wherever there is room.
        assert servers[0].places[1] == EVERY
        servers[1].start_thread()
    for one in started:
        assert one.places == [EVERY] * len(one.places)


def test_who_cannot_be_placed_leaves_all_in_their_places(
    started: list[Started],
) -> None:
    generator, one, _ = started
    elsewhere = cast("Server", _Server(None))
    several = Processes(one.process.pid)
    several._all = [*several._all] * 2
    for servers in ([], [one.server, elsewhere], [cast("Server", _Server(several))]):
        with separated(generator.process.pid, servers):
            assert [*generator.places, *one.places] == [EVERY, EVERY]


def test_who_ended_meanwhile_is_no_matter(started: list[Started]) -> None:
    generator, one, _ = started
    with separated(generator.process.pid, [one.server]):
        one.process.kill()
        one.process.wait()
    assert generator.places == [EVERY]
