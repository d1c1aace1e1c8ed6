"""Profiles and following."""

from hypothesis import settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    rule,
    run_state_machine_as_test,
)

from tests.conduit import Conduit, User, profile_of, unique


def test_profile_of_a_user(api: Conduit, stranger: User) -> None:
    """U2: anybody sees name, bio and image, and nothing else."""
    stranger.change(bio="About me", image="https://x.org/a.png")
    profile = api.get(stranger.profile).gives("profile")
    assert profile == {
        "username": stranger.username,
        "bio": "About me",
        "image": "https://x.org/a.png",
        "following": False,
    }


def test_unknown_profile(api: Conduit, alice: User) -> None:
    """E1: a name that nobody has is 404."""
    path = profile_of(unique("nobody"))
    api.get(path).refuses(404, profile="not found")
    alice.post(f"{path}/follow").refuses(404, profile="not found")
    alice.delete(f"{path}/follow").refuses(404, profile="not found")


def test_names_in_paths_are_case_sensitive(api: Conduit, alice: User) -> None:
    """T4: another case is another name."""
    path = profile_of(alice.username.upper())
    api.get(path).refuses(404, profile="not found")


def test_names_in_paths_that_no_user_can_have(api: Conduit) -> None:
    """E4: a name against the pattern is a profile not found."""
    for name in ("x" * 65, "%3F", "%25", "%5C", "x" * 2000):
        api.get(f"/profiles/{name}").refuses(404, profile="not found")


def test_following(api: Conduit, alice: User, stranger: User) -> None:
    """U4: following is seen by the follower alone; twice changes nothing."""
    path = f"{stranger.profile}/follow"
    for _ in range(2):
        assert alice.post(path).gives("profile")["following"] is True
    assert alice.get(stranger.profile).gives("profile")["following"] is True
    assert api.get(stranger.profile).gives("profile")["following"] is False
    assert stranger.get(alice.profile).gives("profile")["following"] is False
    for _ in range(2):
        assert alice.delete(path).gives("profile")["following"] is False
    assert alice.get(stranger.profile).gives("profile")["following"] is False


def test_following_oneself(stranger: User) -> None:
    """U4: one may follow oneself."""
    path = f"{stranger.profile}/follow"
    assert stranger.post(path).gives("profile")["following"] is True
    assert stranger.delete(path).gives("profile")["following"] is False


def test_following_outlives_a_change_of_name(alice: User, stranger: User) -> None:
    """A5: a user is an id, not a name."""
    alice.post(f"{stranger.profile}/follow")
    name = unique("renamed")
    stranger.change(username=name)
    assert alice.get(profile_of(name)).gives("profile")["following"] is True
    alice.get(stranger.profile).refuses(404, profile="not found")


def test_following_by_any_sequence(api: Conduit) -> None:
    """U4, R9: whatever follows whatever, profiles and feeds agree with a model."""
    users = [api.register() for _ in range(3)]
    articles = {user.username: user.publish()["slug"] for user in users}

    persons = strategies.sampled_from(users)

    class Following(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.follows: set[tuple[str, str]] = set()
            for one in users:
                for other in users:
                    one.delete(f"{other.profile}/follow")

        @rule(one=persons, other=persons)
        def follow(self, one: User, other: User) -> None:
            profile = one.post(f"{other.profile}/follow").gives("profile")
            assert profile["following"] is True
            self.follows.add((one.username, other.username))

        @rule(one=persons, other=persons)
        def unfollow(self, one: User, other: User) -> None:
            profile = one.delete(f"{other.profile}/follow").gives("profile")
            assert profile["following"] is False
            self.follows.discard((one.username, other.username))

        @rule(one=persons, other=persons)
        def look(self, one: User, other: User) -> None:
            profile = one.get(other.profile).gives("profile")
            followed = (one.username, other.username) in self.follows
            assert profile["following"] is followed

        @rule(one=persons)
        def read_feed(self, one: User) -> None:
            followed = [b for a, b in self.follows if a == one.username]
            wanted = {articles[name] for name in followed}
            assert set(one.slugs("/articles/feed")) == wanted

    bounds = settings(max_examples=10, stateful_step_count=12)
    run_state_machine_as_test(Following, settings=bounds)
