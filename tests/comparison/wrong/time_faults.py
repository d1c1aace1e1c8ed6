"""Times: how they are written, and how they relate."""

import datetime
import time
from dataclasses import replace
from typing import Any

from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply


@fault("times", "*", "format", "*/createdAt", size=4, blamed=True)
class NoZone(Shop):
    """Times have no zone."""

    def now(self) -> str:
        return super().now().removesuffix("Z")


@fault("times", "*", "format", "*/createdAt", size=4)
class WholeSeconds(Shop):
    """Times have no fraction."""

    def now(self) -> str:
        return super().now()[:19] + "Z"


@fault("times", "*", "format", "*/createdAt", size=4)
class OffsetOfZero(Shop):
    """Times end with +00:00 and not with Z."""

    def now(self) -> str:
        return super().now().replace("Z", "+00:00")


@fault("times", "*", "format", "*/createdAt", size=4)
class Microseconds(Shop):
    """Times have six digits after the point."""

    def now(self) -> str:
        return super().now().replace("Z", "000Z")


@fault("times", "*Review*", "format|type", "*/createdAt", size=5, blamed=True)
class SecondsSince1970(Shop):
    """The time of a review is a number of seconds."""

    def shown_review(self, review: Row) -> Row:
        return {**super().shown_review(review), "createdAt": int(time.time())}


@fault("times", "updateItem", "time", "/updatedAt", size=5)
class UpdateUnnoticed(Shop):
    """PATCH does not change the time of the last change."""

    def update_item(self, call: Call) -> Reply:
        item = self.owned(call)
        before = item["updatedAt"]
        super().update_item(call)
        item["updatedAt"] = before
        return self.reply(200, self.shown(item, call))


@fault("times", "createItem", "time", "/updatedAt", size=3)
class UpdatedBeforeCreated(Shop):
    """A new item was changed a second before it was created."""

    def create_item(self, call: Call) -> Reply:
        super().create_item(call)
        item = self.items[self.last]
        made = datetime.datetime.fromisoformat(item["createdAt"])
        earlier = made - datetime.timedelta(seconds=1)
        text = earlier.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        item["updatedAt"] = text
        return self._again(item, call)

    def _again(self, item: Row, call: Call) -> Reply:
        location = {"Location": f"/api/items/{item['id']}"}
        return self.reply(201, self.shown(item, call), location)


@fault("times", "updateItem|replaceItem", "time", "/createdAt", size=7)
class CreatedAnew(Shop):
    """What is changed counts as created then."""

    def changed(self, item: Row, body: Row, call: Call) -> Reply:
        super().changed(item, body, call)
        item["createdAt"] = item["updatedAt"]
        return self.reply(200, self.shown(item, call))


@fault("times", "*Item", "value|time|format", "/releasedAt", size=4)
class ReleaseInUtc(Shop):
    """A time that a client sent comes back in UTC."""

    def kept(self, body: Row) -> Row:
        return _released(
            super().kept(body), lambda moment: moment.astimezone(datetime.UTC)
        )


@fault("times", "*Item", "value|time|format", "/releasedAt", size=4)
class ReleaseInSeconds(Shop):
    """A time that a client sent loses its fraction."""

    def kept(self, body: Row) -> Row:
        return _released(
            super().kept(body), lambda moment: moment.replace(microsecond=0)
        )


def _released(body: Row, change: Any) -> Row:
    text = body.get("releasedAt")
    try:
        moment = datetime.datetime.fromisoformat(text or "")
    except ValueError:
        return body
    if change(moment) == moment and change(moment).utcoffset() == moment.utcoffset():
        return body
    return {**body, "releasedAt": change(moment).isoformat()}


@fault("times", "likeItem", "time", "/updatedAt", size=4)
class LikeIsChange(Shop):
    """A like counts as a change of the item."""

    def like_item(self, call: Call) -> Reply:
        self.item(call)["updatedAt"] = self.now()
        return super().like_item(call)


@fault(
    "times",
    "updateItem|replaceItem|getItem",
    "time|value",
    "/updatedAt|/createdAt",
    size=7,
)
class ClockBehind(Shop):
    """The clock that dates changes is an hour behind."""

    def changed(self, item: Row, body: Row, call: Call) -> Reply:
        reply = super().changed(item, body, call)
        behind = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
        text = behind.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        item["updatedAt"] = text
        return replace(reply, body=self.written(self.shown(item, call)))
