"""HTTP/1.1 in this process: any function of a request is a server."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

# Only what the shop sends; a reason says nothing to a program.
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request"}
BODILESS = frozenset({204, 304})


@dataclass(frozen=True)
class Request:
    """One request; names of headers are in small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target up to the query, as on the wire."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The target after its first question mark."""
        return self.target.partition("?")[2]


@dataclass(frozen=True)
class Reply:
    """One reply. `surplus` is sent after its end, where nothing may be."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    surplus: bytes = b""

    def wire(self, method: str) -> bytes:
        """The bytes that answer a request of this method."""
        headers = dict(self.headers)
        if self.status not in BODILESS:
            headers.setdefault("Content-Length", str(len(self.body)))
        reason = REASONS.get(self.status, "Other")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        return head + (b"" if method == "HEAD" else self.body) + self.surplus


Answer = Callable[[Request], Reply]


class _Connection(asyncio.Protocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while self._transport and (request := self._next()) is not None:
            self._transport.write(self._answer(request).wire(request.method))

    def _next(self) -> Request | None:
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = headers.get("content-length", "0")
        # What cannot be told from the next request ends the connection.
        if not length.isdecimal() or "transfer-encoding" in headers:
            self._refused()
            return None
        if len(rest) < int(length):
            return None
        method, _, target = first.rpartition(" ")[0].partition(" ")
        self._received = rest[int(length) :]
        return Request(method, target, headers, rest[: int(length)])

    def _refused(self) -> None:
        self._received = b""
        if self._transport:
            self._transport.write(Reply(400).wire("GET"))
            self._transport.close()


@contextmanager
def serving(*answers: Answer) -> Iterator[list[str]]:
    """The URLs of servers that answer so, as long as the `with` statement lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start(answer: Answer) -> asyncio.Server:
        return await loop.create_server(lambda: _Connection(answer), "127.0.0.1", 0)

    servers = [
        asyncio.run_coroutine_threadsafe(start(answer), loop).result()
        for answer in answers
    ]
    try:
        ports = [server.sockets[0].getsockname()[1] for server in servers]
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for server in servers:
            server.close()
        loop.close()
