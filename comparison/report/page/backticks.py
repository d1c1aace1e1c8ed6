"""Prose of this project in which backticks make code."""

from collections.abc import Sequence

# A text, and whether it stands in backticks.
Prose = Sequence[tuple[str, bool]]


def prose(text: str) -> Prose:
    """The parts of a text; what is in backticks is code."""
    parts = enumerate(text.split("`"))
    return [(part, bool(number % 2)) for number, part in parts if part]
