"""Slugs, computed here from the rule and compared with what a server gives."""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncpg
import pytest
from hypothesis import example, given, strategies

from tests.conduit import Conduit, Reply, User, unique
from tests.servers import POSTGRESQL, Server, Servers
from tests.texts import texts

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

RANDOM = "-[a-z0-9]{8}"


def base(title: str) -> str:
    """Rule R1, step by step."""
    decomposed = unicodedata.normalize("NFD", title)
    unmarked = re.sub("[\u0300-\u036f]", "", decomposed)
    lower = re.sub("[A-Z]", lambda letter: letter[0].lower(), unmarked)
    # The contract's pattern for slugs wants none at the end of the first 240 either.
    return re.sub("[^a-z0-9]+", "-", lower).strip("-")[:240].strip("-") or "article"


def fits(slug: str, title: str) -> bool:
    return re.fullmatch(f"{base(title)}({RANDOM})?", slug) is not None


# By hand, so that `base` is not its own witness.
TITLES = [
    ("How to train your dragon", "how-to-train-your-dragon"),
    ("  --Spaces,  dots... and_lines--  ", "spaces-dots-and-lines"),
    ("Cr\u00e8me Br\u00fbl\u00e9e", "creme-brulee"),
    ("Cre\u0300me", "creme"),
    ("\u00c5ngstr\u00f6m \u212bngstr\u00f6m", "angstrom-angstrom"),
    ("Stra\u00dfe \u00c6 \u00f8", "stra-e"),
    ("\u4f60\u597d", "article"),
    ("!!!", "article"),
    ("K \u212a", "k-k"),
    ("\ufb01ne \u2167 \u00b2", "ne"),
    ("\u0130stanbul", "istanbul"),
    ("\u0131", "article"),
    ("a\u200bb", "a-b"),
    ("C++ & C#", "c-c"),
    ("\u0661\u0662 12", "12"),
    ("x" * 255, "x" * 240),
    ("x" * 239 + " y", "x" * 239),
    ("x" * 239 + " " + "y" * 15, "x" * 239),
]


@pytest.mark.parametrize(("title", "slug"), TITLES, ids=ascii)
def test_slug_of_a_title(alice: User, title: str, slug: str) -> None:
    """R1, R2: the slug of the rule, with 8 random characters where it is taken."""
    assert base(title) == slug
    assert re.fullmatch(f"{slug}({RANDOM})?", alice.publish(title=title)["slug"])


def test_equal_titles(api: Conduit, alice: User) -> None:
    """R2: the first gets the plain slug, the others a random end."""
    title = unique("Equal titles")
    first, *others = [alice.publish(title=title)["slug"] for _ in range(4)]
    plain = base(title)
    assert first == plain
    assert all(re.fullmatch(plain + RANDOM, slug) for slug in others)
    assert len(set(others)) == len(others)
    for slug in (first, *others):
        found = api.get(f"/articles/{slug}").gives("article")
        assert (found["slug"], found["title"]) == (slug, title)


@pytest.mark.parametrize("title", ["Feed", "feed", " f\u00e9ed! "])
def test_a_title_that_would_hide_the_feed(
    api: Conduit, alice: User, title: str
) -> None:
    """R2: `feed` is nobody's slug."""
    slug = alice.publish(title=title)["slug"]
    assert re.fullmatch("feed" + RANDOM, slug)
    assert api.get(f"/articles/{slug}").gives("article")["title"] == title


def test_longest_slug(alice: User) -> None:
    """R1, R2: 240 characters, and 249 with a random end."""
    title = unique() + "x" * 230
    lengths = [len(alice.publish(title=title)["slug"]) for _ in range(2)]
    assert lengths == [240, 249]


@given(title=texts(255))
@example(title="-")
@example(title="\u0300")
@example(title="\u1e9b\u0323")
@example(title="\uac00 a")
@example(title="a" + "\u0301" * 254)
@example(title="\u01c4 \u01c5")
@example(title="article")
def test_slugs_of_any_title(alice: User, title: str) -> None:
    """R1, R2, T1: for every title, which itself is kept as sent."""
    article = alice.publish(title=title)
    assert article["title"] == title
    assert fits(article["slug"], title)
    alice.delete(f"/articles/{article['slug']}").is_empty()


LATIN = strategies.characters(min_codepoint=0x20, max_codepoint=0x24F)


@given(title=strategies.text(LATIN, min_size=1, max_size=60))
def test_slugs_of_latin_titles(alice: User, title: str) -> None:
    """R1, R3: the same rule when the title changes."""
    article = alice.publish()
    edited = alice.edit(article["slug"], title=f"{title}!").gives("article")
    assert fits(edited["slug"], f"{title}!")
    alice.delete(f"/articles/{edited['slug']}").is_empty()


def test_a_slug_that_goes_while_two_change_the_title(
    servers: Servers, stack: Server, launch: "Launch"
) -> None:
    """R2, R3: whoever tries again after another took the slug may need none any more.

    The slug is written in a transaction that is open until both changes wait: one for
    it, with a slug that will be taken, the other for the article.
    """
    if stack.backend != POSTGRESQL:
        pytest.skip("needs two that write at the same moment")
    database = servers.database(POSTGRESQL)
    with Conduit(launch(database).url) as conduit:
        user = conduit.register()
        slug = user.publish()["slug"]
        title = unique("Title of two")
        replies = asyncio.run(changed_at_once(database, user, slug, title))
        found = [reply.gives("article") for reply in replies]
    assert {one["title"] for one in found} == {title}
    assert all(re.fullmatch(base(title) + RANDOM, one["slug"]) for one in found)


async def changed_at_once(
    database: str, user: User, slug: str, title: str
) -> list[Reply]:
    connection = await asyncpg.connect(database)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(ARTICLE, base(title))
        changes = []
        for waiting in (1, 2):
            change = asyncio.to_thread(user.edit, slug, title=title)
            changes.append(asyncio.ensure_future(change))
            while await connection.fetchval(WAITING) < waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await transaction.commit()
        return list(await asyncio.gather(*changes))
    finally:
        await connection.close()


ARTICLE = """
    INSERT INTO articles
    (author_id, slug, title, description, body, tag_list, created_at, updated_at)
    SELECT id, $1, 'T', 'D', 'B', '[]', 1, 1 FROM users
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
