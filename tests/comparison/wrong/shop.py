"""The right shop: items and their reviews, on top of users."""

import re
from collections.abc import Iterable
from typing import Any

from tests.comparison.wrong import checks
from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.people import People
from tests.comparison.wrong.wire import Reply

DEFAULTS: dict[str, Any] = {
    "description": None,
    "serial": None,
    "kind": "book",
    "tags": [],
    "available": True,
    "releasedAt": None,
}


class Shop(People):
    """The operations on items and reviews, by the names of their operationIds."""

    def list_items(self, call: Call) -> Reply:
        fitting = [one for one in self.items.values() if self.fits(one, call.query)]
        return self.paged(self.ordered(fitting, call.query["sort"]), call)

    def get_feed(self, call: Call) -> Reply:
        mine = [
            item
            for item in self.items.values()
            if self.follows_(call.me, self.users[item["owner"]])
        ]
        return self.paged(self.ordered(mine, "newest"), call)

    def fits(self, item: Row, query: Row) -> bool:
        """Whether an item is asked for."""
        owner = self.users[item["owner"]]["name"]
        return (
            (query["q"] is None or self.found(item, query["q"]))
            and query["tag"] in {None, *item["tags"]}
            and query["owner"] in {None, owner}
            and (query["minPrice"] is None or item["price"] >= query["minPrice"])
            and query["available"] in {None, item["available"]}
        )

    def found(self, item: Row, q: str) -> bool:
        return q.casefold() in item["title"].casefold()

    def ordered(self, items: Iterable[Row], sort: str) -> list[Row]:
        """Items in this order; the older one first where it says nothing."""
        found = sorted(items, key=lambda item: int(item["id"]))
        if sort == "newest":
            return found[::-1]
        key = sort.removeprefix("-")
        return sorted(
            found,
            key=lambda item: -item[key] if sort.startswith("-") else item[key],
        )

    def paged(self, items: list[Row], call: Call) -> Reply:
        limit, offset = call.query["limit"], call.query["offset"]
        page = self.page(items, limit, offset)
        total = self.total(items, page)
        shown = [self.shown(item, call) for item in page]
        headers = {"X-Total-Count": str(total)}
        return self.reply(200, {"items": shown, "total": total}, headers)

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        return items[offset : offset + limit]

    def total(self, items: list[Row], _page: list[Row]) -> int:
        return len(items)

    def create_item(self, call: Call) -> Reply:
        times = dict.fromkeys(("createdAt", "updatedAt"), self.now())
        body = {**DEFAULTS, **self.body(call)}
        item = {"id": self.next(), "owner": call.me["id"], "version": 1, **times}
        self.items[item["id"]] = item = {**item, **body}
        location = {"Location": f"{checks.BASE}/items/{item['id']}"}
        return self.reply(201, self.shown(item, call), location)

    def item(self, call: Call) -> Row:
        """The item of the path. Raises `RefusedError`."""
        text = call.path["itemId"]
        item = self.items.get(int(text)) if re.fullmatch("[1-9][0-9]*", text) else None
        if item is None:
            raise RefusedError(404, "no such item")
        return item

    def owned(self, call: Call) -> Row:
        """The item of the path, if it is the user's own."""
        item = self.item(call)
        if item["owner"] != call.me["id"]:
            raise RefusedError(403, "forbidden")
        return item

    def get_item(self, call: Call) -> Reply:
        item = self.item(call)
        tag = f'"{item["id"]}-{item["version"]}"'
        return self.reply(200, self.shown(item, call), {"ETag": tag})

    def replace_item(self, call: Call) -> Reply:
        item = self.owned(call)
        return self.changed(item, {**DEFAULTS, **self.body(call)}, call)

    def update_item(self, call: Call) -> Reply:
        item = self.owned(call)
        return self.changed(item, self.body(call), call)

    def changed(self, item: Row, body: Row, call: Call) -> Reply:
        item.update(body, updatedAt=self.now(), version=item["version"] + 1)
        return self.reply(200, self.shown(item, call))

    def delete_item(self, call: Call) -> Reply:
        item = self.owned(call)
        del self.items[item["id"]]
        self.likes = {pair for pair in self.likes if pair[1] != item["id"]}
        kept = {n: one for n, one in self.reviews.items() if one["item"] != item["id"]}
        self.reviews = kept
        return Reply(204)

    def like_item(self, call: Call) -> Reply:
        item = self.item(call)
        self.likes.add((call.me["id"], item["id"]))
        return self.reply(200, self.shown(item, call))

    def unlike_item(self, call: Call) -> Reply:
        item = self.item(call)
        self.likes.discard((call.me["id"], item["id"]))
        return self.reply(200, self.shown(item, call))

    def shown(self, item: Row, call: Call) -> Row:
        """An item as this user sees it."""
        hidden = {"version", "owner"}
        plain = {key: value for key, value in item.items() if key not in hidden}
        user = call.user
        return {
            **plain,
            "owner": {"name": self.users[item["owner"]]["name"]},
            "likes": self.like_count(item),
            "liked": user is not None and (user["id"], item["id"]) in self.likes,
            "reviews": len(self.reviews_of(item)),
        }

    def like_count(self, item: Row) -> int:
        return sum(liked == item["id"] for _, liked in self.likes)

    def list_tags(self, _call: Call) -> Reply:
        every = [tag for item in self.items.values() for tag in {*item["tags"]}]
        tags = [{"tag": tag, "items": every.count(tag)} for tag in sorted({*every})]
        return self.reply(200, {"tags": tags})

    def reviews_of(self, item: Row) -> list[Row]:
        return [one for one in self.reviews.values() if one["item"] == item["id"]]

    def list_reviews(self, call: Call) -> Reply:
        found = self.reviews_of(self.item(call))
        shown = [self.shown_review(review) for review in found]
        return self.reply(200, {"reviews": shown, "mean": self.mean(found)})

    def mean(self, reviews: list[Row]) -> float | None:
        stars = [review["stars"] for review in reviews]
        return sum(stars) / len(stars) if stars else None

    def create_review(self, call: Call) -> Reply:
        item = self.item(call)
        review = {"id": self.next(), "item": item["id"], "by": call.me["id"]}
        review |= {"text": "", **self.body(call), "createdAt": self.now()}
        self.reviews[review["id"]] = review
        place = f"{checks.BASE}/items/{item['id']}/reviews/{review['id']}"
        return self.reply(201, self.shown_review(review), {"Location": place})

    def delete_review(self, call: Call) -> Reply:
        item, text = self.item(call), call.path["reviewId"]
        found = {str(review["id"]): review for review in self.reviews_of(item)}
        if text not in found:
            raise RefusedError(404, "no such review")
        if not self.may_delete(found[text], call):
            raise RefusedError(403, "forbidden")
        del self.reviews[found[text]["id"]]
        return Reply(204)

    def may_delete(self, review: Row, call: Call) -> bool:
        return bool(review["by"] == call.me["id"])

    def shown_review(self, review: Row) -> Row:
        names = ("id", "stars", "text", "createdAt")
        by = self.users[review["by"]]["name"]
        return {**{name: review[name] for name in names}, "by": by}
