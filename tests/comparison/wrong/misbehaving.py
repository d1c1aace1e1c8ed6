"""Servers that do not answer as they should: slow, hanging, crashing and worse."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Request

# All is well but here.
PLACE = "/api/tags"
GIGABYTE = 1 << 30
CHUNK = b"x" * 65536
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"

Misbehaviour = Callable[["Handler"], None]


class Handler(socketserver.StreamRequestHandler):
    """One connection."""

    server: "Server"

    def handle(self) -> None:
        """Answer requests until one is for the bad place, or there are no more."""
        with suppress(ConnectionError, ValueError):
            while request := self._request():
                if request.path == PLACE:
                    self.server.misbehave(self)
                    return
                reply = self.server.shop.answer(request)
                self.wfile.write(reply.wire(request.method))

    def _request(self) -> Request | None:
        first = self.rfile.readline().decode("latin-1").split(" ")
        headers = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if len(first) < 2:
            return None
        body = self.rfile.read(int(headers.get("content-length", "0")))
        return Request(first[0], first[1], headers, body)


class Server(socketserver.ThreadingTCPServer):
    """A shop that misbehaves in one way; `over` is set at the end."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, misbehave: Misbehaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.misbehave = misbehave
        self.shop = Shop()
        self.over = threading.Event()
        self.sent = 0


def slow(handler: Handler) -> None:
    """A byte now and then: no single read takes long, the whole for ever."""
    handler.wfile.write(HEAD.format(GIGABYTE).encode())
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")


def hanging(handler: Handler) -> None:
    """No answer, and no end."""
    handler.server.over.wait()


def crashing(handler: Handler) -> None:
    """From now on nobody listens."""
    threading.Thread(target=handler.server.shutdown, daemon=True).start()
    handler.server.socket.close()


def garbage(handler: Handler) -> None:
    """Bytes that are no HTTP."""
    handler.wfile.write(b"\x00\xffThis is no HTTP\r\n\r\n\r\n")


def closing(handler: Handler) -> None:
    """Less than was promised."""
    handler.wfile.write(HEAD.format(1000).encode() + b'{"tags": [')


def endless(handler: Handler) -> None:
    """A gigabyte, if somebody takes it."""
    handler.wfile.write(HEAD.format(GIGABYTE).encode())
    while handler.server.sent < GIGABYTE:
        handler.wfile.write(CHUNK)
        handler.server.sent += len(CHUNK)


@contextmanager
def misbehaving(misbehave: Misbehaviour) -> Iterator[tuple[str, Server]]:
    """Such a server and its URL, as long as the `with` statement lasts."""
    server = Server(misbehave)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
