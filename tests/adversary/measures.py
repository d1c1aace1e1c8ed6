"""What an attack costs a server: answers of /health, memory, open files."""

import http.client
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY = 0.1
# Longer than any answer may take, so that a late one is told from none.
LIMIT = 15.0
MEBIBYTE = 1024 * 1024


@dataclass
class Process:
    """A server as the system sees it; where there is no /proc, all is 0."""

    pid: int
    port: int

    def memory(self) -> int:
        """What it holds in memory, in MiB."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        except FileNotFoundError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") // MEBIBYTE

    def files(self) -> int:
        try:
            return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
        except FileNotFoundError:
            return 0

    def health(self) -> tuple[float, str]:
        """Seconds until /health answered on a connection of its own, and with what."""
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request("GET", "/health")
            said = str(connection.getresponse().status)
        except OSError as error:
            said = type(error).__name__
        finally:
            connection.close()
        return time.monotonic() - begin, said

    def settle(self, files: int, limit: float = 20.0) -> None:
        """Wait until no more files are open than these, for a limited time."""
        end = time.monotonic() + limit
        while self.files() > files and time.monotonic() < end:
            time.sleep(EVERY)


class Watch:
    """Asks /health every 100 ms, from its beginning to its end."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.worst = 0.0
        self.asked = 0
        self.peak = 0
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stop.wait(EVERY):
            seconds, said = self.process.health()
            self.asked += 1
            self.worst = max(self.worst, seconds)
            self.peak = max(self.peak, self.process.memory())
            if said != "200":
                self.failures.append(said)
