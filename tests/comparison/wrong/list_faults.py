"""Lists: their order, their pages, and what is in them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply


@fault("order", "*Item", "order", "/tags", size=5)
class TagsSorted(Shop):
    """The tags of an item come sorted, not as they were sent."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        return {**body, "tags": sorted(body["tags"])} if "tags" in body else body


@fault("order", "*Item", "length", "/tags", size=5)
class TagsUnique(Shop):
    """A tag that is sent twice is kept once."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        return (
            {**body, "tags": [*dict.fromkeys(body["tags"])]} if "tags" in body else body
        )


@fault("order", "listItems", "order|value", "/items*", size=2)
class TiesUnstable(Shop):
    """Items of the same price come newest first."""

    def ordered(self, items: Iterable[Row], sort: str) -> list[Row]:
        if sort != "price":
            return super().ordered(items, sort)
        return sorted(items, key=lambda item: (item["price"], -item["id"]))


# What the world has is in this order either way: it takes a thing more.
@fault("order", "listItems", "order|value", "/items*", size=5)
class TitlesByLocale(Shop):
    """Titles are sorted without regard to capitals."""

    def ordered(self, items: Iterable[Row], sort: str) -> list[Row]:
        found = super().ordered(items, sort)
        if sort == "title":
            found.sort(key=lambda item: str(item["title"]).lower())
        return found


@fault("order", "listItems", "order|value|length|type", "/items*", size=2)
class DescendingIgnored(Shop):
    """`-price` sorts as `price` does."""

    def ordered(self, items: Iterable[Row], sort: str) -> list[Row]:
        return super().ordered(items, sort.removeprefix("-"))


# What the world has is in this order either way: it takes a thing more.
@fault("order", "listTags", "order|value", "/tags*", size=5)
class TagsAsTheyCame(Shop):
    """The list of all tags is not sorted."""

    def reply(
        self, status: int, value: Any, headers: dict[str, str] | None = None
    ) -> Reply:
        if [*value] == ["tags"]:
            first = [tag for item in self.items.values() for tag in item["tags"]]
            value["tags"].sort(key=lambda entry: first.index(entry["tag"]))
        return super().reply(status, value, headers)


@fault("order", "listReviews", "order|value", "/reviews*", size=9)
class ReviewsNewestFirst(Shop):
    """The newest review comes first."""

    def reviews_of(self, item: Row) -> list[Row]:
        return super().reviews_of(item)[::-1]


@fault("order", "getFeed", "order|value|length", "/items*", size=1)
class FeedOldestFirst(Shop):
    """The feed begins with the oldest item."""

    def get_feed(self, call: Call) -> Reply:
        call.query["sort"] = "feed"
        return super().get_feed(call)

    def paged(self, items: list[Row], call: Call) -> Reply:
        feed = call.query.get("sort") == "feed"
        return super().paged(items[::-1] if feed else items, call)


@fault("paging", "listItems|getFeed", "value|order|length|type", "/items*", size=2)
class OneBefore(Shop):
    """A page that is not the first begins one item too early."""

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        return super().page(items, limit, max(offset - 1, 0))


@fault("paging", "listItems|getFeed", "length|value", "/items*", size=2)
class OneMore(Shop):
    """A page that is not the first holds one item more."""

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        return super().page(items, limit + (offset > 0), offset)


@fault("paging", "listItems", "value", "/total", size=2)
class TotalOfPage(Shop):
    """The total is that of the page."""

    def total(self, _items: list[Row], page: list[Row]) -> int:
        return len(page)


@fault("paging", "listItems", "value", "/total", size=2)
class TotalUnfiltered(Shop):
    """The total of a filtered list counts every item."""

    def paged(self, items: list[Row], call: Call) -> Reply:
        self.filtered = call.route.name == "list_items"
        return super().paged(items, call)

    def total(self, items: list[Row], page: list[Row]) -> int:
        return len(self.items) if self.filtered else super().total(items, page)


@fault("paging", "listItems", "length", "/items", size=1)
class LimitOf20(Shop):
    """Without a limit a page holds 20 items."""

    def query(self, call: Call) -> Row:
        query = super().query(call)
        sent = "limit=" in call.request.query
        return query if sent or "limit" not in query else {**query, "limit": 20}


@fault("paging", "listItems|getFeed", "length", "/items", size=3)
class LastPageEmpty(Shop):
    """A last page that is not full is not given."""

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        found = super().page(items, limit, offset)
        return found if offset == 0 or len(found) == limit else []


@fault("paging", "listItems|getFeed", "status", "status", size=2)
class NothingBeyondEnd(Shop):
    """An offset beyond the end is refused."""

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        if offset and offset >= len(items):
            raise RefusedError(422, "invalid", "offset")
        return super().page(items, limit, offset)


@fault("paging", "listItems|getFeed", "length|value|order|type", "/items*", size=3)
class OffsetInPages(Shop):
    """The offset counts pages, not items."""

    def page(self, items: list[Row], limit: int, offset: int) -> list[Row]:
        return super().page(items, limit, offset * limit)


@fault("paging", "listItems|getFeed", "status", "status", size=2)
class LimitClamped(Shop):
    """A limit above the maximum is taken for the maximum."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [
            (
                name,
                "50"
                if name == "limit" and text.isdecimal() and int(text) > 50
                else text,
            )
            for name, text in super().pairs(query)
        ]


@fault("paging", "listItems|getFeed", "status", "status", size=2)
class LimitOfNothing(Shop):
    """A limit of 0 gives an empty page, and is not refused."""

    def query(self, call: Call) -> Row:
        call.request = replace(
            call.request,
            target=call.request.target.replace("limit=0", "limit=1"),
        )
        return super().query(call)


@fault("paging", "listItems", "length|value", "*", size=2)
class PriceExclusive(Shop):
    """The least price is not in the range."""

    def fits(self, item: Row, query: Row) -> bool:
        return super().fits(item, query) and item["price"] != query["minPrice"]


@fault("paging", "listItems", "length|value", "*", size=2)
class FalseIsNoFilter(Shop):
    """`available=false` filters nothing."""

    def fits(self, item: Row, query: Row) -> bool:
        return super().fits(item, {**query, "available": query["available"] or None})
