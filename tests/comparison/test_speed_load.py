"""The load generator counts what came, and what did not; nothing is left of it."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from comparison import node
from comparison.speed import generator as module
from comparison.speed.asked import Asked
from comparison.speed.ceiling import Ceiling
from comparison.speed.generator import Answers, Generator, GeneratorError
from comparison.stacks import ROOT
from tests.comparison.served import Answer, Serve
from tests.comparison.served import Asked as Sent

SECONDS, LONGEST = 0.2, 4
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
GETS = [Asked("GET", f"/{number}", {}, None, 200, "hello") for number in range(3)]
# How a connection goes on after its request number n was read; False ends it.
Handle = Callable[[socket.socket, int], bool]


@pytest.fixture(scope="module")
def load() -> Iterator[Generator]:
    with Generator(ROOT / ".cache", lambda _: None, patience=1.0) as generator:
        yield generator


class Raw:
    """A server that reads a request, and then does what it is told."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self.answered = 0
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def die(self) -> None:
        """End, and every connection with it."""
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._open.append(connection)
                serve = (connection,)
                threading.Thread(target=self._serve, args=serve, daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            number, read = 0, b""
            while part := connection.recv(65536):
                read += part
                while b"\r\n\r\n" in read:
                    read = read.partition(b"\r\n\r\n")[2]
                    if not self._handle(connection, number):
                        return
                    number += 1


@pytest.fixture
def raw() -> Iterator[Callable[[Handle], Raw]]:
    begun: list[Raw] = []

    def begin(handle: Handle) -> Raw:
        begun.append(Raw(handle))
        return begun[-1]

    yield begin
    for one in begun:
        one.die()


Begin = Callable[[Handle], Raw]


def sends(*parts: bytes, then: bool = True) -> Handle:
    def handle(connection: socket.socket, _: int) -> bool:
        for part in parts:
            connection.sendall(part)
        return then

    return handle


def closed(
    load: Generator,
    url: str,
    requests: list[Asked] = GETS,
    enough: Callable[[Answers], bool] = lambda _: True,
) -> Answers:
    """What three connections found in a short time, or in a longer one on a machine
    that was too busy for `enough` to happen in it."""
    load.know("closed", requests)
    seconds = SECONDS
    found = load.closed("closed", url, seconds, connections=3)
    while not enough(found) and seconds < LONGEST:
        seconds *= 4
        found = load.closed("closed", url, seconds, connections=3)
    return found


def test_it_counts_what_the_server_counted(serve: Serve, load: Generator) -> None:
    (server,) = serve(lambda _: (200, b"hello"))
    found = closed(load, server.url)
    assert (found.answered, found.wrong, found.failed) == (len(server.asked), 0, 0)
    assert found.answered >= 3
    assert {one.path for one in server.asked} == {"/0", "/1", "/2"}
    assert found.rate == found.answered / found.seconds


def test_it_sends_what_it_is_told(serve: Serve, load: Generator) -> None:
    (server,) = serve(lambda _: (201, b"hello"))
    asked = Asked("PUT", "/x?y=%20", {"X-Name": "blue", "A": "b"}, '{"a": 1}', 201)
    assert closed(load, server.url, [asked]).wrong == 0
    sent = server.asked[0]
    assert (sent.method, sent.path, sent.body) == ("PUT", "/x?y=%20", b'{"a": 1}')
    assert (sent.headers["X-Name"], sent.headers["A"]) == ("blue", "b")
    assert "Accept-Encoding" not in sent.headers


def test_what_has_a_body_says_how_long_an_empty_one_is(
    serve: Serve, load: Generator
) -> None:
    (server,) = serve(lambda _: (200, b"hello"))
    closed(load, server.url, [Asked("POST", "/x", {}, None, 200)])
    assert server.asked[0].headers["Content-Length"] == "0"


def test_the_same_start_asks_the_same(serve: Serve, load: Generator) -> None:
    (server,) = serve(lambda _: (200, b"hello"))
    load.know("some", GETS)
    load.closed("some", server.url, SECONDS, start=2, connections=1)
    assert server.asked[0].path == "/2"


def now_and_then(wrong: Answer) -> Callable[[Sent], Answer]:
    numbers = iter(range(10**9))
    return lambda _: wrong if next(numbers) % 4 == 3 else (200, b"hello")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ((500, b"hello"), r"GET /\d: 500 for 200"),
        ((200, b"other"), r"GET /\d: another body than before; if that is right, .*"),
        ((200, b""), r"GET /\d: another body than before.*"),
    ],
)
def test_wrong_answers_are_found_while_it_runs(
    wrong: Answer, said: str, serve: Serve, load: Generator
) -> None:
    (server,) = serve(now_and_then(wrong))
    found = closed(load, server.url, enough=lambda found: found.wrong > 0)
    assert 0 < found.wrong < found.answered
    assert re.fullmatch(said, found.example or "")


def test_a_character_may_be_cut_where_a_part_ends(raw: Begin, load: Generator) -> None:
    text = "äöü€".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text) + 2}\r\n\r\nx".encode()
    asked = [Asked("GET", "/x", {}, None, 200, "xäöü€y")]

    def handle(connection: socket.socket, _: int) -> bool:
        for part in (head + text[:3], text[3:] + b"y"):
            connection.sendall(part)
            time.sleep(0.01)
        return True

    found = closed(load, raw(handle).url, asked)
    assert found.answered > 0
    assert found.wrong == 0


def test_a_number_comes_only_once(serve: Serve, load: Generator) -> None:
    (server,) = serve(lambda _: (200, b"hello"))
    asked = [Asked("POST", "/{unique}", {}, '"{unique}"', 200)]
    closed(load, server.url, asked)
    load.open("closed", server.url, [0.001 * number for number in range(20)])
    paths, bodies = (
        {one.path for one in server.asked},
        {one.body for one in server.asked},
    )
    assert len(paths) == len(bodies) == len(server.asked)
    assert not server.sent("{unique}")


CLOSED = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
ENDLESS = b"HTTP/1.0 200 OK\r\n\r\nhello"


@pytest.mark.parametrize("reply", [CLOSED, ENDLESS])
def test_a_server_that_says_it_closes_fails_nobody(
    reply: bytes, raw: Begin, load: Generator
) -> None:
    url = raw(sends(reply, then=False)).url
    # More than one of a connection.
    found = closed(load, url, enough=lambda found: found.answered > 3)
    assert found.answered > 3
    assert (found.wrong, found.failed) == (0, 0)


def test_one_that_closes_without_a_word_loses_requests(
    raw: Begin, load: Generator
) -> None:
    def handle(connection: socket.socket, number: int) -> bool:
        if number < 3:
            connection.sendall(OK)
        return number < 3

    found = closed(load, raw(handle).url, enough=lambda found: found.failed > 0)
    assert found.answered > 0
    assert found.failed > 0
    # None of them was taken for the answer to another.
    assert found.wrong == 0


@pytest.mark.parametrize(
    "handle",
    [
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", then=False),
        sends(b"garbage\r\n\r\n" * 3),
        sends(b"garbage\r\n\r\n" * 3, then=False),
        sends(),
        sends(then=False),
    ],
    ids=["half", "garbage", "garbage, closed", "silence", "closed"],
)
def test_what_is_no_answer_is_counted_as_failed(
    handle: Handle, raw: Begin, load: Generator
) -> None:
    found = closed(load, raw(handle).url)
    assert found.answered == 0
    assert found.failed >= 3
    assert found.example
    assert found.rate == 0
    assert set(found.latency.values()) == {None}


def test_nobody_who_listens_is_counted_as_failed(load: Generator) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        found = closed(load, f"http://127.0.0.1:{nobody.getsockname()[1]}")
    assert found.failed > 0
    assert "ECONNREFUSED" in (found.example or "")


def test_a_server_may_die_in_the_middle(raw: Begin, load: Generator) -> None:
    counts = iter(range(10**9))
    server: list[Raw] = []

    def handle(connection: socket.socket, _: int) -> bool:
        connection.sendall(OK)
        if next(counts) == 10:
            server[0].die()
        return True

    server.append(raw(handle))
    found = closed(load, server[0].url, enough=lambda found: found.failed > 0)
    assert found.answered >= 5
    assert found.failed > 0
    assert found.example


DUE = [0.02 * number for number in range(25)]


def test_an_open_loop_sends_when_it_is_due(serve: Serve, load: Generator) -> None:
    times: list[float] = []

    def answer(_: Sent) -> Answer:
        times.append(time.monotonic())
        return 200, b"hello"

    (server,) = serve(answer)
    load.know("open", GETS)
    began = time.monotonic()
    found = load.open("open", server.url, DUE)
    assert (found.answered, found.wrong, found.failed) == (len(DUE), 0, 0)
    assert found.lag is not None
    # Nothing comes before it is due, however late a busy machine is.
    came = (at - began for at in sorted(times))
    assert all(at >= due for at, due in zip(came, DUE, strict=True))


def test_a_pause_counts_for_all_that_came_meanwhile(
    raw: Begin, load: Generator
) -> None:
    gate = threading.Lock()
    counts = iter(range(10**9))

    def handle(connection: socket.socket, _: int) -> bool:
        with gate:
            if next(counts) == 5:
                time.sleep(0.3)
            connection.sendall(OK)
        return True

    load.know("open", GETS)
    found = load.open("open", raw(handle).url, DUE)
    assert found.answered == len(DUE)
    slow = found.latency["p99"]
    # The pause itself was one request's; who came in the midst of it has waited too.
    assert slow is not None
    assert slow >= 290
    assert (found.latency["p90"] or 0) > 150


def test_what_never_came_counts_as_the_slowest(raw: Begin, load: Generator) -> None:
    load.know("open", GETS)
    found = load.open("open", raw(sends(then=False)).url, DUE)
    assert (found.answered, found.failed) == (0, len(DUE))
    assert found.latency["p50"] == 2000
    assert found.example


def test_requests_that_nobody_has_told_are_refused(load: Generator) -> None:
    with pytest.raises(GeneratorError) as error:
        load.closed("nobody", "http://127.0.0.1:9", SECONDS, connections=1)
    assert "nobody has told the requests of nobody" in str(error.value)
    assert "run the same again" in str(error.value)


def test_its_own_ceiling_is_measured_with_answers_of_that_size(
    load: Generator,
) -> None:
    with Ceiling(load, seed=1) as ceiling:
        assert (ceiling.of(10) or 0) > 0
        assert ceiling.first is not None
        load.know("big", [Asked("GET", "/100000", {}, None, 200, "0" * 100_000)])
        found = load.closed("big", ceiling.url, SECONDS, connections=2)
        assert found.answered > 0
        assert (found.wrong, found.failed) == (0, 0)


def children() -> set[int]:
    return {one.pid for one in psutil.Process().children(recursive=True)}


def test_nothing_is_left_of_it() -> None:
    before = children()
    with Generator(ROOT / ".cache", lambda _: None) as generator:
        with Ceiling(generator, seed=1):
            assert len(children() - before) == 2
        assert len(children() - before) == 1
    assert children() == before


def test_one_that_ends_says_what_to_do() -> None:
    before = children()
    with Generator(ROOT / ".cache", lambda _: None) as generator:
        (started,) = children() - before
        psutil.Process(started).kill()
        with pytest.raises(GeneratorError) as error:
            generator.know("x", GETS)
    assert "ended or gave no answer in time. Run the same again" in str(error.value)
    assert f"{node.node()} {module.FOLDER / 'load.js'}" in str(error.value)


def test_a_late_answer_is_not_taken_for_another(
    raw: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Generator(ROOT / ".cache", lambda _: None) as generator:
        generator.know("late", GETS)
        monkeypatch.setattr(module, "SPARE", -module.PATIENCE - 0.9)
        with pytest.raises(GeneratorError, match="gave no answer in time"):
            generator.closed("late", raw(sends(then=False)).url, 1.0, connections=1)
        assert not generator.alive
        monkeypatch.undo()
        with pytest.raises(GeneratorError, match="ended or gave no answer"):
            generator.know("next", GETS)


def test_packages_that_cannot_be_installed_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(module, "INSTALL", ("false",))
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    with pytest.raises(GeneratorError, match="then run the same again"):
        Generator(tmp_path, lambda _: None).__enter__()
