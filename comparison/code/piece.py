"""A piece of a file: something with a name, from its comment to its last line."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["handler", "function", "class", "constant", "type"]
BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
METHODS = frozenset(
    ("get", "head", "post", "put", "patch", "delete", "options", "trace", "all", "use")
)


class CodeError(Exception):
    """Sources that cannot be read, or have no such name; says what there is."""


@dataclass(frozen=True)
class Piece:
    """Lines `first` to `last` of a file, counted from 1; its name is on line `at`.

    A handler is a function within the call, or below the decorator, of a route.
    `nested` is whatever stands inside of another function or class.
    """

    name: str
    kind: Kind
    first: int
    last: int
    at: int
    nested: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What is equal for the same thing in both languages."""
        return case(self.name), *words(self.name)


def words(name: str) -> tuple[str, ...]:
    """The words of a name, however it joins them: `get_article` is `getArticle`."""
    parts = re.split(r"[\W_]+", BOUNDARY.sub("_", name))
    return tuple(part.lower() for part in parts if part)


def case(name: str) -> str:
    """How both languages write it: LIKE_THIS, LikeThis, or each in its own way."""
    bare = name.strip("_$")
    if bare.isupper():
        return "upper"
    return "pascal" if bare[:1].isupper() else "lower"


def in_python(operation: str) -> str:
    """What a handler is called in Python."""
    return "_".join(words(operation))


def in_javascript(operation: str) -> str:
    """What a handler is called in JavaScript."""
    first, *rest = words(operation) or ("",)
    return first + "".join(word.capitalize() for word in rest)
