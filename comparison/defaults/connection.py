"""One connection on which bytes are sent as they are, and replies read one by one."""

import contextlib
import http.client
import io
import re
import select
import socket
import time
from typing import NamedTuple

# So long a server that says nothing is waited for.
PATIENCE = 3.0
CHUNK = 65536
MOST = 4 * 1024 * 1024
ANNOUNCED = re.compile(rb"HTTP/1\.[01] (1\d\d)")


class Reply(NamedTuple):
    """A reply as it came: its announcements (1xx), status, headers, and body."""

    announced: tuple[int, ...]
    version: int
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut_short: bool

    def header(self, name: str) -> str | None:
        """All values of one header, joined; None where there is none."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(found) if found else None


class Connection:
    """A connection to a server on this machine; `patience` bounds every reading."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self.patience = patience
        self.socket = socket.create_connection(("127.0.0.1", port), patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = io.BufferedReader(_Raw(self.socket), CHUNK)

    def send(self, content: bytes) -> None:
        """Send, until it is all sent or the server hears no more."""
        # What it has answered until then can still be read.
        with contextlib.suppress(OSError):
            for begin in range(0, len(content), CHUNK):
                # A server that answers before it has everything may read no more, and
                # reset the connection: what it has said would be lost.
                if begin and select.select([self.socket], [], [], 0)[0]:
                    self._reader.peek(1)
                self.socket.sendall(content[begin : begin + CHUNK])

    def reply(self, method: str = "GET", patience: float | None = None) -> Reply | str:
        """The next reply, or in one word why there is none.

        silent (nothing came in time), closed (without a reply, or reset), garbage.
        """
        self.socket.settimeout(self.patience if patience is None else patience)
        try:
            return self._reply(method)
        except TimeoutError:
            return "silent"
        except http.client.RemoteDisconnected:
            return "closed"
        except (http.client.HTTPException, ValueError):
            return "garbage"
        except OSError:
            # Whether what was not read is reset or closed is the kernel's choice.
            return "closed"
        finally:
            self.socket.settimeout(self.patience)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes; fewer at the end of the connection."""
        return self._reader.read(count)

    def ends(self, limit: float) -> bool:
        """Whether the server ends the connection within `limit` seconds."""
        end = time.monotonic() + limit
        try:
            while (left := end - time.monotonic()) > 0:
                self.socket.settimeout(left)
                if not self._reader.read1(CHUNK):
                    return True
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            self.socket.settimeout(self.patience)
        return False

    def close(self) -> None:
        """Close it."""
        self._reader.close()
        self.socket.close()

    def _reply(self, method: str) -> Reply:
        announced = []
        while (found := self._announced()) is not None:
            announced.append(found)
        response = http.client.HTTPResponse(_Shared(self._reader), method=method)  # type: ignore[arg-type]
        response.begin()
        body, short = b"", False
        try:
            # With neither length nor chunks the end of the body is the connection's.
            body = response.read(MOST)
            short = bool(response.length)
        except http.client.IncompleteRead as error:
            body, short = error.partial, True
        except TimeoutError:
            short = True
        except ConnectionError:
            # With neither length nor chunks, that is how the body may end.
            short = response.length is not None or bool(response.chunked)
        return Reply(
            announced=tuple(announced),
            version=response.version,
            status=response.status,
            reason=response.reason,
            headers=tuple(response.getheaders()),
            body=body,
            cut_short=short,
        )

    def _announced(self) -> int | None:
        """The status of a reply that only announces one (100 Continue), read over."""
        begin = self._reader.peek(1)[:12]
        found = ANNOUNCED.match(begin)
        if found is None or int(found[1]) == http.HTTPStatus.SWITCHING_PROTOCOLS:
            return None
        while self._reader.readline(CHUNK).strip():
            pass
        return int(found[1])


class _Raw(io.RawIOBase):
    """What a socket says. That of `makefile` reads no more after a time-out."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._source.recv_into(buffer)


class _Shared(io.RawIOBase):
    """A reader that HTTPResponse may close without ending the connection."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What HTTPResponse asks a socket for."""
        return io.BufferedReader(self, 1)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # One by one, so that nothing of the next reply is taken.
        content = self._reader.read1(len(buffer))
        buffer[: len(content)] = content
        return len(content)
