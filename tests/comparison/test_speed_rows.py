"""Databases with many rows: filled once, kept, and what to do where that fails."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from comparison.speed.database import RowsError, copied, filled_database, size_of
from comparison.speed.workloads import Rows

FILL = """
import pathlib, sqlite3, sys
file, articles = sys.argv[1:]
database = sqlite3.connect(file)
name = '"a ""b"" c"'
database.execute(f"CREATE TABLE {name} (id INTEGER)")
rows = [(number,) for number in range(int(articles))]
database.executemany(f"INSERT INTO {name} VALUES (?)", rows)
database.commit()
"""


def filling(script: Path, text: str) -> Rows:
    script.write_text(text, encoding="utf-8")
    return Rows(command=["{python}", str(script), "{file}", "{articles}"])


def fill(rows: Rows, cache: Path, said: list[str] | None = None) -> Path:
    say = (lambda _: None) if said is None else said.append
    return filled_database(rows, 5, 1, cache, say)


def test_it_is_filled_once(tmp_path: Path) -> None:
    rows, said = filling(tmp_path / "fill.py", FILL), list[str]()
    first = fill(rows, tmp_path, said)
    assert fill(rows, tmp_path, said) == first
    assert said == ["filling a database with 5 articles (once, until they change)"]
    assert size_of(first) == {'a "b" c': 5}
    assert [*first.parent.iterdir()] == [first]


def test_other_rows_are_another_file(tmp_path: Path) -> None:
    script = tmp_path / "fill.py"
    first = fill(filling(script, FILL), tmp_path)
    assert fill(filling(script, FILL + "# changed"), tmp_path) != first


def test_who_gets_a_copy_changes_it_for_nobody_else(tmp_path: Path) -> None:
    file = fill(filling(tmp_path / "fill.py", FILL), tmp_path)
    url = copied(file, tmp_path / "own" / "one.db")
    assert url == f"sqlite:///{tmp_path / 'own' / 'one.db'}"
    with closing(sqlite3.connect(tmp_path / "own" / "one.db")) as database:
        database.execute('DROP TABLE "a ""b"" c"')
        database.commit()
    assert size_of(file) == {'a "b" c': 5}


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("import sys; sys.exit('no luck')", "ended with exit code 1.", ["  no luck"]),
        ("", "wrote no file to {file}.", []),
    ],
)
def test_a_command_that_fails_is_told(
    text: str, said: str, told: list[str], tmp_path: Path
) -> None:
    with pytest.raises(RowsError) as error:
        fill(filling(tmp_path / "fill.py", text), tmp_path)
    failed, *tail, cure = str(error.value).splitlines()
    assert said in failed
    assert tail == told
    assert f"run it by hand, or correct it: {sys.executable} " in cure
    assert error.value.brief == f"{failed} {cure}"
    assert not [*(tmp_path / "rows").iterdir()]


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RowsError, match="could not be started"):
        fill(Rows(command=["/nobody/has/this"]), tmp_path)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    text = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('x' * 999)"
    file = fill(filling(tmp_path / "fill.py", text), tmp_path)
    with pytest.raises(RowsError, match="is no database of SQLite"):
        size_of(file)


def test_what_a_measurement_uses_is_not_forgotten(tmp_path: Path) -> None:
    """However many it needs; of those of former ones the last few are kept."""
    rows = filling(tmp_path / "fill.py", FILL)
    old = [filled_database(rows, count, 1, tmp_path, print) for count in range(9)]
    assert all(file.exists() for file in old)
    for number, file in enumerate(old):
        os.utime(file, (number, number))
    used = filled_database(rows, 0, 1, tmp_path, print)
    filled_database(rows, 10, 1, tmp_path, print)
    kept = [number for number, file in enumerate(old) if file.exists()]
    assert used == old[0]
    assert kept == [0, 7, 8]
