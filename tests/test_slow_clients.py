"""Slow clients: what is not complete in time is refused, and not carried out."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.conduit import PASSWORD, unique
from tests.wire import Wire, head

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [pytest.mark.any_backend, pytest.mark.long]

HEADERS_TIMEOUT, REQUEST_TIMEOUT = 1, 3
# Some look once a second, and machines are busy.
LATER = 4


@pytest.fixture
def url(launch: "Launch") -> str:
    return launch(
        HEADERS_TIMEOUT=str(HEADERS_TIMEOUT), REQUEST_TIMEOUT=str(REQUEST_TIMEOUT)
    ).url


@pytest.fixture
def wire(url: str) -> Iterator[Wire]:
    with closing(Wire(url)) as opened:
        yield opened


def trickle(wire: Wire, data: bytes) -> float:
    """Send a byte now and then until the server has had enough; tell when."""
    begin = time.monotonic()
    wire.socket.settimeout(0.1)
    for number in range(len(data)):
        wire.send(data[number : number + 1])
        try:
            assert wire.socket.recv(1) == b"H"
            break
        except TimeoutError:
            continue
    else:
        pytest.fail("the server waits for ever")
    wire.socket.settimeout(10)
    return time.monotonic() - begin


def refused(wire: Wire) -> None:
    """P16, P17: the rest of the reply, whose H is read, and the end."""
    received = b"H"
    while part := wire.socket.recv(65536):
        received += part
    lines, _, body = received.partition(b"\r\n\r\n")
    assert lines.startswith(b"HTTP/1.1 408 ")
    assert b"content-type: application/json" in lines.lower()
    assert json.loads(body) == {"errors": {"request": ["took too long"]}}


def registration(wire: Wire) -> tuple[str, bytes]:
    name = unique()
    user = {"username": name, "email": f"{name}@x.org", "password": PASSWORD}
    body = json.dumps({"user": user}).encode() + b" " * 200
    lines = head(
        "POST",
        "/api/users",
        Host=wire.host,
        Content_Type="application/json",
        Content_Length=str(len(body)),
    )
    return name, lines + body


def exists(url: str, name: str) -> bool:
    reply = httpx.get(f"{url}/api/profiles/{name}", trust_env=False)
    return reply.status_code == 200


def test_a_slow_head(wire: Wire) -> None:
    """P16: bytes that come now and then are not enough."""
    request = head("GET", "/api/tags", Host=wire.host, A="x" * 200)
    seconds = trickle(wire, request)
    assert HEADERS_TIMEOUT - 0.5 <= seconds <= HEADERS_TIMEOUT + LATER
    refused(wire)


def test_a_slow_second_head(wire: Wire) -> None:
    """P16: nor are they on a connection that was used before."""
    assert wire.request("GET", "/api/tags").status == 200
    time.sleep(HEADERS_TIMEOUT + 1)
    request = head("GET", "/api/tags", Host=wire.host, A="x" * 200)
    seconds = trickle(wire, request)
    assert HEADERS_TIMEOUT - 0.5 <= seconds <= HEADERS_TIMEOUT + LATER
    refused(wire)


def test_silence(wire: Wire) -> None:
    """P16: a connection that says nothing at all."""
    begin = time.monotonic()
    assert wire.socket.recv(1) == b"H"
    assert time.monotonic() - begin <= HEADERS_TIMEOUT + LATER
    refused(wire)


def test_a_slow_body(url: str, wire: Wire) -> None:
    """P16: nothing of it is carried out, even if the rest comes in the end."""
    name, request = registration(wire)
    wire.send(request[:-200])
    seconds = trickle(wire, request[-200:])
    assert REQUEST_TIMEOUT - 0.5 <= seconds <= REQUEST_TIMEOUT + LATER
    wire.send(request[-200:])
    refused(wire)
    assert not exists(url, name)


def test_a_body_in_time(url: str, wire: Wire) -> None:
    """P16: the head's limit is not that of the body."""
    name, request = registration(wire)
    wire.send(request[:-20])
    time.sleep(HEADERS_TIMEOUT + 1)
    wire.send(request[-20:])
    assert wire.receive("POST").status == 201
    assert exists(url, name)


def test_a_body_that_nobody_awaits(wire: Wire) -> None:
    """P17: who has had a reply gets no second one."""
    wire.send(head("POST", "/nothing", Host="x", Content_Length="100") + b"{")
    (reply,) = wire.receive_all()
    reply.refuses(404, path="not found")


def test_empty_lines(wire: Wire) -> None:
    """P11: what is no request keeps no connection open for ever."""
    assert wire.request("GET", "/api/tags").status == 200
    wire.send(b"\r\n")
    begin = time.monotonic()
    assert wire.socket.recv(1) == b""
    assert 4 <= time.monotonic() - begin <= 5 + LATER
