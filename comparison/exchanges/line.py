"""A connection that never blocks, and is emptied while another is waited for."""

import select
import socket
import ssl
import time
from collections.abc import Sequence

CHUNK = 65536
# More is kept of no reply, however long another is waited for.
MOST_KEPT = 9 * 1024 * 1024
# So long it may take until the other side says that it has thrown something away.
RESET_LIMIT = 0.05
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_GONE = (BrokenPipeError, ConnectionResetError)


class Line:
    """One connection. `deadline` ends every read and write, `received` counts bytes."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.secure = isinstance(connection, ssl.SSLSocket)
        self.deadline = 0.0
        self.received = 0
        self.beside: Sequence[Line] = ()
        self._kept = bytearray()
        self._ended = False
        self._error: OSError | None = None

    @property
    def readable(self) -> bool:
        """Whether something has come, or the end of the connection."""
        return bool(
            self._kept or self._ended or select.select([self.connection], [], [], 0)[0]
        )

    def send(self, content: bytes) -> bool:
        """Send until a reply begins; false if the server did not take all.

        A server may answer 413 before it has read the whole body. Writing on would
        make it reset the connection, and the reply would be lost.
        """
        left = memoryview(content)
        while left:
            try:
                left = left[self.connection.send(left[:CHUNK]) :]
            except _LATER:
                self._wait_to_send()
            except _GONE as error:
                self._error = error
                return False
            if left and self.readable:
                return False
        return True

    def read(self, buffer: memoryview, patient: bool = True) -> int | None:
        """Read what has come, or wait for it; None where nothing has, and no patience.

        Raises `TimeoutError` after the deadline. What has come until then counts.
        """
        while not self._kept and not self._ended:
            # What TLS has read already shows on no socket.
            if self.secure and (count := self._receive(buffer)) is not None:
                return count
            if not self._wait(patient):
                return None
            if not self.secure and (count := self._receive(buffer)) is not None:
                return count
        count = min(len(buffer), len(self._kept))
        if not count and self._error is not None:
            raise self._error
        buffer[:count] = self._kept[:count]
        del self._kept[:count]
        return count

    def was_thrown_away(self) -> bool:
        """Whether nobody has read what was sent: the other side had closed before.

        One that reads a request, and then closes without a reply, does not reset.
        """
        end = time.monotonic() + RESET_LIMIT
        while not isinstance(self._error, _GONE):
            if self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(RESET_LIMIT / 10)
        return True

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _receive(self, buffer: memoryview) -> int | None:
        try:
            count = self.connection.recv_into(buffer)
        except _LATER:
            return None
        except OSError as error:
            self._error = error
            raise
        self.received += count
        return count

    def _wait(self, patient: bool) -> bool:
        """Wait until something comes here; meanwhile what comes beside is kept."""
        while True:
            now = time.monotonic()
            left = max(self.deadline - now, 0.0) if patient else 0.0
            lines = [self, *(one for one in self.beside if one._listens(now))]
            ready = select.select([one.connection for one in lines], [], [], left)[0]
            for one in lines[1:]:
                if one.connection in ready:
                    one._keep()
            if self.connection in ready:
                return True
            if not patient:
                return False
            if not left:
                raise TimeoutError

    def _listens(self, now: float) -> bool:
        open_for_more = not self._ended and len(self._kept) < MOST_KEPT
        return open_for_more and now < self.deadline

    def _keep(self) -> None:
        try:
            while chunk := self.connection.recv(CHUNK):
                self._kept += chunk
                self.received += len(chunk)
                if not self.secure:
                    return
            self._ended = True
        except _LATER:
            return
        except OSError as error:
            self._error, self._ended = error, True

    def _wait_to_send(self) -> None:
        left = self.deadline - time.monotonic()
        here = [self.connection]
        if left <= 0 or not any(select.select(here, here, [], left)):
            raise TimeoutError
