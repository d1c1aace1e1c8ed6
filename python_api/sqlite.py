"""SQLite: one connection that reads, one that writes, both called in the event loop.

A statement takes some ten microseconds, less than handing it to a thread. Only the
wait for another process's write lock is long, and that is spent asleep.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from database import (
    STATEMENTS,
    DatabaseUnavailable,
    Queries,
    ReferenceViolation,
    Row,
    Statement,
    Storage,
    UniqueViolation,
    read_versions,
)
from settings import settings, sqlite_path

T = TypeVar("T")

AWAY = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
TAKEN = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


class DatabaseBusy(DatabaseUnavailable):
    """Another process holds the lock at this moment."""


def translated(action: Callable[..., T], *arguments: Any) -> T:
    """Call it, and raise SQLite's errors as those of the module `database`."""
    try:
        return action(*arguments)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code in TAKEN:
            raise UniqueViolation from error
        if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            raise ReferenceViolation from error
        if code & 0xFF in BUSY:
            raise DatabaseBusy(str(error)) from error
        if code & 0xFF in AWAY:
            raise DatabaseUnavailable(str(error)) from error
        raise


class SqliteStorage(Storage):
    """A file in WAL mode, shared by any number of processes on one machine."""

    _reader: sqlite3.Connection
    _writer: sqlite3.Connection

    def __init__(self, url: str) -> None:
        super().__init__()
        self._path = sqlite_path(url)
        self._writing = asyncio.Lock()

    async def _start(self) -> None:
        deadline = time.monotonic() + settings.database_timeout
        self._writer = await patiently(deadline, open_connection, self._path)
        self._reader = await patiently(deadline, open_connection, self._path)
        self._reader.execute("PRAGMA query_only = on")
        async with self._exclusively():
            translated(self._migrate)

    def _migrate(self) -> None:
        preamble, *versions = read_versions()
        self._writer.execute(preamble)
        ping = fetch(self._writer, STATEMENTS["ping"], {})
        for version in range((ping["version"] or 0) + 1, len(versions) + 1):
            for text in versions[version - 1].split(";\n"):
                self._writer.execute(text)
            fetch(self._writer, STATEMENTS["insert_version"], {"version": version})

    async def _read(self, statement: Statement, parameters: Row) -> Any:
        if not self._is_ready:
            await self.ready()
        try:
            # Readers hardly ever wait, and another coroutine for it takes its time.
            return translated(fetch, self._reader, statement, parameters)
        except DatabaseBusy:
            deadline = time.monotonic() + settings.database_timeout
            return await patiently(deadline, fetch, self._reader, statement, parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Queries]:
        await self.ready()
        async with self._exclusively():
            yield Queries(self._write)

    async def _write(self, statement: Statement, parameters: Row) -> Any:
        return translated(fetch, self._writer, statement, parameters)

    @asynccontextmanager
    async def _exclusively(self) -> AsyncGenerator[None]:
        deadline = time.monotonic() + settings.database_timeout
        async with self._writing:
            await patiently(deadline, self._writer.execute, "BEGIN IMMEDIATE")
            try:
                yield
                translated(self._writer.execute, "COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    async def close(self) -> None:
        if self._is_ready:
            self._reader.close()
            self._writer.close()


def open_connection(path: Path) -> sqlite3.Connection:
    # No time-out of its own: SQLite would wait for a lock without the event loop.
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute(f"PRAGMA synchronous = {settings.sqlite_synchronous}")
        connection.execute("PRAGMA foreign_keys = on")
        # In KiB. SQLite's own 2 MiB are too few for what is read of a million articles.
        connection.execute("PRAGMA cache_size = -16384")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def fetch(connection: sqlite3.Connection, statement: Statement, parameters: Row) -> Any:
    cursor = connection.execute(statement.text, parameters)
    if statement.kind == "values":
        return [value for (value,) in cursor.fetchall()]
    names = [column[0] for column in cursor.description or ()]
    # All at once, and without asking whether a row has as many: both take their time.
    rows = [dict(zip(names, values)) for values in cursor.fetchall()]  # noqa: B905
    if statement.kind == "many":
        return rows
    return rows[0] if rows else None


async def patiently(deadline: float, action: Callable[..., T], *arguments: Any) -> T:
    """Try until no other process holds the lock; they hold it for moments."""
    while True:
        try:
            return translated(action, *arguments)
        except DatabaseBusy:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.005)
