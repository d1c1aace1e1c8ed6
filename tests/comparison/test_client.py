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
from comparison.exchanges.line import Line

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


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_only_announces_a_reply_is_none(method: str) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"

    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(hints + b"HTTP/1.1 102 Processing\r\n\r\n" + hints)
            connection.sendall(OK if method == "GET" else OK[:-2])

    with serving(behave) as port:
        asked = Client("127.0.0.1", port, 5)
        replies = [asked.send(Request(method, "/")) for _ in range(2)]
        asked.close()
    body = b"ok" if method == "GET" else b""
    assert replies == [Reply(200, (("Content-Length", "2"),), body)] * 2


def test_another_protocol_is_a_reply() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")

    with serving(behave) as port:
        answer = ask(port)
    assert isinstance(answer, Reply)
    assert answer.status == 101


class Closing:
    """Answers the first request, then ends as `end` does; `read` is what it got."""

    def __init__(self, end: Callable[["Closing", socket.socket], None]) -> None:
        self.end = end
        self.read: list[bytes] = []
        self.went = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        self.read.append(connection.recv(65536))
        connection.sendall(OK)
        if len(self.read) == 1:
            self.end(self, connection)

    def asked(self, monkeypatch: pytest.MonkeyPatch, method: str) -> list[object]:
        """The answers to two requests, the end coming just before the second."""
        # A connection that closes between the look at it and the request.
        monkeypatch.setattr(Line, "readable", property(lambda _: False))
        with serving(self) as port:
            one = Client("127.0.0.1", port, 5)
            first = one.send(Request("GET", "/"))
            self.went.wait(1)
            second = one.send(Request(method, "/"))
            one.close()
        return [
            answer.status if isinstance(answer, Reply) else answer.kind
            for answer in (first, second)
        ]


def closed_before(server: Closing, connection: socket.socket) -> None:
    connection.close()
    server.went.set()


def closed_after_reading(server: Closing, connection: socket.socket) -> None:
    server.went.set()
    server.read.append(connection.recv(65536))
    connection.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_was_closed_already_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    server = Closing(closed_before)
    assert server.asked(monkeypatch, method) == [200, 200]
    assert len(server.read) == 2


def test_what_may_have_been_done_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Closing(closed_after_reading)
    assert server.asked(monkeypatch, "POST") == [200, "closed"]
    assert [text[:4] for text in server.read] == [b"GET ", b"POST"]


def test_what_changes_nothing_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Closing(closed_after_reading)
    assert server.asked(monkeypatch, "GET") == [200, 200]
    assert len(server.read) == 3


def test_a_server_that_closes_every_time_is_asked_twice_at_most() -> None:
    count = 0

    def behave(connection: socket.socket) -> None:
        nonlocal count
        count += 1
        connection.recv(65536)
        if count == 1:
            connection.sendall(OK)
            connection.recv(65536)

    with serving(behave) as port:
        one = Client("127.0.0.1", port, 5)
        one.send(Request("GET", "/"))
        answer = one.send(Request("GET", "/"))
    assert isinstance(answer, Failure)
    assert (answer.kind, count) == ("closed", 2)


def test_who_answers_at_once_is_read_while_another_hangs() -> None:
    size = 7_000_000
    content = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size

    def hang(connection: socket.socket) -> None:
        connection.recv(65536)
        time.sleep(2)

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(content)

    with serving(hang) as slow, serving(answer) as fast:
        clients = [Client("127.0.0.1", port, 0.5) for port in (slow, fast)]
        for one in clients:
            one.begin(Request("GET", "/"))
        first, second = (one.finish(clients) for one in clients)
    assert first == Failure("time-out", "no reply in 0.5 s")
    assert isinstance(second, Reply)
    assert len(second.body) == size


def test_a_late_body_of_head_is_noticed_where_nobody_closes() -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK[:-2])
        time.sleep(0.02)
        connection.sendall(b"o")
        time.sleep(0.02)
        connection.sendall(b"k")
        time.sleep(5)

    with serving(behave) as port:
        answer = ask(port, method="HEAD")
    assert isinstance(answer, Reply)
    assert answer.surplus == 2


def test_head_costs_little_where_a_server_closes_and_where_it_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[tuple[float, bool]] = []
    rest = client._Timed.rest

    def noted(timed: client._Timed, limit: float) -> tuple[int, bool]:
        count, closed = rest(timed, limit)
        waits.append((limit, closed))
        return count, closed

    def close(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK[:-2])
        connection.recv(65536)

    def linger(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK[:-2])
        kept.append(connection.dup())

    monkeypatch.setattr(client._Timed, "rest", noted)
    kept: list[socket.socket] = []
    for behave in (close, linger):
        with serving(behave) as port:
            one = Client("127.0.0.1", port, 5)
            replies = [one.send(Request("HEAD", "/")) for _ in range(5)]
        assert replies == [Reply(200, (("Content-Length", "2"),), b"")] * 5
    # One is heard to its end, the other waited for once, and then hardly.
    assert waits[:5] == [(client.LAST_BYTES_LIMIT, True)] * 5
    assert waits[5:6] == [(client.LAST_BYTES_LIMIT, False)]
    assert waits[6:] == [(client.LINGERING_LIMIT, False)] * 4
    assert client.LAST_BYTES_LIMIT <= 1
    assert client.LINGERING_LIMIT <= 0.1
