"""Databases with many rows: made once for each number and seed, then copied."""

import hashlib
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import psutil

from comparison.placeholders import filled
from comparison.running import StackError
from comparison.spawning import end, spawn
from comparison.speed.workloads import Rows
from comparison.stacks import ROOT

# What the rows depend on beside their number.
SOURCES = (ROOT / "contract" / "schema.sql", Path(__file__).with_name("rows.py"))
KEPT = 4
# Nobody fills one for so many seconds.
LEFT_BEHIND = 24 * 3600
# What was used since then is in use: a measurement may need more than are kept.
BEGAN = psutil.Process().create_time()


class RowsError(StackError):
    """A database could not be filled; says what to do."""


def filled_database(
    rows: Rows, articles: int, seed: int, cache: Path, say: Callable[[str], None]
) -> Path:
    """A SQLite file with so many articles, in `cache`; nobody may write to it.

    Raises `RowsError`.
    """
    folder = cache / "rows"
    file = folder / f"{articles}-{_digest(rows, articles, seed)}.db"
    if file.exists():
        file.touch()
        return file
    say(f"filling a database with {articles:,} articles (once, until they change)")
    folder.mkdir(parents=True, exist_ok=True)
    words = {"{python}": sys.executable, "{articles}": str(articles)}
    words |= {"{seed}": str(seed)}
    # In a folder of its own: another run may be filling the same one.
    with tempfile.TemporaryDirectory(prefix="part-", dir=folder) as scratch:
        part = Path(scratch) / "rows.db"
        command = filled(rows.command, {**words, "{file}": str(part)})
        _run(command)
        if not part.exists():
            raise _failed(command, "wrote no file to {file}")
        part.replace(file)
    _forget(folder)
    return file


def _digest(rows: Rows, articles: int, seed: int) -> str:
    """What the rows depend on: the command, and the files that it names."""
    digest = hashlib.sha256(repr([rows.command, articles, seed]).encode())
    named = [ROOT / word for word in rows.command if "{" not in word]
    for source in (*SOURCES, *named):
        if source.is_file():
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def copied(file: Path, target: Path) -> str:
    """The URL of a copy of a filled database."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    return f"sqlite:///{target}"


def _run(command: Sequence[str]) -> None:
    try:
        process = spawn(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise _failed(command, f"could not be started: {error}") from None
    try:
        output, _ = process.communicate()
    finally:
        end(process)
    if process.returncode:
        tail = output.decode("utf-8", "replace").strip().splitlines()[-5:]
        what = f"ended with exit code {process.returncode}"
        raise _failed(command, what, tail)


def _failed(command: Sequence[str], what: str, tail: Sequence[str] = ()) -> RowsError:
    failed = f"The command that fills a database {what}."
    cure = (
        "It is that of [rows] in workloads.toml; run it by hand, or correct it:"
        f" {shlex.join(command)}"
    )
    told = "\n  ".join([failed, *tail])
    return RowsError(f"{told}\n{cure}", f"{failed} {cure}")


def _forget(folder: Path) -> None:
    """Keep the last few: those of other seeds and schemas are seldom wanted again."""
    files = sorted(folder.glob("*.db"), key=lambda one: one.stat().st_mtime)
    for file in files[:-KEPT]:
        if file.stat().st_mtime < BEGAN:
            file.unlink(missing_ok=True)
    # What a run left that was killed; another one may be filling the others.
    for part in folder.glob("part-*"):
        if time.time() - part.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(part, ignore_errors=True)


def size_of(file: Path) -> dict[str, int]:
    """How many rows its tables have. Raises `RowsError` for what is no database."""
    try:
        return dict(_counts(file))
    except sqlite3.Error as error:
        raise RowsError(
            f"{file} is no database of SQLite: {error}. It was written by the command"
            " of [rows] in workloads.toml: correct that, and delete the file."
        ) from None


def _counts(file: Path) -> Iterator[tuple[str, int]]:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for (name,) in database.execute(tables).fetchall():
            quoted = name.replace('"', '""')
            count = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608
            yield name, database.execute(count).fetchone()[0]
