"""The servers of a measurement: each started with a database of its own, and ended."""

import tempfile
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path

import psutil
import requests

from comparison.running import RunningStack
from comparison.speed.asked import UNIQUE, Asked
from comparison.speed.concrete import Values
from comparison.speed.database import copied
from comparison.speed.processes import Processes
from comparison.speed.record import Subject
from comparison.stacks import Stack, launch

LIMIT = 10.0


@dataclass
class Server:
    """Somebody who is measured, and runs; `processes` where they are ours to look at.

    `values` are what placeholders stand for there; `base` is the contract's base path.
    """

    subject: Subject
    running: RunningStack
    session: requests.Session
    processes: Processes | None = None
    values: Values = field(default_factory=dict)
    base: str = ""

    @property
    def name(self) -> str:
        """That of its subject, by which all figures are filed."""
        return self.subject.name

    @property
    def url(self) -> str:
        """Where it answers: scheme, host and port."""
        return self.running.origin

    def placed(self, asked: Asked) -> Asked:
        """A request as this server is sent it: below its own base path, if any."""
        path = asked.path
        own = urllib.parse.urlsplit(self.running.url).path.rstrip("/")
        if own:
            # As everywhere, a path in its URL takes the place of the contract's.
            path = own + path.removeprefix(self.base)
        headers = {**self.running.headers, **asked.headers}
        return replace(asked, path=path, headers=headers)

    def ask(self, asked: Asked) -> requests.Response:
        """Send one request. Raises `requests.RequestException`, or `ValueError`."""
        here = self.placed(asked)
        # In microseconds, as those of the load generator, which never gets ahead of it.
        number = str(time.time_ns() // 1000)
        return self.session.request(
            here.method,
            self.url + here.path.replace(UNIQUE, number),
            headers=dict(here.headers),
            data=here.body and here.body.replace(UNIQUE, number),
            timeout=LIMIT,
            allow_redirects=False,
        )

    def look_again(self) -> None:
        """Find its processes: workers may have come, or been replaced."""
        if self.running.process is not None:
            with suppress(psutil.Error):
                self.processes = Processes(self.running.process.pid)

    def seconds(self) -> float | None:
        """Its processor time so far; None where nobody can tell."""
        if self.processes is None:
            return None
        with suppress(psutil.Error):
            return self.processes.seconds()
        return None

    def waited(self) -> float | None:
        """How long it waited for a processor so far; None where nobody can tell."""
        return None if self.processes is None else self.processes.waited()

    def memory(self) -> float | None:
        """Its memory in MiB; None where nobody can tell."""
        if self.processes is None:
            return None
        with suppress(psutil.Error):
            return self.processes.memory()
        return None


@dataclass(frozen=True)
class Entry:
    """What is to be started: a stack, on a copy of the database `rows` if any."""

    stack: Stack
    subject: Subject
    rows: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class Servers:
    """All that run at the moment. Used in a `with` statement, which ends them."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs, self._say = logs, say
        self._held = ExitStack()
        self._running: list[RunningStack] = []

    def __enter__(self) -> "Servers":
        folder = self._held.enter_context(
            tempfile.TemporaryDirectory(prefix="speed-", ignore_cleanup_errors=True)
        )
        self.folder = Path(folder)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self._held.close()

    def end(self) -> None:
        """End all that run; their folder stays."""
        try:
            # All are told to end before any is waited for.
            for running in self._running:
                running.terminate()
            for running in self._running:
                running.stop()
        finally:
            # Also where an interruption came while they were waited for.
            for running in self._running:
                running.kill()
            self._running = []

    def start(self, entries: Sequence[Entry]) -> list[Server]:
        """Start all of them side by side. Raises `StackError`."""
        for entry in entries:
            self._running.append(self._launched(entry))
        started = self._running[len(self._running) - len(entries) :]
        for running in started:
            running.wait()
        return [
            self._hold(entry.subject, running)
            for entry, running in zip(entries, started, strict=True)
        ]

    def _launched(self, entry: Entry) -> RunningStack:
        database = None
        if entry.rows is not None:
            file = f"{entry.subject.name.replace(' ', '-')}.db"
            database = copied(entry.rows, self.folder / file)
        return launch(
            entry.stack,
            database=database,
            environment=entry.environment,
            log_folder=self._logs,
            say=self._say,
        )

    def attach(self, running: RunningStack, subject: Subject, base: str) -> Server:
        """Somebody else's server, which runs already. Raises `StackError`."""
        running.knock()
        server = self._hold(subject, running)
        server.base = base
        return server

    def _hold(self, subject: Subject, running: RunningStack) -> Server:
        session = self._held.enter_context(requests.Session())
        # http_proxy of the environment is not for this machine.
        session.trust_env = False
        # What is checked must be what is measured: the load generator accepts no
        # compressed reply, and keeps no cookie.
        session.headers.clear()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        server = Server(subject, running, session)
        server.look_again()
        return server
