"""Rows put back below a stack that runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from comparison.snapshot import snapshot


def database(folder: Path, *statements: str) -> Path:
    path = folder / "stack.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for statement in statements:
            db.execute(statement)
        db.commit()
    return path


def test_rows_and_counters_are_put_back(tmp_path: Path) -> None:
    path = database(
        tmp_path,
        'CREATE TABLE "a b" (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT UNIQUE)',
        'CREATE TABLE c (a REFERENCES "a b" (id) ON DELETE CASCADE)',
        "INSERT INTO \"a b\" (t) VALUES ('x'), ('y')",
        "INSERT INTO c VALUES (2)",
    )
    kept = snapshot(f"sqlite:///{path}")
    assert kept is not None
    # As a stack has it: open all the time, with statements prepared.
    with closing(sqlite3.connect(path, isolation_level=None)) as stack:
        rows = 'SELECT t FROM "a b" ORDER BY id'
        stack.execute('DELETE FROM "a b" WHERE id = 2')
        stack.execute("INSERT INTO \"a b\" (t) VALUES ('z')")
        assert [t for (t,) in stack.execute(rows)] == ["x", "z"]
        assert kept.restore()
        assert [t for (t,) in stack.execute(rows)] == ["x", "y"]
        assert stack.execute("SELECT a FROM c").fetchall() == [(2,)]
        # The next id is the one that was next then.
        stack.execute("INSERT INTO \"a b\" (t) VALUES ('w')")
        assert stack.execute('SELECT max(id) FROM "a b"').fetchone() == (3,)
        # While somebody writes, nothing is put back, and nothing is half.
        stack.execute("BEGIN IMMEDIATE")
        stack.execute("DELETE FROM c")
        assert not kept.restore()
        stack.execute("ROLLBACK")
        stack.execute("CREATE TABLE d (a)")
        assert not kept.restore()


def test_what_is_no_plain_database_is_not_kept(tmp_path: Path) -> None:
    assert snapshot(None) is None
    assert snapshot("postgresql://127.0.0.1/x") is None
    assert snapshot(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert not list(tmp_path.iterdir())
    assert snapshot(f"sqlite:///{database(tmp_path)}") is None
    trigger = "CREATE TRIGGER t AFTER DELETE ON a BEGIN DELETE FROM a; END"
    path = database(tmp_path, "CREATE TABLE a (x)", trigger)
    assert snapshot(f"sqlite:///{path}") is None


def test_what_is_large_is_not_kept(tmp_path: Path) -> None:
    path = database(tmp_path, "CREATE TABLE a (x)", "INSERT INTO a VALUES ('x')")
    assert snapshot(f"sqlite:///{path}") is not None
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO a VALUES (zeroblob(5000000))")
    assert snapshot(f"sqlite:///{path}") is None
