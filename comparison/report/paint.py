"""Colour where it is wanted; every word is readable without it."""

from collections.abc import Callable

from comparison.printable import printable

_CODES = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}

Paint = Callable[[str, str], str]


def plain(text: str, _style: str) -> str:
    """No colour."""
    return printable(text, keep="")


def ansi(text: str, style: str) -> str:
    """`text` in a style: red, green, yellow, bold or dim."""
    return f"\x1b[{_CODES[style]}m{printable(text, keep='')}\x1b[0m"


GLYPHS = {
    "same": ("=", "same", "green"),
    "known": ("≈", "known", "yellow"),
    "unstable": ("?", "unstable", "red"),
    "differs": ("≠", "differs", "red"),
    "breaks": ("≠", "breaks", "red"),
    "broken": ("!", "broken", "red"),
    "not-checked": ("–", "not checked", "dim"),  # noqa: RUF001 - a dash is meant
}
