"""Replies beside each other, with what is not the same in both marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from comparison.findings.results import Finding
from comparison.report import excerpt

# A text, and whether it is marked.
Piece = tuple[str, bool]
MOST_LINES = 400


@dataclass(frozen=True)
class Said:
    """What one stack replied, in pieces that follow each other."""

    stack: str
    pieces: Sequence[Piece]


def replies(finding: Finding) -> list[Said]:
    """Every reply as text; the first is held against the first that differs."""
    texts = {name: excerpt.reply(said) for name, said in finding.replies.items()}
    if not texts:
        return []
    reference = next(iter(texts))
    other = next((n for n, text in texts.items() if text != texts[reference]), None)
    return [
        Said(name, list(_against(texts, name, other if name == reference else None)))
        if other
        else Said(name, [(text, False)])
        for name, text in texts.items()
    ]


def _against(texts: Mapping[str, str], name: str, other: str | None) -> Iterator[Piece]:
    held = texts[other if other is not None else next(iter(texts))]
    yield from marked(texts[name], held)


def marked(text: str, other: str) -> list[Piece]:
    """A text in pieces, those marked that the other one has not."""
    mine, theirs = text.splitlines(), other.splitlines()
    if max(len(mine), len(theirs)) > MOST_LINES:
        return [(text, False)]
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    for tag, begin, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            pieces += [(line + "\n", False) for line in mine[begin:end]]
        else:
            pairs = zip_longest(mine[begin:end], theirs[first:last])
            for line, against in pairs:
                pieces += [] if line is None else _line(line, against or "")
    return _joined(pieces)


def _line(line: str, other: str) -> list[Piece]:
    """A line whose middle is marked: the words that both have stand around it."""
    indent = len(line) - len(line.lstrip())
    begin = max(_alike(line, other), indent)
    end = len(line) - _alike(line[begin:][::-1], other[begin:][::-1])
    # Half a word is hard to read.
    while begin > indent and line[begin - 1].isalnum():
        begin -= 1
    while end < len(line) and line[end].isalnum():
        end += 1
    return [(line[:begin], False), (line[begin:end], True), (line[end:] + "\n", False)]


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
