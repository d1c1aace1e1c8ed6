"""Processes are known before a signal is heard, and none outlives the program."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from comparison import spawning
from comparison.spawning import Interrupted, all_ended, interrupt, spawn
from tests.comparison.processes import children_of

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def heard() -> Iterator[None]:
    """The signals as the program hears them."""
    before = {one: signal.signal(one, interrupt) for one in spawning.SIGNALS}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("fails", [False, True])
def test_a_signal_while_a_process_begins_is_heard_once_it_is_known(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    begin = subprocess.Popen

    def signalled(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        process = begin(*given, **more)
        os.kill(os.getpid(), signal.SIGTERM)
        if fails:
            process.kill()
            process.wait()
            raise OSError("in vain")
        begun.append(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", signalled)
    with pytest.raises(Interrupted) as told, all_ended():
        spawn(SLEEP)
    assert told.value.code == 143
    assert len(begun) == (not fails)
    assert [one.returncode for one in begun] == [-signal.SIGKILL] * len(begun)


def test_what_still_runs_at_the_end_is_ended_with_all_that_it_started() -> None:
    code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    other = spawn(SLEEP)
    with all_ended():
        begun = spawn([sys.executable, "-c", code, *SLEEP], stdout=subprocess.PIPE)
        while not children_of(begun.pid):
            time.sleep(0.02)
    assert begun.returncode == -signal.SIGKILL
    # Both had it, and neither does any more.
    assert begun.stdout
    assert begun.stdout.read() == b""
    begun.stdout.close()
    assert other.poll() is None, "it was there before"
    other.kill()
    other.wait()


def test_what_a_killed_process_leaves_behind_is_ended() -> None:
    code = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with all_ended():
        begun = spawn([sys.executable, "-c", code, *SLEEP], stdout=subprocess.PIPE)
        while not children_of(begun.pid):
            time.sleep(0.02)
        begun.kill()
        begun.wait()
    assert begun.stdout
    assert begun.stdout.read() == b""
    begun.stdout.close()


def test_nothing_to_start_is_told() -> None:
    with pytest.raises(OSError, match="No such file"):
        spawn(["/no/such/program"])
