"""The placeholders in the words of `stacks.toml`: `{python}`, `{port}` and others."""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from comparison import node


def words_for(port: int, database: str, folder: Path) -> dict[str, str]:
    """What stands for each placeholder of a stack."""
    words = {"{python}": sys.executable, "{folder}": str(folder)}
    return words | {"{port}": str(port), "{database}": database}


def filled(texts: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """The texts with their placeholders replaced. Raises `InstallError`."""
    every, known = list(texts), dict(words)
    # Only on demand: a stack without Node needs no Node.
    if any("{node}" in text or "{npm}" in text for text in every):
        known |= {"{node}": str(node.node()), "{npm}": str(node.npm())}
    return [
        re.sub(r"\{\w+\}", lambda at: known.get(at[0], at[0]), text) for text in every
    ]
