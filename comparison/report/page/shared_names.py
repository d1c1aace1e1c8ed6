"""Which of the names that both sides share a handler uses."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comparison.code.piece import words
from comparison.run import Run

IDENTIFIER = re.compile(r"[^\W\d]\w*")
# A name of one word, such as `router` or `shown`, may be anything.
LEAST_WORDS = 2


@dataclass(frozen=True)
class Used:
    """A name of a shared part, as its sides write it."""

    part: str
    name: str


def shared_name(pair: Mapping[str, Any]) -> str:
    """A pair as its sides write it: `read_token = readToken`."""
    names = dict.fromkeys(str(one["name"]) for one in pair["sources"].values())
    return " = ".join(names)


def used(run: Run) -> dict[str, list[Used]]:
    """For every operation what its handlers use on every side, in order of parts."""
    code = run.header.get("code", {})
    parts = {
        words(pair["name"]): Used(part["name"], shared_name(pair))
        for part in code.get("parts", [])
        for pair in part["shared"]
    }
    return {
        one["name"]: list(_used(one, parts))
        for one in code.get("operations", [])
        if len(one["sources"]) > 1
    }


def _used(
    operation: Mapping[str, Any], parts: Mapping[tuple[str, ...], Used]
) -> Iterator[Used]:
    texts = [one["text"] for one in operation["sources"].values()]
    every = [{words(name) for name in IDENTIFIER.findall(text)} for text in texts]
    common = set.intersection(*every) - {words(operation["name"])}
    for key, one in parts.items():
        if key in common and len(key) >= LEAST_WORDS:
            yield one
