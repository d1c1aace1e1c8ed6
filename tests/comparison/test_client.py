"""The client: bytes as they are, bounded in time and size."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from comparison.exchanges import client
from comparison.exchanges.client import Client
from comparison.exchanges.exchange import Failure, Reply, Request

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@contextmanager
def serving(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A listener that does `behave` with every connection; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    behave(connection)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def ask(port: int, limit: float = 5, **changes: object) -> Reply | Failure:
    request = Request("GET", "/", (("Host", "x"),), None)
    client = Client("127.0.0.1", port, limit)
    try:
        return client.send(Request(**{**vars(request), **changes}))
    finally:
        client.close()


def test_bytes_go_out_as_they_are() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(OK)

    with serving(behave) as port:
        ask(
            port, target="/a/../%2f?b=%zz", headers=(("X", "y"), ("x", "ÿ")), body=b"\0"
        )
    assert seen == [b"GET /a/../%2f?b=%zz HTTP/1.1\r\nX: y\r\nx: \xff\r\n\r\n\0"]


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "closed"),
        (b"hello\r\n\r\n", "garbage"),
        (b"HTTP/1.1 xyz\r\n\r\n", "garbage"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
            "closed",
        ),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70000 + b"\r\n\r\n", "garbage"),
    ],
)
def test_what_is_no_reply(sent: bytes, kind: str) -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(sent)

    with serving(behave) as port:
        answer = ask(port)
    assert isinstance(answer, Failure)
    assert answer.kind == kind


def test_nobody_listens() -> None:
    # Bound, so that nobody else gets the port, but not listening.
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        answer = ask(reserved.getsockname()[1])
    assert isinstance(answer, Failure)
    assert answer.kind == "refused"


def test_a_server_that_drips_is_left_in_time() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in OK * 100:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    with serving(behave) as port:
        answer = ask(port, limit=0.5)
    assert answer == Failure("time-out", "no reply in 0.5 s")


def test_an_endless_reply_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SIZE_LIMIT", 1 << 20)

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serving(behave) as port:
        answer = ask(port)
    assert isinstance(answer, Failure)
    assert answer.kind == "too-large"


def test_a_reply_before_the_end_of_a_large_body_is_read() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")
        time.sleep(0.2)

    with serving(behave) as port:
        answer = ask(port, body=b"x" * 30_000_000)
    assert isinstance(answer, Reply)
    assert answer.status == 413


def test_a_connection_is_used_again_until_it_closes() -> None:
    connections: list[int] = []

    def behave(connection: socket.socket) -> None:
        connections.append(0)
        for _ in range(2):
            connection.recv(65536)
            connection.sendall(OK)

    with serving(behave) as port:
        client = Client("127.0.0.1", port, 5)
        request = Request("GET", "/")
        for _ in range(4):
            reply = client.send(request)
            assert isinstance(reply, Reply)
            time.sleep(0.05)
        client.close()
    assert len(connections) == 2


def test_what_comes_after_a_reply_to_head_is_noticed() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK)

    with serving(behave) as port:
        answer = ask(port, method="HEAD")
    assert isinstance(answer, Reply)
    assert (answer.body, answer.surplus) == (b"", 2)
