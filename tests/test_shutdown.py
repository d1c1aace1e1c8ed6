"""Shutdown: what is in flight is finished, within a bound, and the exit code is 0."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.conduit import PASSWORD, unique
from tests.wire import Wire, head

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [pytest.mark.any_backend, pytest.mark.several]

# The default of SHUTDOWN_TIMEOUT.
BOUND = 10
SIGNALS = [signal.SIGTERM, signal.SIGINT]


def process_of(stack: "RunningStack") -> subprocess.Popen[bytes]:
    assert stack.process is not None
    return stack.process


def registration(host: str) -> tuple[bytes, bytes]:
    """A request in two halves."""
    user = {"username": unique(), "email": f"{unique()}@x.org", "password": PASSWORD}
    body = json.dumps({"user": user}).encode()
    length = str(len(body))
    lines = head(
        "POST",
        "/api/users",
        Host=host,
        Content_Type="application/json",
        Content_Length=length,
    )
    return lines + body[:20], body[20:]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda it: it.name)
def test_a_request_in_flight_is_finished(
    launch: "Launch", number: signal.Signals
) -> None:
    """P12: it gets its reply, while nobody else is let in; then exit code 0."""
    stack = launch()
    process = process_of(stack)
    with closing(Wire(stack.url)) as wire, closing(Wire(stack.url)) as idle:
        assert idle.request("GET", "/api/tags").status == 200
        first, second = registration(wire.host)
        wire.send(first)
        time.sleep(0.5)
        process.send_signal(number)
        time.sleep(1.0)
        assert process.poll() is None, stack.tail()
        assert not is_listening(stack.port)
        wire.send(second)
        assert wire.receive("POST").status == 201
        assert process.wait(BOUND) == 0, stack.tail()


def is_listening(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(head("GET", "/api/tags", Host="x"))
            return bool(connection.recv(1))
    except OSError:
        return False


@pytest.mark.parametrize("number", SIGNALS, ids=lambda it: it.name)
def test_an_idle_server_ends_at_once(launch: "Launch", number: signal.Signals) -> None:
    """P12: exit code 0."""
    stack = launch()
    process_of(stack).send_signal(number)
    assert process_of(stack).wait(BOUND) == 0, stack.tail()


def test_a_request_that_never_ends(launch: "Launch") -> None:
    """P12: SHUTDOWN_TIMEOUT is the bound, and the exit code is 0 all the same."""
    stack = launch(SHUTDOWN_TIMEOUT="1")
    with closing(Wire(stack.url)) as wire:
        wire.send(registration(wire.host)[0])
        time.sleep(0.5)
        begin = time.monotonic()
        process_of(stack).send_signal(signal.SIGTERM)
        assert process_of(stack).wait(8) == 0, stack.tail()
        assert time.monotonic() - begin >= 0.9
