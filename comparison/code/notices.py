"""What a reader of two handlers should notice, by what is written in both."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("notices.toml")
# Of longer code nobody reads all, and a pattern is not tried on more.
MOST = 40_000


@dataclass(frozen=True)
class Notice:
    """A `text` on the languages, which holds where all `patterns` are found.

    The patterns are by language; what stands in backticks in the text is code.
    """

    title: str
    text: str
    patterns: Mapping[str, re.Pattern[str]]


@cache
def notices() -> tuple[Notice, ...]:
    """All that are written, in the order in which a reader should meet them."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["notice"]
    return tuple(
        Notice(
            title=entry.pop("title"),
            text=entry.pop("text"),
            patterns={
                language: re.compile(pattern, re.MULTILINE)
                for language, pattern in entry.items()
            },
        )
        for entry in entries
    )


def noticed(sources: Mapping[str, str]) -> list[Notice]:
    """Those that hold for code, which is given by its language."""
    return [
        one
        for one in notices()
        if all(
            pattern.search(sources.get(language, ""), 0, MOST)
            for language, pattern in one.patterns.items()
        )
    ]
