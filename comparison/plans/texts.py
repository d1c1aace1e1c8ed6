"""What is in plans because the client chose it, and no stack made it up."""

import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from comparison.plans.plan import Step

# What stands for a value in a text of JSON.
_AS_JSON = re.compile(r"\$\{json ([^}]+)\}")
# The key of an id, of several, and of what refers to one; `sub` is in a token.
ID = re.compile(r"_?ids?|(?P<of>.+?)(_ids?|Ids?|IDs?)|sub")


@dataclass(frozen=True)
class Sent:
    """Texts and numbers that the client sent; `ids` are those sent as an id, by key."""

    texts: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, int | str]] = frozenset()

    def __or__(self, other: "Sent") -> "Sent":
        return Sent(self.texts | other.texts, self.ids | other.ids)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of eight letters or digits in texts, as a slug would have them."""
        found = re.findall(r"[a-z0-9]+", " ".join(self.texts).lower())
        return frozenset(word for word in found if len(word) == 8)  # noqa: PLR2004

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The texts as a slug would begin."""
        words = (re.findall(r"[a-z0-9]+", text.lower()) for text in self.texts)
        return frozenset("-".join(found) for found in words)


NOTHING_SENT = Sent()


def sent_by(steps: Iterable[Step]) -> Sent:
    """What the client chose: what stands in the steps themselves."""
    every = tuple(steps)
    bodies = [value for step in every for value in _bodies(step)]
    return Sent(
        frozenset(text for step in every for text in sent_texts([step])),
        frozenset(value for body in bodies for value in _ids(body)),
    )


def sent_texts(steps: Iterable[Step]) -> Iterator[str]:
    """Every text that the client chose."""
    for step in steps:
        for part in re.split(r"[/?&=]", urllib.parse.unquote_plus(step.target)):
            # A number in a path may be an id that the stack minted all the same.
            if not part.isdigit():
                yield part
        for value in _bodies(step):
            yield from texts_of(value)


def texts_of(value: Any) -> Iterator[str]:
    """Every text and number within a JSON value, names included."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif value is not None:
        yield str(value)


def _bodies(step: Step) -> Iterator[Any]:
    yield from step.json
    if step.text is not None:
        try:
            yield json.loads(_AS_JSON.sub(r'"${\1}"', step.text))
        except (ValueError, RecursionError):
            yield step.text


def _ids(value: Any) -> Iterator[tuple[str, int | str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if ID.fullmatch(key) and isinstance(item, int | str):
                yield key, item
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)
