"""Tests that are interrupted end, and leave no process behind."""

import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from comparison.stacks import ROOT
from tests.comparison.processes import started

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="asks by a signal")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_while_the_program_runs_within_a_test(
    number: signal.Signals, tmp_path: Path
) -> None:
    tests = ["tests/comparison/test_program.py", "-k", "the_whole_report"]
    flags = ["-n0", "-p", "no:cacheprovider", f"--basetemp={tmp_path}"]
    with started([sys.executable, "-m", "pytest", *flags, *tests], ROOT) as process:
        stacks: list[psutil.Process] = []
        while len(stacks) < 2:
            assert process.poll() is None, process.communicate()
            stacks = psutil.Process(process.pid).children()
            time.sleep(0.02)
        process.send_signal(number)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, said
    assert "interrupted while the program ran" in said
    assert not [one for one in stacks if one.is_running()]
