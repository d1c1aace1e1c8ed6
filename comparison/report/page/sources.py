"""The code that a run file holds, ready to be shown side by side."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.report.page.shared_names import shared_name
from comparison.report.page.syntax import coloured
from comparison.run import Run

TAB = 4
MOST_LINES = 400
MOST_OF_AN_EXCERPT = 40_000
# Of a page that is to open at once; the code of this project has a tenth of it.
MOST_OF_PARTS = 1_000_000


@dataclass(frozen=True)
class Excerpt:
    """A piece of a file: its `numbers` stand beside the lines of its `pieces`."""

    side: str
    place: str
    lines: int
    numbers: str
    pieces: Sequence[tuple[str, str]]
    notices: Sequence[str]


@dataclass(frozen=True)
class Shared:
    """What several sides have by one name; `operation` if it is a handler."""

    name: str
    excerpts: Sequence[Excerpt]
    operation: str = ""


@dataclass(frozen=True)
class SharedFile:
    """Files of one base name, and what stands on one side alone (name, place)."""

    name: str
    files: Mapping[str, str]
    shared: Sequence[Shared]
    alone: Mapping[str, Sequence[tuple[str, str, int]]]


def has_code(run: Run) -> bool:
    """Whether the run file has the chapter at all; older ones have not."""
    return "code" in run.header


def handlers(run: Run) -> dict[str, dict[str, Any]]:
    """The chapter's entry of every operation, by its name."""
    return {
        one["name"]: one for one in run.header.get("code", {}).get("operations", [])
    }


def excerpts(pair: Mapping[str, Any]) -> list[Excerpt]:
    """The sources of a pair in the order of the sides."""
    return [_excerpt(side, one) for side, one in pair["sources"].items()]


def parts(run: Run) -> list[SharedFile]:
    """The files that both sides have; a handler is shown with its operation."""
    operations = {
        (source["file"], source["line"]): name
        for name, one in handlers(run).items()
        for source in one["sources"].values()
    }
    found, room = [], MOST_OF_PARTS
    for part in run.header.get("code", {}).get("parts", []):
        texts = (one["sources"].values() for one in part["shared"])
        room -= sum(len(source["text"]) for some in texts for source in some)
        found.append(_part(part, operations, folded=room < 0))
    return found


def _part(
    part: Mapping[str, Any],
    operations: Mapping[tuple[str, int], str],
    *,
    folded: bool,
) -> SharedFile:
    alone = {
        side: [
            (one["name"], f"{one['file']}:{one['line']}", _lines(one)) for one in some
        ]
        for side, some in part["alone"].items()
    }
    shared = []
    for pair in part["shared"]:
        first = next(iter(pair["sources"].values()))
        operation = operations.get((first["file"], first["line"]), "")
        shown = [] if operation or folded else excerpts(pair)
        shared.append(Shared(shared_name(pair), shown, operation))
    return SharedFile(part["name"], part["files"], shared, alone)


def _excerpt(side: str, source: Mapping[str, Any]) -> Excerpt:
    first = source["first"]
    text = textwrap.dedent(source["text"].expandtabs(TAB))
    shown = "\n".join(text.split("\n")[:MOST_LINES])[:MOST_OF_AN_EXCERPT]
    pieces = coloured(shown, source["language"])
    if shown != text:
        pieces.append(("", f"\n… {len(text) - len(shown):,} more characters"))
    lines = range(first, first + shown.count("\n") + 1)
    return Excerpt(
        side=side,
        place=f"{source['file']}:{source['line']}",
        lines=_lines(source),
        numbers="\n".join(map(str, lines)),
        pieces=pieces,
        notices=_notices(shown),
    )


def _lines(source: Mapping[str, Any]) -> int:
    lines: int = source["last"] - source["first"] + 1
    return lines


def _notices(text: str) -> list[str]:
    """The comments in which the author says where the languages part."""
    found: list[list[str]] = []
    within = False
    for line in text.splitlines():
        bare = line.strip()
        said = bare.lstrip("#/* ").removesuffix("*/").strip()
        if said.startswith("Differs:"):
            found.append([said.removeprefix("Differs:").strip()])
            within = True
        elif within and said and bare.startswith(("#", "//", "*")):
            found[-1].append(said)
        else:
            within = False
    return [" ".join(lines) for lines in found]
