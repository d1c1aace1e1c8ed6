"""What a shop remembers, or forgets, from one request to the next."""

from dataclasses import replace

from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import DEFAULTS, Shop
from tests.comparison.wrong.wire import Reply


@fault("state", "getItem|listItems", "status|length|value", "*", size=6)
class DeleteDoesNothing(Shop):
    """A deleted item is still there."""

    def delete_item(self, call: Call) -> Reply:
        self.owned(call)
        return Reply(204)


@fault("state", "*Item*", "value", "*/likes", size=6)
class EveryLikeCounts(Shop):
    """To like an item twice counts twice."""

    def reset(self) -> None:
        super().reset()
        self.more: dict[int, int] = {}

    def like_item(self, call: Call) -> Reply:
        item = self.item(call)
        if (call.me["id"], item["id"]) in self.likes:
            self.more[item["id"]] = self.more.get(item["id"], 0) + 1
        return super().like_item(call)

    def like_count(self, item: Row) -> int:
        return super().like_count(item) + self.more.get(item["id"], 0)


@fault("state", "unlikeItem", "value", "*/likes", size=4, blamed=True)
class LikesBelowZero(Shop):
    """To take back a like that nobody gave counts too."""

    def reset(self) -> None:
        super().reset()
        self.less: dict[int, int] = {}

    def unlike_item(self, call: Call) -> Reply:
        item = self.item(call)
        if (call.me["id"], item["id"]) not in self.likes:
            self.less[item["id"]] = self.less.get(item["id"], 0) + 1
        return super().unlike_item(call)

    def like_count(self, item: Row) -> int:
        return super().like_count(item) - self.less.get(item["id"], 0)


@fault("state", "updateItem", "null", "/description", size=6)
class PatchForgets(Shop):
    """PATCH makes null of a description that was not sent."""

    def update_item(self, call: Call) -> Reply:
        item = self.owned(call)
        body = {"description": None, **self.body(call)}
        return self.changed(item, body, call)


@fault("state", "replaceItem", "value|null|length|type", "*", size=8)
class PutKeeps(Shop):
    """PUT keeps what was not sent."""

    def replace_item(self, call: Call) -> Reply:
        item = self.owned(call)
        body = {name: item[name] for name in DEFAULTS} | self.body(call)
        return self.changed(item, body, call)


@fault("state", "getItem", "value|time|header|null|length|type", "*", size=8)
class ItemCached(Shop):
    """An item that was asked for once is answered as it was then."""

    def reset(self) -> None:
        super().reset()
        self.cache: dict[int, Reply] = {}

    def get_item(self, call: Call) -> Reply:
        reply = super().get_item(call)
        return self.cache.setdefault(self.item(call)["id"], reply)


@fault("state", "getItem", "header", "etag", size=6)
class TagStays(Shop):
    """PATCH changes an item but not its version."""

    def update_item(self, call: Call) -> Reply:
        version = self.owned(call)["version"]
        reply = super().update_item(call)
        self.item(call)["version"] = version
        return reply


@fault("state", "listTags", "length|extra|value", "*", size=6)
class TagsStay(Shop):
    """The tags of a deleted item are still listed."""

    def reset(self) -> None:
        super().reset()
        self.tags: dict[int, Row] = {}

    def create_item(self, call: Call) -> Reply:
        reply = super().create_item(call)
        self.tags |= self.items
        return reply

    def list_tags(self, call: Call) -> Reply:
        items, self.items = self.items, self.tags
        try:
            return super().list_tags(call)
        finally:
            self.items = items


@fault("state", "followUser", "value", "/following", size=2)
class FollowToggles(Shop):
    """To follow a user twice ends it."""

    def follow_user(self, call: Call) -> Reply:
        if self.follows_(call.me, self.named(call)):
            return super().unfollow_user(call)
        return super().follow_user(call)


@fault("state", "getUser", "status", "status", size=5)
class OldNameStays(Shop):
    """A user who took another name is still found by the old one."""

    def reset(self) -> None:
        super().reset()
        self.names: dict[str, Row] = {}

    def named(self, call: Call) -> Row:
        for user in self.users.values():
            self.names.setdefault(user["name"], user)
        return self.names.get(call.path["name"]) or super().named(call)


@fault("state", "*Item*|getFeed", "value", "*/liked", size=5)
class LikedByAnybody(Shop):
    """An item that somebody likes is shown as liked to everybody."""

    def shown(self, item: Row, call: Call) -> Row:
        return {**super().shown(item, call), "liked": self.like_count(item) > 0}


@fault("state", "*User", "value", "/following", size=2)
class FollowedByAnybody(Shop):
    """A user whom somebody follows is shown as followed to everybody."""

    def follows_(self, _user: Row | None, other: Row) -> bool:
        return any(followed == other["id"] for _, followed in self.follows)


@fault("state", "getItem|listItems|*Item", "value", "*/reviews", size=9)
class ReviewsNeverLess(Shop):
    """An item counts the reviews that were deleted."""

    def reset(self) -> None:
        super().reset()
        self.count: dict[int, int] = {}

    def create_review(self, call: Call) -> Reply:
        reply = super().create_review(call)
        item = self.item(call)["id"]
        self.count[item] = self.count.get(item, 0) + 1
        return reply

    def shown(self, item: Row, call: Call) -> Row:
        count = self.count.get(item["id"], 0)
        return {**super().shown(item, call), "reviews": count}


@fault("state", "getUser", "value", "/items", size=5)
class CountNeverLess(Shop):
    """A user's number of items counts the deleted ones."""

    def reset(self) -> None:
        super().reset()
        self.made: list[Row] = []

    def delete_item(self, call: Call) -> Reply:
        item = self.owned(call)
        reply = super().delete_item(call)
        self.made.append(item)
        return reply

    def profile(self, user: Row, call: Call) -> Row:
        profile = super().profile(user, call)
        gone = sum(item["owner"] == user["id"] for item in self.made)
        return {**profile, "items": profile["items"] + gone}


@fault("state", "getFeed", "length|value", "*", size=5)
class FeedOfOwn(Shop):
    """The feed holds the user's own items too."""

    def get_feed(self, call: Call) -> Reply:
        follows = self.follows
        self.follows = follows | {(call.me["id"], call.me["id"])}
        try:
            return super().get_feed(call)
        finally:
            self.follows = follows


@fault("state", "login", "status", "status", size=9)
class RenamedCannotLogIn(Shop):
    """Who took another name cannot log in any more."""

    def update_me(self, call: Call) -> Reply:
        body = self.body(call)
        reply = super().update_me(call)
        if "name" in body:
            call.me["password"] = call.me["password"] + " of before"
        return reply


@fault("state", "*Item", "value", "*/id", size=7)
class IdsAgain(Shop):
    """The id of what was made last is given again when that is deleted."""

    def delete_item(self, call: Call) -> Reply:
        last = self.owned(call)["id"] == self.last
        reply = super().delete_item(call)
        self.last -= last
        return replace(reply)
