"""Numbers: precision, range, and how they are written and read."""

from typing import Any

from tests.comparison.wrong import checks
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop


class Recounted(Shop):
    """A shop that keeps one number of items in another way."""

    name = ""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        value = body.get(self.name)
        return body if value is None else {**body, self.name: self.recounted(value)}

    def recounted(self, number: Any) -> Any:
        raise NotImplementedError


@fault("numbers", "*Item", "value", "/serial", size=4)
class SerialAsDouble(Recounted):
    """A serial number beyond 2^53 loses its last digits."""

    name = "serial"

    def recounted(self, number: Any) -> Any:
        return int(float(number))


@fault("numbers", "*Item", "value", "/serial", size=4)
class SerialIn32Bits(Recounted):
    """A serial number has 32 bits."""

    name = "serial"

    def recounted(self, number: Any) -> Any:
        return (number + 2**31) % 2**32 - 2**31


@fault("numbers", "*Item", "null|type", "/serial", size=4)
class ZeroIsNull(Recounted):
    """A serial number of 0 counts as none."""

    name = "serial"

    def recounted(self, number: Any) -> Any:
        return number or None


@fault("numbers", "*Item", "value", "/price", size=3)
class PriceInCents(Recounted):
    """Prices are rounded to cents."""

    name = "price"

    def recounted(self, number: Any) -> Any:
        return round(number, 2)


@fault("numbers", "*Item", "value", "/price", size=3)
class PriceIn32Bits(Recounted):
    """Prices are kept with seven digits."""

    name = "price"

    def recounted(self, number: Any) -> Any:
        return number if isinstance(number, int) else float(f"{number:.7g}")


@fault("numbers", "*Item", "type", "/price", size=3)
class PriceWithoutPoint(Recounted):
    """A price of 5.0 is written 5."""

    name = "price"

    def recounted(self, number: Any) -> Any:
        return int(number) if number == int(number) else number


@fault("numbers", "*Item", "type", "/price", size=3)
class PriceWithPoint(Recounted):
    """A price of 5 is written 5.0."""

    name = "price"

    def recounted(self, number: Any) -> Any:
        return float(number)


@fault("numbers", "*Item", "type", "/price", size=3, blamed=True)
class LargeAsText(Recounted):
    """A price of a thousand and more is a text with a comma."""

    name = "price"

    def recounted(self, number: Any) -> Any:
        return f"{number:,}" if number >= 1000 else number

    def fits(self, item: Row, query: Row) -> bool:
        return isinstance(item["price"], str) or super().fits(item, query)

    def ordered(self, items: Any, sort: str) -> list[Row]:
        plain = [item for item in items if not isinstance(item["price"], str)]
        return super().ordered(items if sort == "newest" else plain, sort)


@fault("numbers", "listItems|getFeed", "status", "status", size=2)
class IntegersLoose(Shop):
    """An integer of a query may have a sign, spaces or zeros before it."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [(name, _integer(text)) for name, text in super().pairs(query)]


def _integer(text: str) -> str:
    try:
        return str(int(text))
    except ValueError:
        return text


@fault("numbers", "listItems|getFeed", "status", "status", size=2)
class IntegersCut(Shop):
    """An integer of a query is what its first digits say, as parseInt does."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [(name, _digits(text)) for name, text in super().pairs(query)]


def _digits(text: str) -> str:
    found = checks.INTEGER.match(text)
    return found[0] if found else text


@fault("numbers", "listItems", "status", "status", size=2)
class BooleanOfOne(Shop):
    """A boolean of a query may be 1 or 0."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        words = {"1": "true", "0": "false"}
        return [
            (name, words.get(text, text) if name == "available" else text)
            for name, text in super().pairs(query)
        ]


@fault("numbers", "createReview", "status", "status", size=5, blamed=True)
class IntegersAsText(Shop):
    """A body may have stars as text."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        if isinstance(value, dict) and str(value.get("stars")).isdecimal():
            value = {**value, "stars": int(value["stars"])}
        return super().wrong_fields(call, value)

    def kept(self, body: Row) -> Row:
        stars = {"stars": int(body["stars"])} if "stars" in body else {}
        return super().kept({**body, **stars})


@fault("numbers", "createReview", "status", "status", size=5, blamed=True)
class HalfStars(Shop):
    """A number of stars that is not whole is rounded down."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        stars = value.get("stars") if isinstance(value, dict) else None
        if isinstance(stars, float):
            value = {**value, "stars": int(stars)}
        return super().wrong_fields(call, value)


@fault("numbers", "listReviews", "value|type", "/mean", size=9)
class MeanIsWhole(Shop):
    """The mean of the stars is rounded down."""

    def mean(self, reviews: list[Row]) -> float | None:
        mean = super().mean(reviews)
        return None if mean is None else float(int(mean))


@fault("numbers", "*Item", "status", "status", size=3, blamed=True)
class FreeIsRefused(Shop):
    """A price of 0 counts as missing."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        wrong = super().wrong_fields(call, value)
        return wrong or (["price"] if value.get("price", 1) == 0 else [])


@fault("numbers", "*Item", "status", "status", size=3, blamed=True)
class MostIsExclusive(Shop):
    """The highest price itself is refused."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        wrong = super().wrong_fields(call, value)
        return wrong or (["price"] if value.get("price", 0) == 1_000_000 else [])


@fault("numbers", "getItem", "status", "status", size=4)
class LeadingZeros(Shop):
    """The id of an item may have zeros before it."""

    def item(self, call: Call) -> Row:
        call.path["itemId"] = call.path["itemId"].lstrip("0")
        return super().item(call)
