"""The layer that a stack of calls belongs to, by the rules of `layers.toml`."""

import fnmatch
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from comparison.speed.profiling.profile import Calls, Frame

TABLE = Path(__file__).with_name("layers.toml")
# In the order of a request's way through them, then what is none of its own.
LAYERS = (
    "server",
    "framework",
    "validation",
    "serialisation",
    "storage",
    "tokens",
    "handlers",
    "runtime",
    "other",
)
# What a rule says in place of a layer: whoever called it pays for it.
CALLER = "caller"


@dataclass(frozen=True)
class Rule:
    """Says the layer of a frame whose file and function match, if not None.

    With `within`, one of the calls around it has to come from such a file.
    """

    layer: str
    files: re.Pattern[str] | None
    functions: re.Pattern[str] | None
    within: re.Pattern[str] | None

    def names(self, frame: Frame) -> bool:
        # Python's qualified names begin with those of classes and functions around.
        short = frame.function.rpartition(".")[2]
        return (self.files is None or self.files.match(frame.file) is not None) and (
            self.functions is None or self.functions.match(short) is not None
        )

    def fits(self, around: Calls) -> bool:
        return self.within is None or any(
            self.within.match(frame.file) for frame in around
        )


@cache
def rules(table: Path = TABLE) -> tuple[Rule, ...]:
    """The rules of a table in their order. Raises `ValueError` for what is no rule."""
    document = tomllib.loads(table.read_text(encoding="utf-8"))
    return tuple(_rule(entry) for entry in document["rule"])


def layer_of(calls: Calls) -> str:
    """The layer that pays for what the innermost of these calls does."""
    for at, frame in enumerate(calls):
        around = calls[at + 1 :]
        fitting = (rule.layer for rule in _naming(frame) if rule.fits(around))
        layer = next(fitting, "other")
        if layer != CALLER:
            return layer
    # Nobody called the language's own code: it was the language itself.
    return "runtime"


@cache
def _naming(frame: Frame) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.names(frame))


def _rule(entry: Mapping[str, Any]) -> Rule:
    if unknown := entry.keys() - {"layer", "files", "functions", "within"}:
        raise ValueError(f"{TABLE} has rules with {', '.join(sorted(unknown))}.")
    if entry["layer"] not in {*LAYERS, CALLER}:
        raise ValueError(f"{TABLE} names the layer {entry['layer']!r}: there is none.")
    return Rule(
        entry["layer"],
        _pattern(entry.get("files")),
        _pattern(entry.get("functions")),
        _pattern(entry.get("within")),
    )


def _pattern(globs: Iterable[str] | None) -> re.Pattern[str] | None:
    if globs is None:
        return None
    return re.compile("|".join(fnmatch.translate(glob) for glob in globs))
