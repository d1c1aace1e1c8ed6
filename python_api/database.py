"""Database: the named statements of contract/queries.sql, on SQLite or PostgreSQL."""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from fastapi import Request

Row: TypeAlias = dict[str, Any]
# Runs a statement, and gives what its kind says.
Run: TypeAlias = Callable[["Statement", Row], Awaitable[Any]]

CONTRACT = Path(__file__).parent.parent / "contract"


class DatabaseUnavailable(Exception):
    """The database does not answer, or is locked for longer than we wait."""


class UniqueViolation(Exception):
    """Another row has this value already."""


class ReferenceViolation(Exception):
    """A row that the new one refers to does not exist any more."""


@dataclass(frozen=True)
class Statement:
    """One statement: its name, its kind, and its text with :parameters.

    The kinds are those at the head of queries.sql.
    """

    name: str
    kind: str
    text: str


def read_statements() -> dict[str, Statement]:
    """Return the statements of queries.sql by their names."""
    text = without_comments((CONTRACT / "queries.sql").read_text(encoding="utf-8"))
    parts = re.split(r"^-- name: (\w+) :(one|many|values|exec)$", text, flags=re.M)[1:]
    names, kinds, texts = parts[::3], parts[1::3], parts[2::3]
    return {
        name: Statement(name, kind, text.strip().rstrip(";"))
        for name, kind, text in zip(names, kinds, texts, strict=True)
    }


def read_versions() -> list[str]:
    """Return schema.sql in parts: what is always run, then version 1, 2 and so on."""
    text = without_comments((CONTRACT / "schema.sql").read_text(encoding="utf-8"))
    return re.split(r"^-- version: \d+$", text, flags=re.M)


def without_comments(text: str) -> str:
    return re.sub(r"^--(?! (name|version): ).*\n", "", text, flags=re.M)


STATEMENTS = read_statements()


class Queries:
    """`await queries.get_user(id=1)` runs the statement of that name."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        if name not in STATEMENTS:
            raise AttributeError(name)
        statement = STATEMENTS[name]

        def method(**parameters: Any) -> Awaitable[Any]:
            return self._run(statement, parameters)

        # So that Python finds it itself the next time.
        setattr(self, name, method)
        return method


class Storage(Queries, ABC):
    """A database: reads by its own statements, writes in transactions.

    It starts when it is first needed, so that a server can start before its database
    and finds it again when it was away.
    """

    def __init__(self) -> None:
        super().__init__(self._read)
        self._is_ready = False
        self._starting: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Connect and bring the schema up to date; all who wait share one attempt."""
        if self._is_ready:
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start_once())
        await asyncio.shield(self._starting)

    async def _start_once(self) -> None:
        await self._start()
        self._is_ready = True

    @abstractmethod
    async def _start(self) -> None: ...

    @abstractmethod
    async def _read(self, statement: Statement, parameters: Row) -> Any: ...

    @abstractmethod
    def transaction(self) -> AbstractAsyncContextManager[Queries]:
        """Run statements that are all kept, or on an exception none of them."""

    @abstractmethod
    async def close(self) -> None: ...


def database_of(request: Request) -> Storage:
    """Return the database of the application that answers this request."""
    database: Storage = request.app.state["database"]
    return database
