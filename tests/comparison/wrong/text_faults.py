"""Texts: Unicode, lengths, spaces, case and everything that escapes."""

import html
import unicodedata
from typing import Any

from tests.comparison.wrong import checks
from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop


class Retold(Shop):
    """A shop that keeps the texts of items in another way."""

    def kept(self, body: Row) -> Row:
        kept = super().kept(body)
        if "title" in kept:
            kept["title"] = self.retold(kept["title"])
        return kept

    def retold(self, text: str) -> str:
        raise NotImplementedError


@fault("unicode", "*Item", "value", "/title", size=3)
class TextComposed(Retold):
    """Titles are kept in normal form C."""

    def retold(self, text: str) -> str:
        return unicodedata.normalize("NFC", text)


@fault("unicode", "*Item", "value", "/title", size=3)
class TextDecomposed(Retold):
    """Titles are kept in normal form D."""

    def retold(self, text: str) -> str:
        return unicodedata.normalize("NFD", text)


@fault("unicode", "*Item", "value", "/title", size=3)
class NoAstralPlanes(Retold):
    """Characters beyond U+FFFF become question marks."""

    def retold(self, text: str) -> str:
        return "".join("?" if ord(c) > 0xFFFF else c for c in text)


@fault("unicode", "*Item", "status", "status", size=3, blamed=True)
class LengthInUtf16(Shop):
    """The length of a title is counted in units of UTF-16."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        return super().wrong_fields(call, value) or _too_long(value, "utf-16-le", 80)


@fault("unicode", "*Item", "status", "status", size=3, blamed=True)
class LengthInBytes(Shop):
    """The length of a title is counted in bytes."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        return super().wrong_fields(call, value) or _too_long(value, "utf-8", 40)


def _too_long(value: Any, encoding: str, most: int) -> list[str]:
    title = value.get("title", "")
    return ["title"] if len(title.encode(encoding)) > most else []


@fault("unicode", "*Item", "value", "/title", size=3)
class LatinOnly(Retold):
    """What Latin-1 does not have becomes a question mark."""

    def retold(self, text: str) -> str:
        return text.encode("latin-1", "replace").decode("latin-1")


@fault("unicode", "*", "status|value|length|null|missing", "*", size=4)
class PathAsLatin(Shop):
    """What is escaped in a query is read as Latin-1."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [
            (name, text.encode().decode("latin-1"))
            for name, text in super().pairs(query)
        ]


@fault("text", "*Item", "value", "/title", size=3)
class SpacesTrimmed(Retold):
    """Spaces around a title are cut off."""

    def retold(self, text: str) -> str:
        return text.strip(" ")


@fault("text", "*Item", "status", "status", size=3, blamed=True)
class BlankRefused(Shop):
    """A title of spaces alone is refused."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        wrong = super().wrong_fields(call, value)
        blank = isinstance(value, dict) and not str(value.get("title", "x")).strip()
        return wrong or (["title"] if blank else [])


@fault("text", "*Item", "value", "/tags/[*]", size=4)
class TagsInSmallLetters(Shop):
    """Tags are kept in small letters."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        tags = [tag.lower() for tag in body.get("tags", [])]
        return {**body, "tags": tags} if "tags" in body else body


@fault("text", "listItems", "length|value", "*", size=2)
class SearchByCase(Shop):
    """The search tells capitals from small letters."""

    def found(self, item: Row, q: str) -> bool:
        return q in item["title"]


@fault("text", "listItems", "length|value", "*", size=2)
class SearchWithWildcards(Shop):
    """In a search % and _ stand for anything, as in SQL."""

    def found(self, item: Row, q: str) -> bool:
        return q in {"%", "_"} or super().found(item, q)


@fault("text", "*Item", "value", "/title", size=3)
class MarkupEscaped(Retold):
    """What is markup in HTML is escaped."""

    def retold(self, text: str) -> str:
        return html.escape(text, quote=False)


@fault("text", "*Item", "value", "/title", size=3)
class QuotesDoubled(Retold):
    """A single quote comes back twice."""

    def retold(self, text: str) -> str:
        return text.replace("'", "''")


@fault("text", "*Item", "value", "/title", size=3)
class ControlsStripped(Retold):
    """Control characters are taken out."""

    def retold(self, text: str) -> str:
        return "".join(c for c in text if c >= " ")


@fault("text", "*Item", "value", "/title", size=3)
class CutAtNul(Retold):
    """A title ends at a NUL, as a string of C does."""

    def retold(self, text: str) -> str:
        return text.partition("\0")[0]


@fault("text", "createReview", "value", "/text", size=6)
class LinesAsInWindows(Shop):
    """Line ends in reviews become CR LF."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        text = {"text": body["text"].replace("\n", "\r\n")} if "text" in body else {}
        return {**body, **text}


@fault("text", "getUser", "status", "status", size=1)
class NamesInCapitals(Shop):
    """A user is found whatever the case of the name."""

    def named(self, call: Call) -> Row:
        name = call.path["name"].lower()
        for user in self.users.values():
            if user["name"].lower() == name:
                return user
        return super().named(call)


@fault("text", "listItems", "length|value", "*", size=2)
class PlusIsPlus(Shop):
    """A plus sign in a query is not a space."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return super().pairs(query.replace("+", "%2B"))


@fault("text", "listItems|getFeed", "status", "status", size=3)
class LastOfRepeated(Shop):
    """Of a query parameter that is repeated the last one counts."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return list(dict(super().pairs(query)).items())


@fault("text", "listItems|getFeed", "status|length|value", "*", size=2)
class EmptyIsAbsent(Shop):
    """A query parameter without a value counts as absent."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [(name, text) for name, text in super().pairs(query) if text]


@fault("text", "listItems", "status", "status", size=2)
class NamesOfAnyCase(Shop):
    """The names of query parameters are read in any case, so LIMIT too."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        return [(name.lower(), text) for name, text in super().pairs(query)]


@fault("text", "listItems|getFeed", "status", "status", size=2, blamed=False)
class UnknownRefused(Shop):
    """A query parameter that nobody knows is refused."""

    def pairs(self, query: str) -> list[tuple[str, str]]:
        pairs = super().pairs(query)
        known = {name for route in checks.ROUTES for name in route.parameters}
        if unknown := [name for name, _ in pairs if name not in known]:
            raise RefusedError(422, "invalid", *unknown)
        return pairs
