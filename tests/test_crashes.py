"""Crashes outside every request: the cause is in the log, and the server is not lost.

A crash is planted in the real server: a module that it loads by itself raises when the
process gets a signal. Of several processes one worker gets it, and there is one alone.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.processes import workers
from tests.test_shutdown import BOUND, process_of, registration
from tests.wire import Wire

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [
    pytest.mark.any_backend,
    pytest.mark.several,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGALRM"),
]

PYTHON = """
import asyncio, signal

def fail():
    raise ValueError("planted")

async def task():
    fail()

def on_signal(*_):
    loop = asyncio.get_running_loop()
    loop.call_soon_threadsafe({crash})

signal.signal(signal.SIGALRM, on_signal)
"""
NODE = """
function fail() {{ throw new RangeError("planted"); }}
async function task() {{ fail(); }}
process.on("SIGALRM", () => setImmediate(() => {crash}));
"""
TASK = ("lambda: asyncio.ensure_future(task())", "void task()")
CALLBACK = ("fail", "fail()")


def planted(folder: Path, crash: tuple[str, str]) -> dict[str, str]:
    """Variables that make either language load it."""
    python, node = crash
    module = PYTHON.format(crash=python)
    (folder / "sitecustomize.py").write_text(module, encoding="utf-8")
    script = quote(NODE.format(crash=node))
    return {
        "PYTHONPATH": str(folder),
        "NODE_OPTIONS": f"--import=data:text/javascript,{script}",
    }


def crash(stack: "RunningStack") -> None:
    """Let it crash, and see the cause in the log, with the line that raised it."""
    [server] = workers(stack) or [process_of(stack).pid]
    # One that no manager has a meaning for.
    os.kill(server, signal.SIGALRM)
    limit = time.monotonic() + BOUND
    while "planted" not in stack.tail(200):
        assert time.monotonic() < limit, stack.tail()
        time.sleep(0.05)
    time.sleep(0.2)
    said = stack.tail(200)
    assert "in fail" in said or "at fail" in said, said


def test_a_failed_task(launch: "Launch", tmp_path: Path) -> None:
    """S7: it is logged, and the server goes on."""
    stack = launch(WORKERS="1", **planted(tmp_path, TASK))
    for _ in range(2):
        crash(stack)
        assert stack.healthy
    process_of(stack).send_signal(signal.SIGTERM)
    assert process_of(stack).wait(BOUND) == 0, stack.tail()


def test_a_failed_callback(launch: "Launch", tmp_path: Path) -> None:
    """S7: what is in flight is finished; the server goes on, or ends with code 1."""
    stack = launch(WORKERS="1", **planted(tmp_path, CALLBACK))
    with closing(Wire(stack.url)) as wire:
        first, second = registration(wire.host)
        wire.send(first)
        time.sleep(0.3)
        crash(stack)
        wire.send(second)
        reply = wire.receive("POST")
        assert reply.status == 201
        assert b"planted" not in reply.content
    try:
        assert process_of(stack).wait(2) == 1, stack.tail()
    except subprocess.TimeoutExpired:
        stack.wait()
