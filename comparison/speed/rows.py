"""A SQLite database with many articles: `python -m comparison.speed.rows FILE`.

The rows are written as version 1 of the schema has them and then upgraded, as those of
an old installation would be. Some users, tags and articles have very many of whatever
is counted, most have few: user-0, tag-0 and the newest article have most.
"""

import argparse
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import NamedTuple

import argon2

SCHEMA = Path(__file__).resolve().parents[2] / "contract" / "schema.sql"
BEGIN = 1_700_000_000_000
BODY = "Lorem ipsum dolor sit amet, consectetur adipisici elit. " * 10
PASSWORD = b"correct horse"
FAST = ("journal_mode = off", "synchronous = off", "cache_size = -524288")
TABLES = {
    "users": "id, username, email, password_hash, bio",
    "follows": "follower_id, followed_id",
    "articles": "id, author_id, slug, title, description, body, tag_list, created_at,"
    " updated_at",
    "article_tags": "article_id, tag",
    "favorites": "article_id, user_id",
    "comments": "article_id, author_id, body, created_at, updated_at",
}


class Size(NamedTuple):
    """How much of everything a database of so many articles has."""

    articles: int

    @property
    def users(self) -> int:
        return max(self.articles // 10, 100)

    @property
    def tags(self) -> int:
        return max(self.articles // 50, 2_000)


def seed(file: Path, articles: int, number: int = 1) -> None:
    """Write the database; the same number makes the same rows."""
    seed_first_version(file, articles, number)
    _, _, *later = versions()
    with closing(connect(file)) as db:
        for version, text in enumerate(later, 2):
            db.executescript(f"BEGIN; {text} COMMIT")
            db.execute("INSERT INTO schema_versions VALUES (?)", (version,))
        db.execute("PRAGMA journal_mode = wal")


def seed_first_version(file: Path, articles: int, number: int = 1) -> None:
    preamble, first, *_ = versions()
    with closing(connect(file)) as db:
        db.executescript(f"BEGIN; {preamble} {first} COMMIT")
        db.execute("BEGIN")
        write_rows(db, Size(articles), Random(number))
        db.execute("INSERT INTO schema_versions VALUES (1)")
        db.execute("COMMIT")


def connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None)
    for pragma in FAST:
        db.execute(f"PRAGMA {pragma}")
    return db


def versions() -> list[str]:
    """Return schema.sql in parts: what is always run, then version 1, 2 and so on."""
    return re.split(r"^-- version: \d+$", SCHEMA.read_text("utf-8"), flags=re.M)


def write_rows(db: sqlite3.Connection, size: Size, random: Random) -> None:
    makers = {
        "users": users(size),
        "follows": follows(size, random),
        "articles": article_rows(size, random),
        "article_tags": article_tags(db),
        "favorites": favorites(size, random),
        "comments": comments(size, random),
    }
    for table, rows in makers.items():
        columns = TABLES[table]
        places = ", ".join("?" * len(columns.split(",")))
        # Nobody favours or follows twice, though chance would have it.
        db.executemany(
            f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})",  # noqa: S608
            rows,
        )


def few(count: int, random: Random) -> int:
    """Return a number below count, of which the nth comes 1/n as often as the first."""
    return int(count ** random.random()) - 1


def users(size: Size) -> Iterator[tuple[object, ...]]:
    hashed = password_hash()
    for i in range(size.users):
        yield i + 1, f"user-{i}", f"user-{i}@example.org", hashed, f"I am user {i}."


def password_hash() -> str:
    """Return one hash for all, as the stacks make it (rule A7) but for its salt."""
    cost = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1}
    return argon2.low_level.hash_secret(
        PASSWORD, b"the same for all", **cost, hash_len=32, type=argon2.Type.ID
    ).decode()


def follows(size: Size, random: Random) -> Iterator[tuple[int, int]]:
    for follower in range(1, size.users + 1):
        for _ in range(10):
            yield follower, few(size.users, random) + 1


def article_rows(size: Size, random: Random) -> Iterator[tuple[object, ...]]:
    for i in range(size.articles):
        chosen = {few(size.tags, random): None for _ in range(random.randrange(6))}
        tags = json.dumps([f"tag-{tag}" for tag in chosen], separators=(",", ":"))
        author, time = few(size.users, random) + 1, BEGIN + i * 1000
        title, about = f"Article {i}", f"What article {i} is about, in a sentence."
        yield i + 1, author, f"article-{i}", title, about, BODY, tags, time, time


def article_tags(db: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    for article, tags in db.execute("SELECT id, tag_list FROM articles"):
        for tag in json.loads(tags):
            yield article, tag


def favorites(size: Size, random: Random) -> Iterator[tuple[int, int]]:
    for _ in range(3 * size.articles):
        article = size.articles - few(size.articles, random)
        yield article, few(size.users, random) + 1


def comments(size: Size, random: Random) -> Iterator[tuple[object, ...]]:
    for i in range(size.articles):
        article, author = random.randrange(size.articles), random.randrange(size.users)
        time = BEGIN + (size.articles + i) * 1000
        yield article + 1, author + 1, f"Comment {i}", time, time


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a database of many articles.")
    parser.add_argument("file", type=Path, help="a SQLite file that does not exist yet")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.file.exists():
        parser.error(f"{arguments.file} exists: name another file, or delete it")
    seed(arguments.file, arguments.articles, arguments.seed)


if __name__ == "__main__":
    main()
