"""Articles: publishing, reading, changing, deleting, favourites."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.conduit import Conduit, Document, User, unique
from tests.texts import ASTRAL, NOT_TEXTS, PRECIOUS, WHITE_SPACE

BLANK = "can't be blank"


def test_publishing(api: Conduit, alice: User) -> None:
    """T6, R4: the whole article, as it stays."""
    title = unique("How to train your dragon")
    sent = {"title": title, "description": "Ever wonder how?", "body": "Believe"}
    article = alice.publish(**sent, tagList=["dragons", "training"])
    assert article == sent | {
        "slug": article["slug"],
        "tagList": ["dragons", "training"],
        "createdAt": article["createdAt"],
        "updatedAt": article["createdAt"],
        "favorited": False,
        "favoritesCount": 0,
        "author": {
            "username": alice.username,
            "bio": None,
            "image": None,
            "following": False,
        },
    }
    assert api.get(f"/articles/{article['slug']}").gives("article") == article


def test_time_of_creation(alice: User) -> None:
    """T6: times are UTC, and of now."""
    created = datetime.fromisoformat(alice.publish()["createdAt"])
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)


def test_tags_are_optional(alice: User) -> None:
    """R4: without tagList there are no tags."""
    assert alice.publish()["tagList"] == []


@pytest.mark.parametrize("text", PRECIOUS, ids=ascii)
def test_text_is_kept(api: Conduit, alice: User, text: str) -> None:
    """T1: byte for byte, in every field."""
    sent = {"title": text, "description": text, "body": text, "tagList": [text]}
    article = alice.publish(**sent)
    assert {key: article[key] for key in sent} == sent
    stored = api.get(f"/articles/{article['slug']}").gives("article")
    assert {key: stored[key] for key in sent} == sent
    assert article["slug"] in api.slugs(tag=text)


LIMITS = {"title": 255, "description": 1000, "body": 65536}


@pytest.mark.parametrize("character", ["x", ASTRAL])
def test_longest_texts(alice: User, character: str) -> None:
    """T1: lengths count code points, not bytes or UTF-16 units."""
    sent = {field: character * most for field, most in LIMITS.items()}
    tags = [f"{i:02}" + character * 62 for i in range(32)]
    article = alice.publish(**sent, tagList=tags)
    assert {field: article[field] for field in LIMITS} == sent
    assert article["tagList"] == tags


@pytest.mark.parametrize("field", LIMITS)
def test_faulty_texts(alice: User, article: Document, field: str) -> None:
    """E3: publishing and editing refuse the same, in the same words."""
    most = LIMITS[field]
    faults: list[tuple[object, str]] = [
        *[(value, BLANK) for value in (None, "", WHITE_SPACE)],
        *[(value, "must be a string") for value in NOT_TEXTS],
        ("a\u0000b", "contains invalid characters"),
        ("\u0000", "contains invalid characters"),
        *[
            (character * (most + 1), f"is too long (maximum is {most} characters)")
            for character in ("x", ASTRAL)
        ],
    ]
    texts = {"title": "T", "description": "D", "body": "B"}
    for value, message in faults:
        sent = {"article": texts | {field: value}}
        alice.post("/articles", sent).refuses(422, **{field: message})
        edit = alice.edit(article["slug"], **{field: value})
        edit.refuses(422, **{field: message})
    del texts[field]
    alice.post("/articles", {"article": texts}).refuses(422, **{field: "is missing"})


NO_ARRAYS: list[Document] = [None, "a", {}, 1, True, {"0": "a"}]
TAG_FAULTS: list[tuple[Document, str]] = [
    *[(value, "must be an array") for value in NO_ARRAYS],
    *[(["ok", value], BLANK) for value in (None, "", " ", WHITE_SPACE)],
    *[(["ok", value], "must be a string") for value in NOT_TEXTS],
    (["a\u0000"], "contains invalid characters"),
    (["x" * 65], "is too long (maximum is 64 characters)"),
    ([ASTRAL * 65], "is too long (maximum is 64 characters)"),
    ([f"{i}" for i in range(33)], "has too many items (maximum is 32)"),
    (["ok", 1, ""], "must be a string"),
    (["ok", "", 1], BLANK),
]


@pytest.mark.parametrize(
    ("tags", "message"), TAG_FAULTS, ids=[str(i) for i in range(len(TAG_FAULTS))]
)
def test_faulty_tags(
    alice: User, article: Document, tags: object, message: str
) -> None:
    """E5, R4: a faulty tag is reported as tagList, by the first; null is none."""
    sent = {"title": "T", "description": "D", "body": "B", "tagList": tags}
    alice.post("/articles", {"article": sent}).refuses(422, tagList=message)
    alice.edit(article["slug"], tagList=tags).refuses(422, tagList=message)


def test_all_faulty_fields_are_named(alice: User) -> None:
    """E1: each faulty field with its first fault."""
    sent = {"title": "", "description": 1, "tagList": {}}
    alice.post("/articles", {"article": sent}).refuses(
        422,
        title=BLANK,
        description="must be a string",
        body="is missing",
        tagList="must be an array",
    )


def test_unknown_article(alice: User) -> None:
    """E1: a slug that no article has is 404, whatever is asked."""
    path = f"/articles/{unique('nothing')}"
    for reply in (
        *[alice.get(path), alice.get(f"{path}/comments"), alice.delete(path)],
        *[alice.put(path, {"article": {}}), alice.post(f"{path}/favorite")],
        *[alice.delete(f"{path}/favorite"), alice.delete(f"{path}/comments/1")],
        alice.post(f"{path}/comments", {"comment": {"body": "B"}}),
    ):
        reply.refuses(404, article="not found")


@pytest.mark.parametrize("slug", ["%20", "A", "x" * 3000, "%C3%A9", "..a", "a--b", "-"])
def test_slugs_that_no_article_can_have(api: Conduit, slug: str) -> None:
    """E4: a slug against the pattern is an article not found."""
    api.get(f"/articles/{slug}").refuses(404, article="not found")


def test_slugs_are_case_sensitive(api: Conduit, alice: User) -> None:
    """P5: a slug in capitals is another."""
    slug = alice.publish(title=unique("Case"))["slug"]
    api.get(f"/articles/{slug.upper()}").refuses(404, article="not found")


def test_editing(api: Conduit, alice: User, article: Document) -> None:
    """T6: what is sent changes, the rest stays, updatedAt is later."""
    slug = article["slug"]
    edited = alice.edit(slug, description="New", body="Newer").gives("article")
    changes = {"description": "New", "body": "Newer", "updatedAt": edited["updatedAt"]}
    assert edited == article | changes
    assert edited["updatedAt"] > article["updatedAt"]
    assert api.get(f"/articles/{slug}").gives("article") == edited


def test_editing_nothing(alice: User, article: Document) -> None:
    """R5: 200 and a later updatedAt, each time by a millisecond at least."""
    times = [article["updatedAt"]]
    for _ in range(5):
        edited = alice.edit(article["slug"]).gives("article")
        assert edited == article | {"updatedAt": edited["updatedAt"]}
        times.append(edited["updatedAt"])
    assert times == sorted(set(times))


def test_title_change(alice: User, api: Conduit) -> None:
    """R3: the slug follows the title, and the old one is 404."""
    article = alice.publish(title=unique("Before"))
    title = unique("After")
    edited = alice.edit(article["slug"], title=title).gives("article")
    assert edited["slug"] == title.lower()
    api.get(f"/articles/{article['slug']}").refuses(404, article="not found")
    assert api.get(f"/articles/{title.lower()}").gives("article") == edited


def test_same_title_again(alice: User) -> None:
    """R3: it keeps the slug, a random one too."""
    title = unique("Twice")
    slugs = [alice.publish(title=title)["slug"] for _ in range(2)]
    for slug in slugs:
        assert alice.edit(slug, title=title).gives("article")["slug"] == slug


def test_title_change_to_a_taken_slug(alice: User, article: Document) -> None:
    """R2, R3: the new slug gets 8 random characters."""
    title = unique("Taken")
    slug = alice.publish(title=title)["slug"]
    edited = alice.edit(article["slug"], title=title).gives("article")
    assert re.fullmatch(f"{slug}-[a-z0-9]{{8}}", edited["slug"])


def test_editing_tags(alice: User, api: Conduit) -> None:
    """R4: absent keeps the tags, a list replaces them, the empty one removes them."""
    old, new = unique("old"), unique("new")
    slug = alice.publish(tagList=[old])["slug"]
    assert alice.edit(slug, body="B").gives("article")["tagList"] == [old]
    assert alice.edit(slug, tagList=[new]).gives("article")["tagList"] == [new]
    assert (api.slugs(tag=old), api.slugs(tag=new)) == ([], [slug])
    assert alice.edit(slug, tagList=[]).gives("article")["tagList"] == []
    assert api.slugs(tag=new) == []


def test_only_the_author_edits_and_deletes(bob: User, article: Document) -> None:
    """R6, E4: 403, before the body is looked at."""
    bob.edit(article["slug"], body=1).refuses(403, article="forbidden")
    bob.delete(f"/articles/{article['slug']}").refuses(403, article="forbidden")
    stored = bob.get(f"/articles/{article['slug']}").gives("article")
    assert stored == article


def test_deleting(api: Conduit, alice: User, bob: User) -> None:
    """R6: comments, favourites and tags go along, and the slug is free again."""
    tag, title = unique("tag"), unique("Gone")
    slug = alice.publish(title=title, tagList=[tag])["slug"]
    bob.comment(slug)
    bob.post(f"/articles/{slug}/favorite")
    alice.delete(f"/articles/{slug}").is_empty()
    alice.delete(f"/articles/{slug}").refuses(404, article="not found")
    assert tag not in api.get("/tags").gives("tags")
    assert slug not in api.slugs(favorited=bob.username)
    again = alice.publish(title=title)
    assert (again["slug"], again["favoritesCount"]) == (slug, 0)
    assert api.get(f"/articles/{slug}/comments").gives("comments") == []


def test_author_as_seen_by_a_follower(alice: User, stranger: User) -> None:
    """U4: an article's author is a profile as the reader sees it."""
    slug = alice.publish()["slug"]
    stranger.post(f"{alice.profile}/follow")
    for path in (f"/articles/{slug}", f"/articles/{slug}/favorite"):
        method = "POST" if path.endswith("favorite") else "GET"
        found = stranger.request(method, path).gives("article")
        assert found["author"]["following"] is True
    listed = stranger.get("/articles", author=alice.username).gives("articles")
    assert {each["author"]["following"] for each in listed} == {True}


def test_a_property_has_one_name(alice: User) -> None:
    """B8: the name that it has in another language is unknown."""
    sent = {"title": "T", "description": "D", "body": "B"}
    for value in (["a"], 5):
        article = {**sent, "tag_list": value}
        made = alice.post("/articles", {"article": article}).gives("article", 201)
        assert made["tagList"] == []
        path = f"/articles/{made['slug']}"
        changed = alice.put(path, {"article": {"tag_list": value}}).gives("article")
        assert changed["tagList"] == []
