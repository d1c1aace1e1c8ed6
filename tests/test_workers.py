"""Workers: several processes behave as one, whoever of them ends, and however."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.conduit import Conduit
from tests.processes import LIMIT, await_end, living, needs_proc, ready
from tests.servers import Server, Servers
from tests.test_shutdown import BOUND, is_listening, process_of, registration
from tests.wire import Wire

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [
    pytest.mark.several,
    pytest.mark.any_backend,
    pytest.mark.long,
    pytest.mark.usefixtures("several"),
    needs_proc,
]

# Longer than any test waits: who ends within BOUND has not waited for it.
NEVER = "600"
# What workers load and their manager does not. Each raises as it is loaded.
PYTHON = """
import sys

class Finder:
    def find_spec(self, name, path, target=None):
        if name == "main":
            raise ValueError("planted")

sys.meta_path.insert(0, Finder())
"""
NODE = """
import cluster from "node:cluster";
if (cluster.isWorker) throw new RangeError("planted");
"""


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_as_asked_for(launch: "Launch", count: int) -> None:
    """WORKERS says how many; a signal to their manager ends all."""
    stack = launch(WORKERS=str(count))
    assert len(ready(stack, count)) == count
    process_of(stack).send_signal(signal.SIGTERM)
    assert process_of(stack).wait(BOUND) == 0, stack.tail()
    await_end(stack, BOUND)


def test_a_killed_worker_is_replaced(launch: "Launch") -> None:
    """Meanwhile the others serve, and afterwards there are as many again."""
    stack = launch()
    first, _ = ready(stack, 2)
    os.kill(first, signal.SIGKILL)
    with Conduit(stack.url) as nobody:
        nobody.register()
    ready(stack, 2, without=first)
    assert stack.healthy


def test_workers_that_cannot_start(
    servers: Servers, stack: Server, tmp_path: Path
) -> None:
    """The end is soon, with the cause, a sentence and an exit code that is not 0."""
    (tmp_path / "sitecustomize.py").write_text(PYTHON, encoding="utf-8")
    script = f"--import=data:text/javascript,{quote(NODE)}"
    environment = {"PYTHONPATH": str(tmp_path), "NODE_OPTIONS": script}
    failing = servers.launch(stack.name, environment)
    assert process_of(failing).wait(LIMIT) > 0, failing.tail()
    said = failing.tail(200)
    assert "planted" in said
    assert "could not start" in said or "failed to boot" in said, said
    await_end(failing, BOUND)


def test_a_killed_manager(launch: "Launch") -> None:
    """Its workers notice, finish what is in flight, and end."""
    stack = launch()
    ready(stack, 2)
    with closing(Wire(stack.url)) as wire:
        first, second = registration(wire.host)
        wire.send(first)
        time.sleep(0.3)
        process_of(stack).kill()
        process_of(stack).wait()
        time.sleep(2.0)
        assert living(stack), stack.tail()
        assert not is_listening(stack.port)
        wire.send(second)
        assert wire.receive("POST").status == 201
    await_end(stack, BOUND)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["^C", "all"])
def test_a_signal_to_all(launch: "Launch", number: signal.Signals) -> None:
    """P12: a terminal and systemd send one to every process, and it counts once."""
    stack = launch()
    ready(stack, 2)
    with closing(Wire(stack.url)) as wire:
        first, second = registration(wire.host)
        wire.send(first)
        time.sleep(0.3)
        os.killpg(process_of(stack).pid, number)
        time.sleep(1.5)
        assert not is_listening(stack.port)
        wire.send(second)
        assert wire.receive("POST").status == 201
    assert process_of(stack).wait(BOUND) == 0, stack.tail()
    await_end(stack, BOUND)


def test_two_signals_to_all(launch: "Launch") -> None:
    """Ctrl-C and again Ctrl-C: nobody waits for the last requests any more."""
    stack = launch(SHUTDOWN_TIMEOUT=NEVER)
    ready(stack, 2)
    with closing(Wire(stack.url)) as wire:
        wire.send(registration(wire.host)[0])
        time.sleep(0.3)
        for _ in range(2):
            os.killpg(process_of(stack).pid, signal.SIGINT)
            time.sleep(1.0)
        assert process_of(stack).wait(BOUND) == 0, stack.tail()
    await_end(stack, BOUND)


@pytest.mark.parametrize("pause", [0.0, 0.3, 0.6, 1.0])
def test_a_signal_while_starting(servers: Servers, stack: Server, pause: float) -> None:
    """P12: whatever has begun by then ends, within the same bound."""
    starting = servers.launch(stack.name, {})
    time.sleep(pause)
    process_of(starting).send_signal(signal.SIGTERM)
    # As the system ends a process that has not said yet how it wants to end.
    assert process_of(starting).wait(BOUND) in (0, -signal.SIGTERM), starting.tail()
    await_end(starting, BOUND)
