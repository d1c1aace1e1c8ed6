"""Globs: a `*` stands for one or more characters, `/` among them, alone for anything.

No other character is special, since brackets and question marks stand in paths.
"""

import re
from functools import cache

from comparison.contracts.contract import Operation


def fits(glob: str, text: str) -> bool:
    """Whether all of `text` is what `glob` describes; upper and lower case count."""
    return glob in ("*", text) or _pattern(glob).fullmatch(text) is not None


def operation_names(operation: Operation) -> tuple[str, ...]:
    """What a glob may call an operation: its id, `METHOD /path`, and `tag:TAG`."""
    tags = (f"tag:{tag}" for tag in operation.tags)
    return (operation.id, f"{operation.method} {operation.path}", *tags)


# The globs are those of a few files that a person wrote.
@cache
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, glob.split("*"))), re.DOTALL)
