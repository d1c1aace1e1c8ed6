"""Faults that show only with a rare value, or after a rare series of requests."""

from typing import Any

from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply


class Failing(Shop):
    """A shop that fails on some items."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        if self.fails(body):
            raise RuntimeError
        return body

    def fails(self, body: Row) -> bool:
        raise NotImplementedError


@fault("rare", "*Item", "status", "status", size=3, blamed=True)
class PercentFails(Failing):
    """A percent sign in a title makes the server fail."""

    def fails(self, body: Row) -> bool:
        return "%" in str(body.get("title"))


@fault("rare", "*Item", "status", "status", size=3, blamed=True)
class QuoteFails(Failing):
    """A double quote in a title makes the server fail."""

    def fails(self, body: Row) -> bool:
        return '"' in str(body.get("title"))


@fault("rare", "createReview|updateMe|*Item", "status", "status", size=4, blamed=True)
class LongTextFails(Failing):
    """A description of more than 255 characters makes the server fail."""

    def fails(self, body: Row) -> bool:
        return len(body.get("description") or "") > 255


@fault("rare", "*Item", "length", "/tags", size=6)
class ThirdTagLost(Shop):
    """Of three tags and more the third is lost."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        tags = body.get("tags", [])
        return {**body, "tags": tags[:2] + tags[3:]} if "tags" in body else body


@fault("rare", "*Item", "status", "status", size=11, blamed=True)
class EighthTagRefused(Shop):
    """Eight tags are one too many."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        wrong = super().wrong_fields(call, value)
        tags = value.get("tags", []) if isinstance(value, dict) else []
        return wrong or (["tags"] if len(tags) == 8 else [])


@fault("rare", "createReview", "status", "status", size=8)
class SecondReviewRefused(Shop):
    """A user may review an item only once."""

    def create_review(self, call: Call) -> Reply:
        if any(one["by"] == call.me["id"] for one in self.reviews_of(self.item(call))):
            raise RefusedError(404, "reviewed already")
        return super().create_review(call)


@fault("rare", "createReview", "status", "status", size=10, blamed=True)
class ThirdReviewFails(Shop):
    """The third review of an item makes the server fail."""

    def create_review(self, call: Call) -> Reply:
        if len(self.reviews_of(self.item(call))) == 2:
            raise RuntimeError
        return super().create_review(call)


@fault("rare", "createItem", "status|value", "*", size=7)
class SameTitleRefused(Shop):
    """A user may have a title only once."""

    def create_item(self, call: Call) -> Reply:
        title = self.body(call)["title"]
        mine = [one for one in self.items.values() if one["owner"] == call.me["id"]]
        if any(one["title"] == title for one in mine):
            raise RefusedError(422, "taken", "title")
        return super().create_item(call)


@fault("rare", "updateItem|*Item", "value", "/available", size=6)
class FalseIgnored(Shop):
    """PATCH cannot make an item unavailable: false counts as not sent."""

    def update_item(self, call: Call) -> Reply:
        item = self.owned(call)
        body = {
            name: value for name, value in self.body(call).items() if value is not False
        }
        return self.changed(item, body, call)


@fault(
    "rare", "updateItem", "value|null|type", "/description|/serial|/releasedAt", size=6
)
class NullIgnored(Shop):
    """PATCH cannot take away a description: null counts as not sent."""

    def update_item(self, call: Call) -> Reply:
        item = self.owned(call)
        body = {
            name: value for name, value in self.body(call).items() if value is not None
        }
        return self.changed(item, body, call)


@fault("rare", "*Item", "length", "/tags", size=7)
class EmptyListIgnored(Shop):
    """An empty list of tags leaves the tags as they are."""

    def changed(self, item: Row, body: Row, call: Call) -> Reply:
        body = {name: value for name, value in body.items() if value != []}
        return super().changed(item, body, call)


@fault("rare", "*Item", "value|length|type|extra|missing|null", "/title|/tags*", size=8)
class SharedDefaults(Shop):
    """Items that were sent without tags share one list of them."""

    def reset(self) -> None:
        super().reset()
        self.shared: list[str] = []

    def create_item(self, call: Call) -> Reply:
        reply = super().create_item(call)
        item = self.items[self.last]
        if not item["tags"]:
            item["tags"] = self.shared
        return reply

    def changed(self, item: Row, body: Row, call: Call) -> Reply:
        if item["tags"] is self.shared and "tags" in body:
            self.shared[:] = body["tags"]
        return super().changed(item, body, call)


@fault("rare", "listItems", "status", "status", size=2, blamed=True)
class LongSearchFails(Shop):
    """A search of more than 32 characters makes the server fail."""

    def found(self, item: Row, q: str) -> bool:
        if len(q) > 32:
            raise RuntimeError
        return super().found(item, q)


@fault("rare", "listItems", "length|value", "*", size=3)
class TwoFiltersAreOne(Shop):
    """Of a tag and an owner only the tag is looked at."""

    def fits(self, item: Row, query: Row) -> bool:
        owner = None if query["tag"] is not None else query["owner"]
        return super().fits(item, {**query, "owner": owner})


@fault("rare", "followUser", "status", "status", size=2)
class NobodyFollowsThemselves(Shop):
    """Users cannot follow themselves."""

    def follow_user(self, call: Call) -> Reply:
        if self.named(call) is call.me:
            raise RefusedError(404, "that is you")
        return super().follow_user(call)


@fault("rare", "updateMe", "status", "status", size=2)
class OwnNameTaken(Shop):
    """A user who keeps the name is told that it is taken."""

    def free(self, body: Row, but: Row | None = None) -> None:
        del but
        super().free(body)


@fault("rare", "getItem|listItems|*Item", "value", "*/owner/name", size=6)
class OwnerNameCopied(Shop):
    """An item keeps the name that its owner had when it was made."""

    def create_item(self, call: Call) -> Reply:
        reply = super().create_item(call)
        self.items[self.last]["by"] = call.me["name"]
        return reply

    def shown(self, item: Row, call: Call) -> Row:
        shown = super().shown(item, call)
        name = shown.pop("by", None) or shown["owner"]["name"]
        return {**shown, "owner": {"name": name}}
