"""Requests, replies, and a client that sends bytes as they are.

No redirects, no tidying of paths, no headers of its own: what a written probe says is
what goes over the wire. Time and size of a reply are bounded.
"""

import http.client
import io
import select
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

TIME_LIMIT = 10.0
SIZE_LIMIT = 8 * 1024 * 1024
# Shorter than the 5 s for which a server keeps an idle connection (rule P11), so that
# a connection that is about to close is not used again.
IDLE_LIMIT = 2.0
LAST_BYTES_LIMIT = 0.5
CHUNK = 65536


@dataclass(frozen=True)
class Request:
    """One request; `target` is ASCII, `headers` go out in this order."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def shown(self, most: int = 200) -> str:
        """Method and target, shortened."""
        text = f"{self.method} {self.target}"
        return text if len(text) <= most else text[: most - 1] + "…"

    def wire(self) -> bytes:
        """The bytes of the request up to the body."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


@dataclass(frozen=True)
class Reply:
    """What a stack answered; `surplus` bytes came after the end of the reply."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    surplus: int = 0

    def header(self, name: str) -> str | None:
        """The value of a header, several joined by a comma, or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True)
class Failure:
    """No reply. `kind`: time-out, refused, closed, garbage or too-large."""

    kind: str
    text: str


Answer = Reply | Failure


class Client:
    """One persistent connection to one server; not for several threads at once."""

    def __init__(self, host: str, port: int, limit: float = TIME_LIMIT) -> None:
        self.host = host
        self.port = port
        self.limit = limit
        self._socket: socket.socket | None = None
        self._used = 0.0

    def send(self, request: Request) -> Answer:
        """Send `request` and read the reply, in `limit` seconds altogether."""
        deadline = time.monotonic() + self.limit
        try:
            answer, keep = self._exchange(request, deadline)
        except TimeoutError:
            answer, keep = Failure("time-out", f"no reply in {self.limit:g} s"), False
        except ConnectionRefusedError:
            answer, keep = Failure("refused", "nobody listens any more"), False
        except http.client.RemoteDisconnected:
            answer, keep = (
                Failure("closed", "the connection was closed, no reply"),
                False,
            )
        except http.client.IncompleteRead as error:
            text = f"the connection was closed after {len(error.partial)} bytes of body"
            answer, keep = Failure("closed", text), False
        except (http.client.HTTPException, ValueError) as error:
            text = f"not HTTP: {type(error).__name__} {str(error)[:80]!r}"
            answer, keep = Failure("garbage", text), False
        except OSError as error:
            answer, keep = Failure("closed", error.strerror or str(error)), False
        if not keep:
            self.close()
        self._used = time.monotonic()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def interrupt(self) -> None:
        """End what another thread is waiting for here."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _exchange(self, request: Request, deadline: float) -> tuple[Answer, bool]:
        connection = self._connection(deadline)
        sent = _send(connection, request.wire() + (request.body or b""), deadline)
        timed = _Timed(connection, deadline)
        response = http.client.HTTPResponse(timed, method=request.method)  # type: ignore[arg-type]
        try:
            response.begin()
            body = bytearray()
            while chunk := response.read1(CHUNK):
                body += chunk
                if len(body) > SIZE_LIMIT:
                    text = f"the reply is larger than {SIZE_LIMIT >> 20} MiB"
                    return Failure("too-large", text), False
            # read1 gives what came; too little only shows in what is still due.
            if response.length:
                raise http.client.IncompleteRead(bytes(body), response.length)
            surplus = timed.surplus()
            if request.method == "HEAD":
                surplus, sent = timed.rest(connection), False
            headers = tuple(response.getheaders())
            reply = Reply(response.status, headers, bytes(body), surplus)
            return reply, sent and not response.will_close and not surplus
        finally:
            response.close()

    def _connection(self, deadline: float) -> socket.socket:
        stale = time.monotonic() - self._used > IDLE_LIMIT
        if self._socket is not None and (stale or _readable(self._socket)):
            self.close()
        if self._socket is None:
            limit = max(deadline - time.monotonic(), 0.001)
            self._socket = socket.create_connection((self.host, self.port), limit)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket


def _send(connection: socket.socket, content: bytes, deadline: float) -> bool:
    """Send until a reply begins; false if the server did not take all.

    A server may answer 413 before it has read the whole body. Writing on would make
    it reset the connection, and the reply would be lost.
    """
    for start in range(0, len(content), CHUNK):
        if start and _readable(connection):
            return False
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            connection.sendall(content[start : start + CHUNK])
        except (BrokenPipeError, ConnectionResetError):
            return False
    return True


def _readable(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


class _Timed(io.RawIOBase):
    """A socket as a file, every read of which ends at the deadline."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._buffered = io.BufferedReader(self, CHUNK)

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        """What HTTPResponse asks a socket for."""
        return self._buffered

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)

    def surplus(self) -> int:
        """How many bytes have come that belong to no reply."""
        if self._buffered.closed:
            return 0
        # peek would block on an empty buffer, which is the good case.
        self._deadline = 0.0
        try:
            return len(self._buffered.peek(1))
        except TimeoutError:
            return 0

    def rest(self, connection: socket.socket) -> int:
        """How many bytes still come, once the other side knows that we are done.

        A server that answers HEAD with a body may send it in a packet of its own.
        """
        connection.shutdown(socket.SHUT_WR)
        self._deadline = time.monotonic() + LAST_BYTES_LIMIT
        try:
            return len(self._buffered.read(CHUNK))
        except OSError:
            return 0
