"""Schemas in a few words, for who reads of a drift."""

from collections.abc import Sequence
from typing import Any

from comparison.drift.plain import Plain, Reader, component

LONGEST = 120
MOST_NAMES = 6
MOST_LEVELS = 3


def described(node: Any, reader: Reader, level: int = 0, *, named: bool = True) -> str:
    """A schema as a person would name it: `array of Tag {id, title}`.

    Unless `named`, two schemas that say the same are described alike.
    """
    plain = reader.plain(node)
    if plain.values:
        return cut(" or ".join(plain.values[:MOST_NAMES]))
    if plain.branches and level < MOST_LEVELS:
        some = plain.branches[:MOST_NAMES]
        texts = [described(one, reader, level + 1, named=named) for one in some]
        return cut(" or ".join(texts))
    if "array" in plain.types and "*" in plain.inner and level < MOST_LEVELS:
        inner = described(plain.inner["*"], reader, level + 1, named=named)
        return cut(f"{types(plain.types)} of {inner}")
    if plain.properties:
        what = component(node) if named else None
        what = what or types(plain.types) or "object"
        return cut(f"{what} {{{names(plain.properties)}}}")
    if plain.any:
        return "anything"
    return cut(types(plain.types) or limited(plain))


def types(found: frozenset[str]) -> str:
    """`string or null`."""
    return " or ".join(sorted(found, key=lambda one: (one == "null", one)))


def limited(plain: Plain) -> str:
    """What is said, where no type is."""
    if "not" in plain.inner:
        return "nothing"
    said = [*plain.limits, *plain.inner, *(["required"] if plain.required else [])]
    return f"anything with {names(said)}"


def names(found: Any) -> str:
    """The first few, and that there are more."""
    every: Sequence[str] = list(found)
    some = ", ".join(cut(one, 40) for one in every[:MOST_NAMES])
    return f"{some}, …" if len(every) > MOST_NAMES else some


def cut(text: str, most: int = LONGEST) -> str:
    """A text that takes no more than a line or two."""
    return text if len(text) <= most else text[: most - 1] + "…"
