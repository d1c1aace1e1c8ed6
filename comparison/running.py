"""A stack that runs: its address, its log and its end."""

import http.client
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from comparison import spawning

START_LIMIT = 30.0
# Longer than the contract's SHUTDOWN_TIMEOUT of 10 s (rule P12).
STOP_LIMIT = 12.0
# http_proxy of the environment is not for this machine.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class StackError(Exception):
    """A stack is unknown, or could not be installed or started; says what to do.

    `brief` is the same without a log, which is for nobody but who runs this.
    """

    def __init__(self, text: str, brief: str | None = None) -> None:
        super().__init__(text)
        self.brief = text if brief is None else brief


@dataclass
class RunningStack:
    """A stack that answers at `url`; without `process` it is not ours to stop.

    `headers` go with every request to it, `users` have tokens of their own there.
    """

    name: str
    title: str
    url: str
    port: int
    database: str | None = None
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    secret: str | None = None
    folder: Path | None = None
    scratch: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The value of the Host header: without the port that goes without saying."""
        parts = urllib.parse.urlsplit(self.url)
        name = parts.hostname or "127.0.0.1"
        name = f"[{name}]" if ":" in name else name
        plain = {"http": 80, "https": 443}.get(parts.scheme)
        return (
            name if self.port == plain and parts.port is None else f"{name}:{self.port}"
        )

    @property
    def origin(self) -> str:
        """Scheme and host, without the base path."""
        return f"{urllib.parse.urlsplit(self.url).scheme}://{self.host}"

    @property
    def local(self) -> bool:
        """Whether it is on this machine."""
        return (urllib.parse.urlsplit(self.url).hostname or "") in LOOPBACK

    @property
    def alive(self) -> bool:
        """Whether its process runs; one that is not ours counts as alive."""
        return self.process is None or self.process.poll() is None

    def tail(self, lines: int = 20) -> str:
        """The last lines of its log."""
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_bytes()[-65536:].decode("utf-8", "replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait(self, limit: float = START_LIMIT) -> None:
        """Wait until `/health` answers 200. Raises `StackError` if it does not."""
        end = time.monotonic() + limit
        while True:
            healthy = self.healthy
            # Asked afterwards: with this one gone, somebody else has answered.
            if self.process is not None and not self.alive:
                code = self.process.returncode
                raise self._failure(f"ended with exit code {code}")
            if healthy:
                return
            if time.monotonic() > end:
                raise self._failure(f"gave no answer within {limit:.0f} s")
            time.sleep(0.05)

    def knock(self) -> None:
        """Make sure that somebody listens. Raises `StackError` if nobody does."""
        host = urllib.parse.urlsplit(self.url).hostname
        try:
            socket.create_connection((host, self.port), START_LIMIT).close()
        except OSError as error:
            raise StackError(
                f"Nobody answers at {self.url} ({self.name}): {error}."
                " Start the server, then run the same again."
            ) from None

    def settle(self, limit: float = 0.5) -> None:
        """Give a process that has just failed the time to end, and to say why."""
        end = time.monotonic() + limit
        while self.alive and time.monotonic() < end:
            time.sleep(0.01)

    def terminate(self) -> None:
        """Tell it to end, without waiting."""
        if self.process is not None and self.alive:
            self.process.terminate()

    def stop(self) -> None:
        """End it in good order (SIGTERM), after a while by force. May be repeated."""
        if self.process is not None and self.alive:
            self.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_LIMIT)
        self.kill()

    def kill(self) -> None:
        """End it and all that it started at once (SIGKILL)."""
        if self.process is not None:
            spawning.end(self.process)
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def healthy(self) -> bool:
        """Whether `/health` answers 200."""
        try:
            with DIRECT.open(f"{self.url}/health", timeout=2) as reply:
                return bool(reply.status == 200)  # noqa: PLR2004
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def _failure(self, what: str) -> StackError:
        tail = "\n".join(f"  {line}" for line in self.tail().splitlines())
        log = f"The end of its log:\n{tail}" if tail else "Its log is empty."
        failed = f"{self.title} ({self.name}) did not start: it {what}."
        cure = f"Start it by hand in {self.folder} to see more."
        return StackError(f"{failed}\n{log}\n{cure}", f"{failed} {cure}")


def attach(name: str, url: str) -> RunningStack:
    """A server that runs already, at `url` (scheme, host, port, base path).

    Raises `StackError` for what is no http or https URL.
    """
    no_url = f"{url!r} is no URL of a server: write http://127.0.0.1:PORT."
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        raise StackError(no_url) from None
    schemes = {"http": 80, "https": 443}
    if parts.scheme not in schemes or not parts.hostname:
        raise StackError(no_url)
    if parts.query or parts.fragment or parts.username is not None:
        raise StackError(f"{no_url} Tokens and headers go into the configuration.")
    try:
        port = parts.port or schemes[parts.scheme]
    except ValueError:
        raise StackError(f"{url!r} has no valid port (1 to 65535).") from None
    return RunningStack(name=name, title=name, url=url.rstrip("/"), port=port)
