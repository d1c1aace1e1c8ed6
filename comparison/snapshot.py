"""The content of a SQLite database, kept, and put back while a stack runs on it.

To start a stack again takes a second, this takes milliseconds. What a stack holds in
its memory stays as it is: only a start makes all of it new.
"""

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "sqlite:///"
_PATIENCE = 2.0
# To put more back takes longer than a start.
_LARGEST = 4 * 1024 * 1024
# Tables that are there because another is, or that have no rows of their own.
_TABLES = """
SELECT name FROM {schema}.sqlite_master
WHERE type = 'table' AND (name NOT GLOB 'sqlite_*' OR name = 'sqlite_sequence')
ORDER BY name
"""
# With these, to write a row is more than to write a row.
_LIVELY = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%VIRTUAL%'"
)


@dataclass(frozen=True)
class Snapshot:
    """What the database at `path` held; a copy of it lies at `copy`."""

    path: Path
    copy: Path

    def restore(self) -> bool:
        """Put every row back; false where that cannot be done now."""
        try:
            # In autocommit, so that the transaction is ours.
            with closing(
                sqlite3.connect(self.path, _PATIENCE, isolation_level=None)
            ) as db:
                db.execute("ATTACH ? AS kept", (str(self.copy),))
                # What is lost with this machine is made anew anyway.
                db.execute("PRAGMA synchronous = OFF")
                db.execute("BEGIN IMMEDIATE")
                tables = _tables(db, "main")
                if tables != _tables(db, "kept"):
                    return False
                for table in tables:
                    name = '"' + table.replace('"', '""') + '"'
                    db.execute(f"DELETE FROM main.{name}")  # noqa: S608 - quoted
                    db.execute(f"INSERT INTO main.{name} SELECT * FROM kept.{name}")  # noqa: S608 - quoted
                db.execute("COMMIT")
        except sqlite3.Error:
            return False
        return True


def snapshot(url: str | None) -> Snapshot | None:
    """The content of a database now; None where it is no SQLite, or not so plain."""
    if url is None or not url.startswith(_PREFIX):
        return None
    path = Path(url.removeprefix(_PREFIX))
    copy = path.with_name(f"{path.name}.kept")
    if not path.exists():
        return None  # What this stack knows it keeps elsewhere.
    try:
        with closing(sqlite3.connect(path, _PATIENCE)) as db:
            if not _tables(db, "main") or not _is_plain(db):
                return None
            with suppress(FileNotFoundError):
                copy.unlink()
            with closing(sqlite3.connect(copy)) as kept:
                db.backup(kept)
    except sqlite3.Error:
        return None
    return Snapshot(path, copy)


def _is_plain(db: sqlite3.Connection) -> bool:
    [lively], [pages], [size] = (
        db.execute(asked).fetchone()
        for asked in (_LIVELY, "PRAGMA page_count", "PRAGMA page_size")
    )
    return not lively and pages * size <= _LARGEST


def _tables(db: sqlite3.Connection, schema: str) -> list[str]:
    return [name for (name,) in db.execute(_TABLES.format(schema=schema))]
