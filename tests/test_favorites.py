"""Favourites: counted once for everybody, seen by their fans."""

from hypothesis import settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from tests.conduit import Conduit, Document, User


def test_favourites(api: Conduit, alice: User, bob: User, article: Document) -> None:
    """R7: everybody counts once; only the fan sees it favourited."""
    path = f"/articles/{article['slug']}"
    for fan, count in ((alice, 1), (bob, 2), (bob, 2)):
        found = fan.post(f"{path}/favorite").gives("article")
        assert found == article | {"favorited": True, "favoritesCount": count}
    assert api.get(path).gives("article") == article | {"favoritesCount": 2}
    for fan, count in ((alice, 1), (alice, 1), (bob, 0)):
        found = fan.delete(f"{path}/favorite").gives("article")
        assert found == article | {"favorited": False, "favoritesCount": count}
    assert bob.get(path).gives("article") == article


def test_favourites_by_any_sequence(api: Conduit, alice: User, bob: User) -> None:
    """R7, Q3, R8: articles and lists agree with a model, and nothing else changes."""
    fans = [alice, bob, api.register()]
    articles = {article["slug"]: article for article in (bob.publish(), bob.publish())}
    fan_names, slugs = (
        strategies.sampled_from(fans),
        strategies.sampled_from([*articles]),
    )

    class Favourites(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.fans: dict[str, set[str]] = {slug: set() for slug in articles}
            for fan in fans:
                for slug in articles:
                    fan.delete(f"/articles/{slug}/favorite").gives("article")

        def expected(self, fan: User, slug: str) -> Document:
            names = self.fans[slug]
            return articles[slug] | {
                "favorited": fan.username in names,
                "favoritesCount": len(names),
            }

        @rule(fan=fan_names, slug=slugs)
        def favourite(self, fan: User, slug: str) -> None:
            self.fans[slug].add(fan.username)
            found = fan.post(f"/articles/{slug}/favorite").gives("article")
            assert found == self.expected(fan, slug)

        @rule(fan=fan_names, slug=slugs)
        def unfavourite(self, fan: User, slug: str) -> None:
            self.fans[slug].discard(fan.username)
            found = fan.delete(f"/articles/{slug}/favorite").gives("article")
            assert found == self.expected(fan, slug)

        @rule(fan=fan_names, slug=slugs)
        def look(self, fan: User, slug: str) -> None:
            found = fan.get(f"/articles/{slug}").gives("article")
            assert found == self.expected(fan, slug)

        @rule(fan=fan_names)
        def list_favourites(self, fan: User) -> None:
            names = [slug for slug in articles if fan.username in self.fans[slug]]
            found = api.slugs(favorited=fan.username, author=bob.username)
            # Other tests of this session have the same users.
            assert [slug for slug in found if slug in articles] == names[::-1]

    bounds = settings(max_examples=10, stateful_step_count=12)
    run_state_machine_as_test(Favourites, settings=bounds)
