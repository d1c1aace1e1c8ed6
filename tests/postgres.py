"""A PostgreSQL for the tests: a private one, or that of TEST_POSTGRES_URL."""

import asyncio
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg

LIMIT = 60.0
BINARIES = Path("/usr/lib/postgresql")
# Tests throw their data away, so nothing waits for a disk.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
listen_addresses = '127.0.0.1'
"""


class PostgresError(Exception):
    """PostgreSQL could not be started; says why."""


class Database(Protocol):
    """Where tests get fresh databases from."""

    def create_database(self) -> str: ...
    def close(self) -> None: ...


def missing() -> str | None:
    """Why there is no PostgreSQL, or None if there is one."""
    if os.environ.get("TEST_POSTGRES_URL") or _binaries() is not None:
        return None
    return "no PostgreSQL: install Debian's postgresql or set TEST_POSTGRES_URL"


def not_ours() -> str | None:
    """Why PostgreSQL must not be stopped, or None if it may."""
    if _binaries() is not None:
        return None
    return "stops PostgreSQL; that of TEST_POSTGRES_URL is somebody else's"


def open_database() -> Database:
    url = os.environ.get("TEST_POSTGRES_URL")
    return Existing(url) if url else Cluster()


def _binaries() -> Path | None:
    found = sorted(BINARIES.glob("*/bin/pg_ctl"), key=lambda it: it.parts[4])
    on_path = shutil.which("pg_ctl")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def create_database(server: str) -> str:
    """The URL of a new, empty database on this server."""
    name = f"conduit_{secrets.token_hex(6)}"

    async def create() -> None:
        connection = await asyncpg.connect(server, timeout=LIMIT)
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()

    asyncio.run(create())
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def fetch(database: str, asked: str) -> list[asyncpg.Record]:
    """The rows that a statement gives there."""
    connection = await asyncpg.connect(database, timeout=LIMIT)
    try:
        return await connection.fetch(asked)
    finally:
        await connection.close()


class Existing:
    """A server that somebody else runs, and that tests must not stop."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create_database(self) -> str:
        return create_database(self.url)

    def close(self) -> None:
        """Databases stay behind for a look; their server is somebody else's."""


class Cluster:
    """A private server in a temporary folder, to stop and start at will."""

    def __init__(self) -> None:
        from comparison.ports import free_ports  # noqa: PLC0415

        binaries = _binaries()
        if binaries is None:
            raise PostgresError(missing() or "")
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="conduit-postgres-"))
        # initdb refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        [port] = free_ports(1)
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        try:
            self._initialise(port)
            self.start()
        except BaseException:
            # Perhaps an interruption, after it has started.
            with suppress(PostgresError):
                self.close()
            raise

    def start(self) -> None:
        self._control("start", "-w", "-l", str(self._folder / "log"))

    def stop(self) -> None:
        self._control("stop", "-w", "-m", "fast")

    def create_database(self) -> str:
        return create_database(self.url)

    def close(self) -> None:
        try:
            self._control("stop", "-w", "-m", "immediate")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self, port: int) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run("initdb", "-D", str(self._cluster), "-U", "postgres", *options)
        with (self._cluster / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
            configuration.write(f"port = {port}\n")
            configuration.write(f"unix_socket_directories = '{self._folder}'\n")

    @property
    def _cluster(self) -> Path:
        return self._folder / "cluster"

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._cluster), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile() as output:
            # Not a pipe: the server that pg_ctl starts would hold it open.
            result = subprocess.run(
                [self._binaries / program, *arguments],
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                cwd=self._folder,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=LIMIT,
                check=False,
                # Ctrl-C is for us, who stop it.
                start_new_session=True,
            )
            if result.returncode:
                output.seek(0)
                text = output.read().decode("utf-8", "replace")
                raise PostgresError(f"{program} failed:\n{text}")
