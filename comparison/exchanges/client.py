"""A client that sends bytes as they are.

No redirects, no tidying of paths, no headers of its own: what a written probe says is
what goes over the wire. Time and size of a reply are bounded.
"""

import http.client
import io
import select
import socket
import ssl
import time

from comparison.exchanges.exchange import Answer, Failure, Reply, Request

TIME_LIMIT = 10.0
SIZE_LIMIT = 8 * 1024 * 1024
# Shorter than the 5 s for which a server keeps an idle connection (rule P11), so that
# a connection that is about to close is not used again.
IDLE_LIMIT = 2.0
LAST_BYTES_LIMIT = 0.5
CHUNK = 65536


class Client:
    """One persistent connection to one server; not for several threads at once.

    `begin` sends and `finish` waits for the reply, so that one thread can ask several
    servers at the same time. `secure` is TLS, with the certificate verified.
    """

    def __init__(
        self, host: str, port: int, limit: float = TIME_LIMIT, secure: bool = False
    ) -> None:
        self.host = host
        self.port = port
        self.limit = limit
        self._tls = ssl.create_default_context() if secure else None
        self._socket: socket.socket | None = None
        self._used = 0.0
        self._deadline = 0.0
        self._asked: Request | None = None
        self._begun: bool | Failure = False

    def send(self, request: Request) -> Answer:
        """Send `request` and read the reply, in `limit` seconds altogether."""
        self.begin(request)
        return self.finish()

    def begin(self, request: Request) -> None:
        """Send `request`; what goes wrong is told by `finish`."""
        self._deadline = time.monotonic() + self.limit
        self._asked = request
        try:
            connection = self._connection(self._deadline)
            content = request.wire() + (request.body or b"")
            self._begun = _send(connection, content, self._deadline)
        except (OSError, ValueError) as error:
            self._begun = _failure(error, self.limit)

    def finish(self) -> Answer:
        """The reply to what was begun, or why there is none."""
        if self._asked is None:
            raise RuntimeError("nothing was begun")
        request, self._asked = self._asked, None
        keep = False
        if isinstance(self._begun, Failure):
            answer: Answer = self._begun
        else:
            try:
                answer, keep = self._receive(request, self._begun)
            except (OSError, http.client.HTTPException, ValueError) as error:
                answer = _failure(error, self.limit)
        if not keep:
            self.close()
        self._used = time.monotonic()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _receive(self, request: Request, sent: bool) -> tuple[Answer, bool]:
        """The answer, and whether the connection can be used again."""
        if self._socket is None:
            raise ConnectionResetError("the connection is gone")
        timed = _Timed(self._socket, self._deadline)
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
            # Under TLS the end of what is sent is no clean end of the connection.
            if request.method == "HEAD" and self._tls is None:
                surplus, sent = timed.rest(self._socket), False
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
            if self._tls is not None:
                self._socket = self._tls.wrap_socket(
                    self._socket, server_hostname=self.host
                )
        return self._socket


def _failure(error: Exception, limit: float) -> Failure:
    if isinstance(error, TimeoutError):
        return Failure("time-out", f"no reply in {limit:g} s")
    if isinstance(error, ConnectionRefusedError):
        return Failure("refused", "nobody listens any more")
    if isinstance(error, http.client.RemoteDisconnected):
        return Failure("closed", "the connection was closed, no reply")
    if isinstance(error, http.client.IncompleteRead):
        count = len(error.partial)
        return Failure(
            "closed", f"the connection was closed after {count} bytes of body"
        )
    if isinstance(error, OSError):
        return Failure("closed", error.strerror or str(error))
    text = f"not HTTP: {type(error).__name__} {str(error)[:80]!r}"
    return Failure("garbage", text)


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
        # After the deadline what has already come still counts: the others in
        # lock-step may have been waited for.
        self._connection.settimeout(max(self._deadline - time.monotonic(), 0.0))
        try:
            return self._connection.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            raise TimeoutError from None

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
