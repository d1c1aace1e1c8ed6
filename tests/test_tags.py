"""Tags: their order, duplicates, and the list of those in use."""

from hypothesis import example, given, strategies

from tests.conduit import Conduit, User, unique
from tests.texts import texts

few_tags = strategies.lists(strategies.sampled_from("abcABC"), max_size=32)
any_tags = strategies.lists(texts(8), max_size=32)


@given(tags=few_tags | any_tags, others=few_tags)
@example(tags=["a"] * 32, others=["b", "a", "b"])
@example(tags=["e\u0301", "\u00e9", " a", "a", "A", "a "], others=[])
@example(tags=["__proto__", "constructor", "0", "10", "9"], others=["1", "0"])
def test_order_and_duplicates(
    api: Conduit, alice: User, tags: list[str], others: list[str]
) -> None:
    """R4: the order is kept, of duplicates the first stays; so with an update."""
    article = alice.publish(tagList=tags)
    path = f"/articles/{article['slug']}"
    assert article["tagList"] == list(dict.fromkeys(tags))
    edited = alice.edit(article["slug"], tagList=others).gives("article")
    assert edited["tagList"] == list(dict.fromkeys(others))
    assert api.get(path).gives("article")["tagList"] == list(dict.fromkeys(others))
    alice.delete(path).is_empty()


def test_duplicates_count_as_sent(alice: User) -> None:
    """R4, E3: at most 32 items, duplicates included."""
    sent = {"title": "T", "description": "D", "body": "B", "tagList": ["a"] * 33}
    reply = alice.post("/articles", {"article": sent})
    reply.refuses(422, tagList="has too many items (maximum is 32)")


def test_tags_in_use(api: Conduit, alice: User) -> None:
    """L1: most used first, among equals the one put on an article last first."""
    once, twice, often, late = (unique(name) for name in ("once", "2", "3", "late"))
    for tags in ([often], [often, twice], [often, once], [twice], [late]):
        alice.publish(tagList=tags)
    listed = api.get("/tags").gives("tags")
    ours = [tag for tag in listed if tag in (once, twice, often, late)]
    assert ours == [often, twice, late, once]


def test_a_tag_that_is_used_again(api: Conduit, alice: User) -> None:
    """L1: among equals the last use counts, not the first."""
    first, second = unique("first"), unique("second")
    for tags in ([first], [first], [second], [second], [first], [second], [first]):
        alice.publish(tagList=tags)
    alice.publish(tagList=[second])
    listed = api.get("/tags").gives("tags")
    assert listed.index(second) < listed.index(first)


def test_tags_out_of_use(api: Conduit, alice: User) -> None:
    """L1: a tag that no article has now is gone."""
    edited, deleted = unique("edited"), unique("deleted")
    alice.edit(alice.publish(tagList=[edited])["slug"], tagList=[]).gives("article")
    slug = alice.publish(tagList=[deleted])["slug"]
    alice.delete(f"/articles/{slug}").is_empty()
    assert not {edited, deleted} & set(api.get("/tags").gives("tags"))
