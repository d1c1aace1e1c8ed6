"""Comments below an article."""

import pytest

from tests.conduit import Conduit, Document, User, unique
from tests.texts import ASTRAL, NOT_TEXTS, PRECIOUS, WHITE_SPACE

MOST_LISTED = 1000
BLANK = "can't be blank"


def path_of(article: Document, comment: Document | None = None) -> str:
    path = f"/articles/{article['slug']}/comments"
    return path if comment is None else f"{path}/{comment['id']}"


def test_commenting(api: Conduit, bob: User, article: Document) -> None:
    """C1: the whole comment, as it stays; anybody may comment on anything."""
    comment = bob.comment(article["slug"], "Well said")
    author = bob.get(bob.profile).gives("profile")
    assert comment == {
        "id": comment["id"],
        "createdAt": comment["createdAt"],
        "updatedAt": comment["createdAt"],
        "body": "Well said",
        "author": author,
    }
    assert api.get(path_of(article)).gives("comments") == [comment]


@pytest.mark.parametrize("text", [*PRECIOUS, ASTRAL * 10_000], ids=range(15))
def test_text_is_kept(bob: User, article: Document, text: str) -> None:
    """T1: byte for byte, up to 10,000 code points."""
    assert bob.comment(article["slug"], text)["body"] == text
    assert bob.get(path_of(article)).gives("comments")[0]["body"] == text


FAULTS: list[tuple[Document, str]] = [
    *[({"body": value}, BLANK) for value in (None, "", WHITE_SPACE)],
    *[({"body": value}, "must be a string") for value in NOT_TEXTS],
    ({"body": "\u0000"}, "contains invalid characters"),
    ({"body": "x" * 10_001}, "is too long (maximum is 10000 characters)"),
    ({}, "is missing"),
    ({"text": "x"}, "is missing"),
]


@pytest.mark.parametrize(("sent", "message"), FAULTS, ids=range(len(FAULTS)))
def test_faulty_comments(
    bob: User, article: Document, sent: Document, message: str
) -> None:
    """E3: each fault in its words."""
    reply = bob.post(path_of(article), {"comment": sent})
    reply.refuses(422, body=message)


def test_newest_first(api: Conduit, alice: User, bob: User, article: Document) -> None:
    """C1: by time, then by id, whoever wrote them."""
    ids = [who.comment(article["slug"])["id"] for who in (alice, bob) * 4]
    listed = api.get(path_of(article)).gives("comments")
    assert [comment["id"] for comment in listed] == ids[::-1]
    assert ids == sorted(set(ids))


@pytest.mark.any_backend
def test_the_newest_thousand(alice: User, article: Document) -> None:
    """C1: no more are listed, and those are the newest."""
    ids = [alice.comment(article["slug"])["id"] for _ in range(MOST_LISTED + 2)]
    listed = alice.get(path_of(article)).gives("comments")
    assert [comment["id"] for comment in listed] == ids[:1:-1]


def test_author_as_seen_by_a_follower(
    api: Conduit, bob: User, stranger: User, article: Document
) -> None:
    """U4: a comment's author is a profile as the reader sees it."""
    bob.comment(article["slug"])
    stranger.post(f"{bob.profile}/follow")
    for reader, following in ((stranger, True), (api, False), (bob, False)):
        [comment] = reader.get(path_of(article)).gives("comments")
        assert comment["author"]["following"] is following


def test_deleting(api: Conduit, bob: User, article: Document) -> None:
    """C2: gone, and only this one."""
    kept, deleted = (bob.comment(article["slug"]) for _ in range(2))
    bob.delete(path_of(article, deleted)).is_empty()
    bob.delete(path_of(article, deleted)).refuses(404, comment="not found")
    assert api.get(path_of(article)).gives("comments") == [kept]


def test_only_its_author_deletes_it(alice: User, bob: User, article: Document) -> None:
    """C2: the article's author may not."""
    comment = bob.comment(article["slug"])
    alice.delete(path_of(article, comment)).refuses(403, comment="forbidden")
    assert alice.get(path_of(article)).gives("comments") == [comment]


def test_looking_up_a_comment(alice: User, bob: User, article: Document) -> None:
    """C2: first the article, then the comment below it, then its owner."""
    comment = bob.comment(article["slug"])
    nowhere = {"slug": unique("nowhere")}
    elsewhere = alice.publish()
    for who in (alice, bob):
        who.delete(path_of(nowhere, comment)).refuses(404, article="not found")
        who.delete(path_of(elsewhere, comment)).refuses(404, comment="not found")
    assert bob.get(path_of(article)).gives("comments") == [comment]


IDS = ["0", "-1", "abc", "1.5", "9007199254740991", "9007199254740992", "9" * 400]
ODD_IDS = ["%D9%A1", "NaN", "null", "1e999", "%20", "1;1", "0x0", str(2**63)]


@pytest.mark.parametrize("number", IDS + ODD_IDS)
def test_ids_that_no_comment_has(bob: User, article: Document, number: str) -> None:
    """C3: whatever is no number of a comment is 404 after the article."""
    path = f"{path_of(article)}/{number}"
    bob.delete(path).refuses(404, comment="not found")
    nowhere = f"/articles/{unique('nowhere')}/comments/{number}"
    bob.delete(nowhere).refuses(404, article="not found")


@pytest.mark.parametrize(
    "form", ["{}.0", "+{}", "{}e0", "%20{}", "{}%20", "{}_", "{}n"]
)
def test_ids_not_in_plain_digits(bob: User, article: Document, form: str) -> None:
    """C3: a number in another form deletes nothing."""
    comment = bob.comment(article["slug"])
    path = f"{path_of(article)}/{form.format(comment['id'])}"
    bob.delete(path).refuses(404, comment="not found")
    assert bob.get(path_of(article)).gives("comments") == [comment]


def test_comments_of_an_unknown_article(api: Conduit) -> None:
    """C2: an article not found, for a reader too."""
    nowhere = {"slug": unique("nowhere")}
    api.get(path_of(nowhere)).refuses(404, article="not found")
