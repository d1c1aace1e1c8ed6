"""What a server does becomes words that are the same on every run."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.frames import Close, Frame, Opcode

from comparison.defaults import frames, play
from comparison.defaults.pack import STEPS, Probe
from comparison.defaults.play import Target

PING = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-A: 1\r\nX-A: 2\r\n\r\nping"
Answer = Callable[[socket.socket], None]
Outcome = Callable[..., str]


@pytest.fixture
def outcome() -> Iterator[Outcome]:
    """The outcome of a probe on a server that does one thing to each connection."""
    listeners: list[socket.socket] = []

    def ask(answer: Answer, **probe: Any) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        probe.setdefault("name", "x")
        if not {"ask", "raw", "steps"} & {*probe}:
            probe["ask"] = "GET /"
        strictly = probe.pop("strictly", False)
        target = Target(listener.getsockname()[1])
        return play.play(Probe(**probe), target, strictly)

    yield ask
    for one in listeners:
        # A thread that waits in accept() would keep the port open.
        one.shutdown(socket.SHUT_RDWR)
        one.close()


def says(*contents: bytes, pause: float = 0.0) -> Answer:
    """A server that answers each of so many requests with these bytes, then closes."""

    def answer(connection: socket.socket) -> None:
        for content in contents:
            connection.recv(65536)
            connection.sendall(content)
            time.sleep(pause)

    return answer


@pytest.mark.parametrize(
    ("content", "look", "told"),
    [
        (PING, ["status", "body"], "200 · ping"),
        (PING, ["reason", "version", "size"], "OK · HTTP/1.1 · 4 bytes"),
        (PING, ["x-a", "x-b", "x-a?", "x-b?"], "x-a: 1, 2 · no x-b · x-a · no x-b"),
        (PING, ["headers"], "content-length, x-a"),
        (PING, ["value", "error"], "ping"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno!", ["error"], "no!"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno!", ["value"], "refused"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno", ["body"], "no · cut short"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", ["body"], "until the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + PING, ["status"], "100 · 200"),
        (b"HTTP/1.0 200 OK\r\n\r\n\xff\0", ["body"], "bytes ff 00"),
        (b"SSH-2.0-x\r\n", ["status"], "garbage"),
        (b"", ["status"], "closed"),
    ],
)
def test_a_reply_is_told_as_far_as_one_looks(
    outcome: Outcome, content: bytes, look: list[str], told: str
) -> None:
    assert outcome(says(content), look=look) == told


def test_what_differs_from_run_to_run_is_not_told(outcome: Outcome) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        host = f"127.0.0.1:{connection.getsockname()[1]}"
        body = f"http://{host}/ at Sat, 28 Nov 2026 11:06:30 GMT".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        connection.sendall(head + body)

    assert outcome(answer) == "200 · http://<host>/ at <date>"


def test_a_long_body_keeps_its_beginning_and_a_digest(outcome: Outcome) -> None:
    def reply(body: bytes) -> bytes:
        return b"HTTP/1.0 200 OK\r\n\r\n" + body

    told = [outcome(says(reply(b"x" * 999 + end))) for end in (b"a", b"b", b"a")]
    assert told[0].startswith("200 · xxxx")
    assert "1000 characters" in told[0]
    assert told[0] == told[2] != told[1]
    assert len(told[0]) < 120


def test_control_characters_are_told_as_escapes(outcome: Outcome) -> None:
    told = outcome(says(b"HTTP/1.0 200 OK\r\nX-A: \x1b[31m\r\n\r\n\x1b[2J\r\n"))
    assert told == "200 · \\u001b[2J"


def test_a_silent_server_is_not_waited_for_long(outcome: Outcome) -> None:
    steps = [{"ask": "GET /"}, {"read": "GET", "patience": 0.2}]
    assert outcome(lambda _: time.sleep(1), steps=steps) == "silent"


def test_after_a_silence_it_is_still_listened_to(outcome: Outcome) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(1000)
        time.sleep(0.5)
        connection.sendall(PING)
        time.sleep(2)

    silence = {"read": "GET", "patience": 0.1}
    steps = [{"ask": "GET /"}, silence, {"read": "GET"}, silence, {"open": 1}]
    told = outcome(answer, steps=steps)
    assert told == "silent → 200 · ping → silent → open after 1 s"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert play.play(Probe(name="x", ask="GET /"), Target(port)) == "refused"


def test_all_that_a_client_can_see_is_compared_on_the_real_stacks(
    outcome: Outcome,
) -> None:
    content = PING.replace(b"X-A: 2", b"Keep-Alive: timeout=5")
    told = outcome(says(content), strictly=True, look=["status"])
    assert told == "HTTP/1.1 · 200 · content-length: 4 · x-a: 1 · ping"
    content = b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.0 204 No\r\nConnection: x, Close\r\n\r\n"
    told = outcome(says(content), strictly=True, look=["status"])
    assert told.startswith("100 · HTTP/1.0 · 204 · closing")


def test_steps_are_told_one_after_the_other(outcome: Outcome) -> None:
    steps = [
        {"send": "GET / HTTP/1.1\r\nHost: <host>\r\n\r\n"},
        {"read": "GET"},
        {"again": "/"},
        {"again": "/"},
        {"fresh": "/"},
        {"connect": True},
        {"again": "/"},
    ]
    told = outcome(says(PING, PING), steps=steps)
    assert told == (
        "200 · ping → then 200 → then closed → a new connection: 200 → then 200"
    )


def test_the_end_of_a_connection_is_told_in_whole_seconds(outcome: Outcome) -> None:
    assert outcome(says(PING), steps=[{"ask": "GET /"}, {"open": 3}]) == (
        "ends after 0 s"
    )
    assert outcome(says(PING, pause=1.0), steps=[{"ask": "GET /"}, {"open": 3}]) == (
        "ends after 1 s"
    )
    assert outcome(lambda _: time.sleep(2), steps=[{"open": 1}]) == "open after 1 s"


def test_what_a_server_says_before_it_resets_is_heard(outcome: Outcome) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 431 No\r\n\r\n")

    told = outcome(answer, ask="GET /", headers=["X: <x*2000000>"], look=["status"])
    assert told == "431"


def test_only_a_process_of_its_own_gets_a_signal(outcome: Outcome) -> None:
    with pytest.raises(RuntimeError, match="alone"):
        outcome(says(PING), steps=[{"signal": "TERM"}])


def _socket_server(*replies: bytes) -> Answer:
    handshake = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"
    return says(handshake, *replies)


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (Frame(Opcode.TEXT, b"hello"), "text hello"),
        (Frame(Opcode.TEXT, b"he", fin=False), "text he (part)"),
        (Frame(Opcode.BINARY, b"\xff"), "binary bytes ff"),
        (Frame(Opcode.PING, b""), "ping"),
        (Frame(Opcode.CLOSE, Close(1000, "bye").serialize()), "close 1000 bye"),
        (
            Frame(Opcode.CLOSE, Close(1002, "no such frame").serialize()),
            "close 1002 with a reason",
        ),
        (Frame(Opcode.CLOSE, b""), "close without a code"),
        (Frame(Opcode.CLOSE, b"\x03"), "close that is none: 03"),
        (None, "lost"),
    ],
)
def test_frames_are_told(outcome: Outcome, frame: Frame | None, told: str) -> None:
    content = b"" if frame is None else frame.serialize(mask=False)
    steps = [{"handshake": "/"}, {"text": "x"}, {"receive": 1}]
    assert outcome(_socket_server(content), steps=steps) == f"101 → {told}"


def test_a_compressed_frame_is_told_without_what_it_says(outcome: Outcome) -> None:
    steps = [{"handshake": "/"}, {"text": "x"}, {"receive": 1}]
    told = outcome(_socket_server(b"\xc1\x03\x4a\x04\x00"), steps=steps)
    assert told == "101 → compressed text"


def test_the_steps_of_the_pack_are_those_that_can_be_played() -> None:
    assert {*play.STEPS, *frames.FRAME_STEPS} - {"request"} == STEPS
