"""Lists of articles: order, pages, filters, the feed."""

import pytest
from hypothesis import given, strategies

from tests.conduit import Conduit, Document, User, unique

COUNT = 23
INTEGER = "must be an integer"


@pytest.fixture(scope="session")
def writer(api: Conduit) -> User:
    """Somebody with COUNT articles."""
    return api.register()


@pytest.fixture(scope="session")
def written(writer: User) -> list[Document]:
    """The articles of the writer, newest first."""
    return [writer.publish(title=unique(f"No {i}")) for i in range(COUNT)][::-1]


@pytest.fixture(scope="session")
def follower(api: Conduit, writer: User) -> User:
    user = api.register()
    user.post(f"{writer.profile}/follow").gives("profile")
    return user


def slugs_of(articles: list[Document]) -> list[str]:
    return [article["slug"] for article in articles]


def test_newest_first(api: Conduit, writer: User, written: list[Document]) -> None:
    """R8: newest first, whole but for the body."""
    reply = api.get("/articles", author=writer.username, limit=100)
    assert reply.gives("articlesCount") == COUNT
    for listed, article in zip(reply.gives("articles"), written, strict=True):
        assert listed | {"body": article["body"]} == article


def test_default_page(api: Conduit, writer: User, written: list[Document]) -> None:
    """Q1: 20 articles from the first on."""
    found = api.slugs(author=writer.username)
    assert found == slugs_of(written)[:20]


@given(
    limit=strategies.integers(1, 100),
    offset=strategies.one_of(
        strategies.integers(0, COUNT + 2), strategies.integers(0, 2**53 - 1)
    ),
)
def test_any_page(
    api: Conduit,
    writer: User,
    written: list[Document],
    limit: int,
    offset: int,
) -> None:
    """R8, Q1: a page is a slice of the whole; the count is of the whole."""
    page: dict[str, str | int] = {
        "author": writer.username,
        "limit": limit,
        "offset": offset,
    }
    reply = api.get("/articles", **page)
    assert slugs_of(reply.gives("articles")) == slugs_of(written[offset:][:limit])
    assert reply.gives("articlesCount") == COUNT


@given(limit=strategies.integers(1, 10), offset=strategies.integers(0, COUNT + 1))
def test_any_page_of_the_feed(
    follower: User, written: list[Document], limit: int, offset: int
) -> None:
    """R8, R9: the feed is paged as the list is."""
    reply = follower.get("/articles/feed", limit=limit, offset=offset)
    assert slugs_of(reply.gives("articles")) == slugs_of(written[offset:][:limit])
    assert reply.gives("articlesCount") == COUNT


def test_list_of_everything_begins_with_the_newest(api: Conduit, alice: User) -> None:
    """R8: without a filter too."""
    newest = [alice.publish()["slug"] for _ in range(2)][::-1]
    assert api.slugs(limit=2) == newest


def test_editing_does_not_reorder(api: Conduit, stranger: User) -> None:
    """R8: the order is that of creation."""
    first, second = (stranger.publish()["slug"] for _ in range(2))
    stranger.edit(first, body="New").gives("article")
    assert api.slugs(author=stranger.username) == [second, first]


def test_filters_combine(api: Conduit, stranger: User, bob: User) -> None:
    """Q3: tag and author and favorited."""
    tag = unique("tag")
    tagged = stranger.publish(tagList=["other", tag])["slug"]
    loved = stranger.publish()["slug"]
    both = stranger.publish(tagList=[tag])["slug"]
    foreign = bob.publish(tagList=[tag])["slug"]
    for slug in (loved, both, foreign):
        bob.post(f"/articles/{slug}/favorite").gives("article")
    author, fan = stranger.username, bob.username
    assert api.slugs(tag=tag) == [foreign, both, tagged]
    assert api.slugs(tag=tag, author=author) == [both, tagged]
    assert api.slugs(author=author, favorited=fan) == [both, loved]
    assert api.slugs(tag=tag, author=author, favorited=fan) == [both]
    assert api.get("/articles", tag=tag, favorited=fan).gives("articlesCount") == 2


def test_favorited_in_a_list(api: Conduit, stranger: User, bob: User) -> None:
    """R7: each reader sees their own favourites."""
    slug = stranger.publish()["slug"]
    bob.post(f"/articles/{slug}/favorite").gives("article")
    for reader, favorited in ((bob, True), (stranger, False), (api, False)):
        [found] = reader.get("/articles", author=stranger.username).gives("articles")
        assert (found["favorited"], found["favoritesCount"]) == (favorited, 1)


@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
def test_values_that_nothing_has(api: Conduit, name: str) -> None:
    """Q3: they match nothing."""
    for value in (unique("nothing"), " ", "x" * 64, "%", "a/b", "\u4f60"):
        reply = api.get("/articles", **{name: value})
        assert (reply.gives("articles"), reply.gives("articlesCount")) == ([], 0)


def test_filters_are_exact(api: Conduit, stranger: User) -> None:
    """T4, T1: case, white space and wildcards count."""
    tag = unique("Tag")
    slug = stranger.publish(tagList=[tag])["slug"]
    for other in (tag.lower(), f" {tag}", f"{tag} ", tag[:-1], f"{tag[:-1]}_"):
        assert api.slugs(tag=other) == []
    assert api.slugs(tag=tag) == [slug]
    assert api.slugs(author=stranger.username.upper()) == []


@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
def test_empty_filters(api: Conduit, alice: User, name: str) -> None:
    """Q3: an empty one is none."""
    slug = alice.publish()["slug"]
    assert api.slugs(**{name: ""}, limit=1) == [slug]


@pytest.mark.parametrize("name", ["tag", "author", "favorited"])
def test_filters_too_long(api: Conduit, name: str) -> None:
    """E3: the contract's limit of 64 holds for queries too."""
    reply = api.get("/articles", **{name: "\U0001f409" * 65})
    reply.refuses(422, **{name: "is too long (maximum is 64 characters)"})
    assert api.slugs(**{name: "\U0001f409" * 64}) == []


PLAIN = ["+1", "1.0", "1e3", "0x10", "1_000", " 1", "1 ", "", "abc", "01", "-", "--1"]
OTHER = ["\u0661", "\uff11", "\u00b2", "NaN", "Infinity", "true", "null", "1\n", "00"]


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", PLAIN + OTHER, ids=ascii)
def test_what_is_no_integer(alice: User, path: str, name: str, value: str) -> None:
    """Q1: decimal digits, no leading zero, an optional minus sign."""
    alice.get(path, **{name: value}).refuses(422, **{name: INTEGER})


LIMIT_RANGE = "must be between 1 and 100"
OFFSET_RANGE = "must be between 0 and 9007199254740991"


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize("value", ["0", "101", "-1", "9" * 30, "9" * 5000])
def test_limits_out_of_range(alice: User, path: str, value: str) -> None:
    """Q1: 1 to 100, however long the number."""
    alice.get(path, limit=value).refuses(422, limit=LIMIT_RANGE)


@pytest.mark.parametrize("path", ["/articles", "/articles/feed"])
@pytest.mark.parametrize("value", ["-1", str(2**53), str(2**63), "9" * 5000])
def test_offsets_out_of_range(alice: User, path: str, value: str) -> None:
    """Q1: 0 to 2^53-1."""
    alice.get(path, offset=value).refuses(422, offset=OFFSET_RANGE)


def test_all_faulty_parameters_are_named(api: Conduit) -> None:
    """E1: in queries as in bodies."""
    reply = api.get("/articles", limit="0", offset="x", tag="y" * 65)
    reply.refuses(
        422,
        limit=LIMIT_RANGE,
        offset=INTEGER,
        tag="is too long (maximum is 64 characters)",
    )


@pytest.mark.parametrize("name", ["tag", "author", "favorited", "limit", "offset"])
def test_parameters_given_twice(api: Conduit, name: str) -> None:
    """Q2: also when they are equal, and before anything else about them."""
    for values in (("1", "1"), ("x", ""), ("1", "2")):
        pairs = [(name, value) for value in values]
        reply = api.request("GET", "/articles", params=pairs)
        reply.refuses(422, **{name: "must be given once"})


def test_unknown_parameters(alice: User) -> None:
    """Q2: they are ignored, whatever they are; the feed knows no filters."""
    unknown = [("page", "x"), ("page", "y"), ("limit[]", "z"), ("Limit", "0")]
    assert alice.request("GET", "/articles", params=unknown).gives("articles")
    filters = [("tag", "y" * 65), ("tag", "z")]
    reply = alice.request("GET", "/articles/feed", params=filters)
    assert reply.gives("articlesCount") == 0


def test_plus_is_a_space(api: Conduit, alice: User) -> None:
    """Q4: and %2B is a plus."""
    tag = unique("two words")
    slug = alice.publish(tagList=[tag])["slug"]
    query = tag.replace(" ", "+")
    assert api.slugs(f"/articles?tag={query}") == [slug]
    assert api.slugs(f"/articles?tag={query.replace('+', '%2B')}") == []


def test_feed(api: Conduit, bob: User, stranger: User) -> None:
    """R9: the articles of those whom the user follows, of nobody else."""
    writer = api.register()
    slug = writer.publish()["slug"]
    bob.publish()
    assert stranger.get("/articles/feed").gives("articlesCount") == 0
    stranger.post(f"{writer.profile}/follow")
    [found] = stranger.get("/articles/feed").gives("articles")
    assert (found["slug"], found["author"]["following"]) == (slug, True)
    stranger.delete(f"{writer.profile}/follow")
    assert stranger.slugs("/articles/feed") == []
