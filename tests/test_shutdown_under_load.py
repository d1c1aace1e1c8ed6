"""Shutdown under load: what is acknowledged is kept, what is not was never done."""

import contextlib
import json
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.conduit import Conduit, User, unique
from tests.servers import SQLITE, Servers
from tests.test_shutdown import BOUND, process_of
from tests.wire import Wire, head

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [pytest.mark.any_backend, pytest.mark.several]

KEEPING, FRESH = 4, 3
# A moment of load before the signal, and the longest after it.
BEFORE, AFTER = 0.7, 15.0


class Load:
    """Threads that write and read until the server is gone, and what they saw."""

    def __init__(self, url: str, user: User, slugs: Sequence[str]) -> None:
        self.url, self.user = url, user
        self.acknowledged: list[str] = []
        self.unanswered: list[str] = []
        self.cut: list[bytes] = []
        self.stopping = threading.Event()
        work = [self.keep_writing] * KEEPING + [self.write_afresh] * FRESH
        work += [self.keep_reading]
        self.threads = [
            threading.Thread(target=target, args=[slug])
            for target, slug in zip(work, [*slugs, slugs[0]], strict=True)
        ]
        for thread in self.threads:
            thread.start()

    def keep_writing(self, slug: str) -> None:
        """Comment after comment on one connection, for as long as it lasts."""
        while not self.stopping.is_set():
            with contextlib.suppress(OSError), closing(Wire(self.url)) as wire:
                while self.write(wire, slug):
                    pass

    def write_afresh(self, slug: str) -> None:
        while not self.stopping.is_set():
            with contextlib.suppress(OSError), closing(Wire(self.url)) as wire:
                self.write(wire, slug)

    def keep_reading(self, slug: str) -> None:
        while not self.stopping.is_set():
            with contextlib.suppress(OSError), closing(Wire(self.url)) as wire:
                while self.read(wire, slug):
                    pass

    def read(self, wire: Wire, slug: str) -> bool:
        """Tell whether there is more to come on this connection."""
        try:
            reply = ask(wire, head("GET", f"/api/articles/{slug}", Host="x"))
        except CutShortError as error:
            self.cut.append(error.received)
            return False
        return reply is not None

    def write(self, wire: Wire, slug: str) -> bool:
        """Tell whether there is more to come on this connection."""
        text = unique("comment")
        body = json.dumps({"comment": {"body": text}}).encode()
        path = f"/api/articles/{slug}/comments"
        lines = head(
            "POST",
            path,
            Host="x",
            Authorization=f"Token {self.user.token}",
            Content_Type="application/json",
            Content_Length=str(len(body)),
        )
        try:
            reply = ask(wire, lines + body)
        except CutShortError as error:
            self.cut.append(error.received)
            return False
        if reply is None:
            self.unanswered.append(text)
            return False
        assert reply.startswith(b"HTTP/1.1 201 "), reply
        self.acknowledged.append(text)
        return b"\nconnection: close" not in reply.lower()

    def join(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(AFTER)
            assert not thread.is_alive()


class CutShortError(Exception):
    """A reply that has begun and does not end."""

    def __init__(self, received: bytes) -> None:
        super().__init__(received[:200])
        self.received = received


def ask(wire: Wire, request: bytes) -> bytes | None:
    """The whole reply, or None if not one byte came."""
    received = b""
    try:
        wire.send(request)
        while not is_whole(received):
            part = wire.socket.recv(65536)
            if not part:
                break
            received += part
    except (TimeoutError, ConnectionError):
        pass
    if received and not is_whole(received):
        raise CutShortError(received)
    return received or None


def is_whole(reply: bytes) -> bool:
    lines, end, body = reply.partition(b"\r\n\r\n")
    length = lines.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
    return bool(end) and len(body) == int(length)


def stop(stack: "RunningStack") -> None:
    process_of(stack).send_signal(signal.SIGTERM)
    assert process_of(stack).wait(BOUND) == 0, stack.tail()


def test_writes_at_the_end(servers: Servers, launch: "Launch") -> None:
    """P12, S1: after the end, the database holds what was acknowledged, and no more."""
    database = servers.database(SQLITE)
    stack = launch(database)
    with Conduit(stack.url) as nobody:
        user = nobody.register()
        # One for each thread: a list shows no more than 1,000 comments.
        slugs = [user.publish()["slug"] for _ in range(KEEPING + FRESH)]
    load = Load(stack.url, user, slugs)
    time.sleep(BEFORE)
    stop(stack)
    load.join()
    assert load.acknowledged
    assert not load.cut
    with Conduit(launch(database).url) as nobody:
        lists = [nobody.get(f"/articles/{slug}/comments") for slug in slugs]
    kept = {comment["body"] for it in lists for comment in it.gives("comments")}
    assert not set(load.acknowledged) - kept
    assert not kept & set(load.unanswered)
    assert not kept - set(load.acknowledged)
