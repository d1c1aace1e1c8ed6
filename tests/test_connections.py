"""Connections: what comes over them, how long they stay, and what is too large."""

import time
from contextlib import closing
from urllib.parse import urljoin

import httpx
import pytest

from tests.servers import Server
from tests.wire import Wire, exchange, head

pytestmark = pytest.mark.any_backend

KIBIBYTE = 1024


@pytest.mark.parametrize("path", ["/api/tags", "/api/user", "/nothing", "/health"])
def test_headers_too_large(stack: Server, path: str) -> None:
    """P3, E4: in one header, in many, or in the target; not a broken connection."""
    many = {f"X_{number}": "x" * 90 for number in range(200)}
    for headers in ({"X": "x" * 17 * KIBIBYTE}, {"X": "x" * 100 * KIBIBYTE}, many):
        reply = exchange(stack.url, "GET", path, **headers)
        reply.refuses(431, headers="are too large")
    target = f"{path}?x={'x' * 17 * KIBIBYTE}"
    reply = exchange(stack.url, "GET", target)
    reply.refuses(431, headers="are too large")


def test_headers_large_enough(stack: Server) -> None:
    """P3: 15 KiB are not too much, wherever they are."""
    many = {f"X_{number}": "x" * 90 for number in range(140)}
    for headers in ({"X": "x" * 15 * KIBIBYTE}, many):
        assert exchange(stack.url, "GET", "/api/tags", **headers).status == 200
    target = f"/api/tags?x={'x' * 15 * KIBIBYTE}"
    assert exchange(stack.url, "GET", target).status == 200


@pytest.mark.parametrize("path", ["/api/tags", "/nothing", "/health"])
def test_missing_host(stack: Server, path: str) -> None:
    """P4, E4: 400 before path and method."""
    for method in ("GET", "PATCH"):
        with closing(Wire(stack.url)) as wire:
            wire.send(head(method, path))
            wire.receive(method).refuses(400, host="is missing")


def test_http_1_0_needs_no_host(stack: Server) -> None:
    """P4: only HTTP/1.1 does."""
    with closing(Wire(stack.url)) as wire:
        wire.send(b"GET /api/tags HTTP/1.0\r\n\r\n")
        assert wire.receive().status == 200


def test_one_connection_for_many_requests(stack: Server) -> None:
    """P11, B9: errors and bodies that nobody reads do not disturb the next one."""
    with closing(Wire(stack.url)) as wire:
        for _ in range(2):
            assert wire.request("GET", "/api/tags").status == 200
            assert wire.request("GET", "/nothing").status == 404
            assert wire.request("HEAD", "/api/tags").status == 200
            assert wire.request("OPTIONS", "/api/tags").status == 204
            wire.send(head("GET", "/api/tags", Host="x", Content_Length="5") + b"{{{{{")
            assert wire.receive().status == 200
            wire.send(head("POST", "/api/users", Host="x", Content_Length="2") + b"{}")
            assert wire.receive().status == 415


def test_pipelined_requests(stack: Server) -> None:
    """P11: those sent at once are answered in their order."""
    with closing(Wire(stack.url)) as wire:
        paths = ["/api/tags", "/nothing", "/api/user", "/health"]
        wire.send(b"".join(head("HEAD", path, Host="x") for path in paths))
        received = b""
        while received.count(b"\r\n\r\n") < len(paths):
            received += wire.socket.recv(65536)
        statuses = [part[9:12] for part in received.split(b"\r\n\r\n")[:-1]]
        assert statuses == [b"200", b"404", b"401", b"200"]


def test_idle_connections(stack: Server) -> None:
    """P11: closed after 5 seconds without a request."""
    with closing(Wire(stack.url)) as wire:
        assert wire.request("GET", "/api/tags").status == 200
        begin = time.monotonic()
        assert wire.socket.recv(1) == b""
        # A second more or less, for timers that look once in a while.
        assert 4 <= time.monotonic() - begin <= 7


def test_requests_that_are_none(stack: Server) -> None:
    """E1: the server goes on, whatever was sent to it."""
    for junk in (
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\0\xa5",
    ):
        with closing(Wire(stack.url)) as wire:
            wire.send(junk)
    half = head("POST", "/api/users", Host="x", Content_Length="100") + b"{"
    with closing(Wire(stack.url)) as wire:
        wire.send(half)
    assert httpx.get(urljoin(stack.url, "/health"), trust_env=False).status_code == 200
