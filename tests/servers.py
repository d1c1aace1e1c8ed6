"""The servers that the tests talk to, each started when first asked for."""

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests import postgres

if TYPE_CHECKING:
    from comparison.stacks import RunningStack, Stacks

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SUFFIX = f"-{POSTGRESQL}"
LOG_LINES = 40
# The stacks that are several processes, each managed in another way.
SEVERAL = ("fastapi-workers", "fastapi-gunicorn", "express-cluster")


class Server(NamedTuple):
    """A server that keeps running for the whole session."""

    name: str
    url: str
    backend: str | None = None
    process: "RunningStack | None" = None


class Servers:
    """Starts stacks, on either storage, and stops them all at the end."""

    def __init__(self, stacks: "Stacks", say: Callable[[str], None]) -> None:
        self.stacks = stacks
        self._say = say
        self._shared: dict[str, Server] = {}
        self._extra: list[RunningStack] = []
        self._postgres: postgres.Database | None = None
        self._files = 0

    @cached_property
    def logs(self) -> Path:
        """A folder for logs and databases, made when something is started."""
        return Path(tempfile.mkdtemp(prefix="conduit-tests-"))

    def shared(self, label: str) -> Server:
        """The server of this test id: `fastapi` or `fastapi-postgresql`."""
        if label not in self._shared:
            name = label.removesuffix(SUFFIX)
            backend = POSTGRESQL if label.endswith(SUFFIX) else SQLITE
            process = self._start(name, self.database(backend), {}, ())
            self._shared[label] = Server(name, process.url, backend, process)
        return self._shared[label]

    def sharing(self, names: Sequence[str], backend: str) -> list[Server]:
        """These stacks on one database of this kind, for the whole session."""
        labels = [f"{name} sharing {backend}" for name in names]
        if not self._shared.keys() >= set(labels):
            database = self.database(backend)
            with ThreadPoolExecutor() as pool:
                starting = [
                    pool.submit(self._start, name, database, {}, ()) for name in names
                ]
            failed = [one for one in starting if one.exception() is not None]
            if failed:
                # Nobody would stop those that did start.
                for one in starting:
                    if one not in failed:
                        one.result().stop()
                failed[0].result()
            for label, one in zip(labels, starting, strict=True):
                process = one.result()
                server = Server(process.name, process.url, backend, process)
                self._shared[label] = server
        return [self._shared[label] for label in labels]

    def start(
        self,
        name: str,
        database: str,
        environment: Mapping[str, str] | None = None,
        without: Iterable[str] = (),
    ) -> "RunningStack":
        """Another process, for one test, perhaps `without` some variables."""
        process = self._start(name, database, environment or {}, without)
        self._extra.append(process)
        return process

    def launch(
        self, name: str, environment: Mapping[str, str], without: Iterable[str] = ()
    ) -> "RunningStack":
        """Another process that need not come up."""
        from comparison.stacks import launch  # noqa: PLC0415

        stack = self.stacks.get(name)
        kept = {k: v for k, v in stack.environment.items() if k not in set(without)}
        process = launch(
            dataclasses.replace(stack, environment=kept),
            environment=environment,
            log_folder=self.logs,
            say=self._say,
        )
        self._extra.append(process)
        return process

    def install(self, name: str) -> None:
        """Install what a stack needs, and say so. Raises `StackError`."""
        from comparison.placeholders import words_for  # noqa: PLC0415
        from comparison.stacks import prepared  # noqa: PLC0415

        stack = self.stacks.get(name)
        prepared(stack, (), words_for(0, "", stack.folder), self._say)

    def database(self, backend: str) -> str:
        """The URL of a new database."""
        if backend == POSTGRESQL:
            if self._postgres is None:
                self._postgres = postgres.open_database()
            return self._postgres.create_database()
        self._files += 1
        return f"sqlite:///{self.logs / f'{self._files}.db'}"

    def stop_extra(self) -> None:
        while self._extra:
            self._extra.pop().stop()

    def report(self, label: str | None) -> list[tuple[str, str]]:
        """Where the logs of a test with this id are, with the end of each."""
        chosen = [label] if label in self._shared else [*self._shared]
        processes = [self._shared[it].process for it in chosen] + self._extra
        return [
            (f"log of {process.name}: {process.log}", process.tail(LOG_LINES))
            for process in processes
            if process is not None
        ]

    def close(self, keep_logs: bool, at_once: bool = False) -> None:
        """End all of them, side by side; `at_once` without waiting for good order."""
        processes = [one.process for one in self._shared.values() if one.process]
        processes += self._extra
        for process in processes:
            if at_once:
                process.kill()
            process.terminate()
        for process in processes:
            process.stop()
        self._shared.clear()
        self._extra.clear()
        database, self._postgres = self._postgres, None
        if database is not None:
            database.close()
        if not keep_logs and "logs" in vars(self):
            shutil.rmtree(self.logs, ignore_errors=True)

    def _start(
        self,
        name: str,
        database: str,
        environment: Mapping[str, str],
        without: Iterable[str],
    ) -> "RunningStack":
        from comparison.stacks import start  # noqa: PLC0415

        stack = self.stacks.get(name)
        kept = {k: v for k, v in stack.environment.items() if k not in set(without)}
        return start(
            dataclasses.replace(stack, environment=kept),
            database=database,
            environment=environment,
            log_folder=self.logs,
            say=self._say,
        )
