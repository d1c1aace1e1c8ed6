"""Replies beside each other, with what a difference is about marked in both."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comparison.findings.results import Finding
from comparison.report.excerpt import MOST_OF_A_BODY
from comparison.report.page.placed import Line, Part, lines

# A text, and whether it is marked.
Piece = tuple[str, bool]
PARTS: Mapping[str, Part] = {
    "status": "status",
    "broken": "status",
    "header": "header",
    "media-type": "header",
}
BRACKETS = {"[", "{"}


@dataclass(frozen=True)
class Said:
    """What one stack replied, in pieces that follow each other."""

    stack: str
    pieces: Sequence[Piece]


def replies(finding: Finding) -> list[Said]:
    """Every reply as text, held against the first that answered otherwise."""
    said = {name: lines(reply) for name, reply in finding.replies.items()}
    groups = [[name for name in group if name in said] for group in finding.groups]
    first = [group[0] for group in groups if group][:2]
    found = []
    for name, mine in said.items():
        group = next((group for group in groups if name in group), [])
        against = [said[other] for other in first if other not in group][:1]
        theirs = against[0] if against else mine
        found.append(Said(name, _joined(list(marked(finding, mine, theirs)))))
    return found


def marked(
    finding: Finding, mine: Sequence[Line], theirs: Sequence[Line]
) -> Iterator[Piece]:
    """A reply in pieces: marked is what the finding names and the other has not."""
    path = _path(finding.where)
    about = [line for line in mine if _is_about(line, finding, path)]
    other = [line for line in theirs if _is_about(line, finding, path)]
    chosen = [line for line in about if _unlike(line, other)]
    if not chosen and not any(_unlike(line, about) for line in other):
        # The text is the same: its kind, or what it stands for, is what differs.
        chosen = about
    before: Counter[tuple[str, str]] = Counter()
    for line in mine:
        place = _place(line)
        number = before[place]
        before[place] += 1
        if line not in chosen:
            yield line.text + "\n", False
            continue
        # Lines of a text share a place, as headers of a name do: their order tells.
        there = [one for one in other if _place(one) == place]
        yield from _line(line, there[min(number, len(there) - 1)] if there else None)


def _path(where: str) -> re.Pattern[str]:
    """What the JSON paths at a place are like, and those within it."""
    # A longer one leads to what no excerpt has room for.
    path = re.escape(where[:MOST_OF_A_BODY]).replace(r"/\*", r"/\d+")
    return re.compile(rf"{path}(/.*)?", re.DOTALL)


def _is_about(line: Line, finding: Finding, path: re.Pattern[str]) -> bool:
    part = PARTS.get(finding.kind, "body")
    if line.part != part or part == "status":
        return line.part == part
    if part == "header":
        return line.where == finding.where.lower()
    if finding.where in ("", "body"):
        return True
    return path.fullmatch(line.where) is not None


def _place(line: Line) -> tuple[str, str]:
    return line.part, line.where


def _value(line: Line) -> str:
    return line.text[line.begin :].rstrip(",")


def _unlike(line: Line, others: Sequence[Line]) -> bool:
    """Whether none of the others says the same at the same place."""
    return all(
        _place(one) != _place(line) or _value(one) != _value(line) for one in others
    )


def _line(line: Line, other: Line | None) -> Iterator[Piece]:
    """A line of which the value is marked, or what is not alike of it."""
    text, begin = line.text, line.begin
    if other is None:
        indent = len(text) - len(text.lstrip())
        yield from ((text[:indent], False), (text[indent:], True), ("\n", False))
        return
    value, against = text[begin:], other.text[other.begin :]
    if BRACKETS & {value[:1], against[:1]}:
        # Of a value of another kind, that both end in a bracket says nothing.
        against = ""
    before = _alike(value, against)
    behind = _alike(value[before:][::-1], against[before:][::-1])
    end = len(value) - behind
    # Half a word is hard to read.
    while before and value[before - 1].isalnum():
        before -= 1
    while end < len(value) and value[end].isalnum():
        end += 1
    if before == end:
        # The other has more, and this one nothing of its own: all of it is meant.
        before, end = 0, len(value)
    yield text[: begin + before], False
    yield value[before:end], True
    yield value[end:] + "\n", False


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = zip(one, other, strict=False)
    least = min(len(one), len(other))
    return next((n for n, (a, b) in enumerate(pairs) if a != b), least)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for text, mark in pieces:
        if joined and joined[-1][1] == mark:
            joined[-1] = (joined[-1][0] + text, mark)
        elif text:
            joined.append((text, mark))
    return joined
