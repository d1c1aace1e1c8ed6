"""A client that sends bytes as they are.

No redirects, no tidying of paths, no headers of its own: what a written probe says is
what goes over the wire. Time and size of a reply are bounded.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Sequence

from comparison.contracts.contract import SAFE
from comparison.exchanges.exchange import Answer, Failure, Reply, Request
from comparison.exchanges.line import CHUNK, Line

TIME_LIMIT = 10.0
SIZE_LIMIT = 8 * 1024 * 1024
# Shorter than the 5 s for which a server keeps an idle connection (rule P11), so that
# a connection that is about to close is not used again.
IDLE_LIMIT = 2.0
# How long a server that keeps a connection which was half closed is listened to after
# HEAD: the first time, and when it is known to keep it.
LAST_BYTES_LIMIT = 0.5
LINGERING_LIMIT = 0.05
_SWITCHING = 101


class Client:
    """One persistent connection to one server; not for several threads at once.

    `begin` sends and `finish` waits for the reply, so that one thread can ask several
    servers at the same time: those `beside` are listened to while one is waited for.
    `secure` is TLS, with the certificate verified.
    """

    def __init__(
        self, host: str, port: int, limit: float = TIME_LIMIT, secure: bool = False
    ) -> None:
        self.host = host
        self.port = port
        self.limit = limit
        self._tls = ssl.create_default_context() if secure else None
        self._line: Line | None = None
        self._used = 0.0
        self._reused = False
        self._lingers = False
        self._asked: Request | None = None
        self._begun: bool | Failure = False

    def send(self, request: Request) -> Answer:
        """Send `request` and read the reply, in `limit` seconds altogether."""
        self.begin(request)
        return self.finish()

    def begin(self, request: Request) -> None:
        """Send `request`; what goes wrong is told by `finish`."""
        self._asked = request
        self._begin(request, time.monotonic() + self.limit)

    def finish(self, beside: Sequence["Client"] = ()) -> Answer:
        """The reply to what was begun, or why there is none."""
        if self._asked is None:
            raise RuntimeError("nothing was begun")
        request, self._asked = self._asked, None
        asked = [one._line for one in beside if one._asked is not None]
        lines = [line for line in asked if line is not None]
        answer, keep = self._answer(request, lines)
        if self._line is not None and self._came_too_late(request, answer, self._line):
            deadline = self._line.deadline
            self.close()
            self._begin(request, deadline)
            again, keep = self._answer(request, lines)
            # Where a server has died of a request, the first says it better.
            died = isinstance(again, Failure) and again.kind in {"closed", "refused"}
            answer = answer if died else again
        if not keep:
            self.close()
        self._used = time.monotonic()
        return answer

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _begin(self, request: Request, deadline: float) -> None:
        try:
            line = self._connected(deadline)
            line.deadline, line.received = deadline, 0
            self._begun = line.send(request.wire() + (request.body or b""))
        except (OSError, ValueError) as error:
            self._begun = _failure(error, self.limit)

    def _came_too_late(self, request: Request, answer: Answer, line: Line) -> bool:
        """Whether a server closed an idle connection just before the request came.

        It is asked once more then, but not if it may have done what it was asked.
        """
        silent = isinstance(answer, Failure) and answer.kind == "closed"
        if not silent or not self._reused or line.received:
            return False
        return request.method in SAFE or line.was_thrown_away()

    def _answer(self, request: Request, lines: Sequence[Line]) -> tuple[Answer, bool]:
        """The answer, and whether the connection can be used again."""
        if isinstance(self._begun, Failure):
            return self._begun, False
        try:
            return self._receive(request, self._begun, lines)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failure(error, self.limit), False

    def _receive(
        self, request: Request, sent: bool, lines: Sequence[Line]
    ) -> tuple[Answer, bool]:
        if self._line is None:
            raise ConnectionResetError("the connection is gone")
        self._line.beside = lines
        timed = _Timed(self._line)
        response = timed.response(request.method)
        try:
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
                surplus, sent = self._rest(timed), False
            headers = tuple(response.getheaders())
            reply = Reply(response.status, headers, bytes(body), surplus)
            return reply, sent and not response.will_close and not surplus
        finally:
            response.close()

    def _rest(self, timed: "_Timed") -> int:
        """How many bytes still come after a reply to HEAD.

        A server that sends a body may do so in a packet of its own. Most close when
        they see that we are done, which is soon; the others are waited for.
        """
        limit = LINGERING_LIMIT if self._lingers else LAST_BYTES_LIMIT
        count, closed = timed.rest(limit)
        self._lingers = not closed
        return count

    def _connected(self, deadline: float) -> Line:
        stale = time.monotonic() - self._used > IDLE_LIMIT
        if self._line is not None and (stale or self._line.readable):
            self.close()
        self._reused = self._line is not None
        if self._line is None:
            limit = max(deadline - time.monotonic(), 0.001)
            connection = socket.create_connection((self.host, self.port), limit)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connection = self._tls.wrap_socket(
                    connection, server_hostname=self.host
                )
            self._line = Line(connection)
        return self._line


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


class _Timed(io.RawIOBase):
    """One reply on a line as a file, every read of which ends at the deadline."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._patient = True
        self._buffered = io.BufferedReader(self, CHUNK)

    def response(self, method: str) -> http.client.HTTPResponse:
        """The beginning of the reply; what only announces it is passed over."""
        while True:
            response = http.client.HTTPResponse(self, method=method)  # type: ignore[arg-type]
            response.begin()
            if response.status >= http.HTTPStatus.OK or response.status == _SWITCHING:
                return response
            # It would close what the reply is read from.
            response.fp = None  # type: ignore[assignment]

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        """What HTTPResponse asks a socket for."""
        return self._buffered

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        return self._line.read(buffer, self._patient)

    def surplus(self) -> int:
        """How many bytes have come that belong to no reply."""
        if self._buffered.closed:
            return 0
        self._patient = False
        return len(self._buffered.peek(1))

    def rest(self, limit: float) -> tuple[int, bool]:
        """How many bytes still come when we are done, and whether that was all."""
        self._line.connection.shutdown(socket.SHUT_WR)
        self._line.deadline = time.monotonic() + limit
        self._patient = True
        count = 0
        try:
            while chunk := self._buffered.read1(CHUNK):
                count += len(chunk)
                if count > SIZE_LIMIT:
                    return count, False
        except TimeoutError:
            return count, False
        except OSError:
            pass
        return count, True
