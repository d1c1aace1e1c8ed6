"""Slow readers: what is being sent is sent to its end, but not for ever."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conduit import Conduit
from tests.test_shutdown import BOUND, process_of
from tests.wire import Wire, head

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [pytest.mark.any_backend, pytest.mark.long]

# More than the system keeps for a client that does not read; each € is three bytes.
LARGE, TIMES = "€" * 10_000, 270
REQUEST_TIMEOUT = 2


@contextmanager
def asking(url: str) -> Iterator[tuple[Wire, bytearray]]:
    """Ask for many large comments, and read no more than the begin of them."""
    with Conduit(url) as nobody:
        user = nobody.register()
        slug = user.publish()["slug"]
    path, body = f"/api/articles/{slug}/comments", {"comment": {"body": LARGE}}
    headers = {"Authorization": f"Token {user.token}"}
    with httpx.Client(trust_env=False, headers=headers) as client:
        for _ in range(TIMES):
            assert client.post(url + path, json=body).status_code == 201
    with closing(Wire(url)) as wire:
        wire.send(head("GET", path, Host="x"))
        yield wire, bytearray(wire.socket.recv(1000))


def read_on(wire: Wire) -> bytes:
    received = b""
    try:
        while part := wire.socket.recv(65536):
            received += part
    except ConnectionError:
        pass
    return received


def test_at_the_end(launch: "Launch") -> None:
    """P12: a reply that is being sent is in flight."""
    stack = launch()
    with asking(stack.url) as (wire, received):
        process_of(stack).send_signal(signal.SIGTERM)
        time.sleep(1)
        received.extend(read_on(wire))
    assert received.count(LARGE.encode()) == TIMES
    assert received.endswith(b"]}")
    assert process_of(stack).wait(BOUND) == 0, stack.tail()


def test_now_and_then(launch: "Launch") -> None:
    """P17: who reads on in time gets all of it."""
    stack = launch(HEADERS_TIMEOUT="1", REQUEST_TIMEOUT=str(REQUEST_TIMEOUT))
    with asking(stack.url) as (wire, received):
        for _ in range(4):
            time.sleep(REQUEST_TIMEOUT / 2)
            for _ in range(20):
                received.extend(wire.socket.recv(65536))
        received.extend(read_on(wire))
    assert received.count(LARGE.encode()) == TIMES


def test_never(launch: "Launch") -> None:
    """P17: who takes nothing is cut off."""
    stack = launch(HEADERS_TIMEOUT="1", REQUEST_TIMEOUT=str(REQUEST_TIMEOUT))
    with asking(stack.url) as (wire, received):
        time.sleep(3 * REQUEST_TIMEOUT + 1)
        received.extend(read_on(wire))
    assert received.count(LARGE.encode()) < TIMES
