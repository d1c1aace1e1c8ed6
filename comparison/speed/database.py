"""Databases with many rows: made once for each number and seed, then copied."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from comparison.placeholders import filled
from comparison.running import StackError
from comparison.spawning import spawn
from comparison.speed.workloads import Rows
from comparison.stacks import ROOT

# What the rows depend on beside their number.
SOURCES = (ROOT / "contract" / "schema.sql", Path(__file__).with_name("rows.py"))
KEPT = 4


class RowsError(StackError):
    """A database could not be filled; says what to do."""


def filled_database(
    rows: Rows, articles: int, seed: int, cache: Path, say: Callable[[str], None]
) -> Path:
    """A SQLite file with so many articles, in `cache`; nobody may write to it.

    Raises `RowsError`.
    """
    words = {"{python}": sys.executable, "{articles}": str(articles)}
    words |= {"{seed}": str(seed)}
    digest = hashlib.sha256(repr([rows.command, articles, seed]).encode())
    for source in SOURCES:
        digest.update(source.read_bytes())
    folder = cache / "rows"
    file = folder / f"{articles}-{digest.hexdigest()[:16]}.db"
    if file.exists():
        file.touch()
        return file
    say(f"filling a database with {articles:,} articles (once, until they change)")
    folder.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        _run(filled(rows.command, {**words, "{file}": str(part)}))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    _forget(folder)
    return file


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
        raise RowsError(f"{command[0]} could not be started: {error}.") from None
    output, _ = process.communicate()
    if process.returncode:
        tail = output.decode("utf-8", "replace").strip().splitlines()[-5:]
        raise RowsError(
            "The command that fills a database ended with exit code"
            f" {process.returncode}:\n  " + "\n  ".join(tail) + "\nIt is that of [rows]"
            f" in workloads.toml: {' '.join(command)}"
        )


def _forget(folder: Path) -> None:
    """Keep the last few: those of other seeds and schemas are seldom wanted again."""
    files = sorted(folder.glob("*.db"), key=lambda one: one.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)


def size_of(file: Path) -> dict[str, int]:
    """How many rows its tables have."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in database.execute(tables).fetchall()
        }
