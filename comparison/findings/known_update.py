"""`--update-known`: rewrite the known differences as a run has found them.

Line by line, so that comments, order and reasons stay as they were written. What is
about to be written is read again first, and must say what it is meant to say.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comparison.findings.known import (
    HEADING,
    MOST_PLACES,
    Known,
    KnownError,
    apart,
    is_heading,
    read_known,
)
from comparison.findings.results import Finding
from comparison.output import replace_file

# On so many operations a difference is one of all of them.
MANY_OPERATIONS = 3
TWO_STACKS = 2
_FIRST_LINES = """\
# What may differ, each entry with its reason. An entry that no longer occurs fails a
# full run of compare.py, and so does a difference that has none.
"""


@dataclass(frozen=True)
class Updated:
    """What was changed; the `added` have no reason yet.

    `left` are the findings that no entry may list, since it would cover too many.
    """

    kept: tuple[Known, ...]
    removed: tuple[Known, ...]
    added: tuple[Known, ...]
    left: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Entry:
    """Lines of the file: an entry with the comments above it, and what follows."""

    comment: list[str]
    body: list[str]
    gap: list[str]


def update(path: Path, findings: Sequence[Finding], *, partial: bool) -> Updated:
    """Remove the entries that no longer occur, add one for each stable finding.

    Raises `KnownError`, and writes nothing, after a partial run and for a file that
    cannot be read.
    """
    if partial:
        raise KnownError(
            f"{path} was not written: not everything was asked, so nobody knows what"
            " no longer occurs. Run all of it on every stack, without --select,"
            " --ignore, --replay and -x."
        )
    text = _read(path)
    known = read_known(text, path)
    keeps = [any(entry.covers(finding) for finding in findings) for entry in known]
    kept = tuple(entry for entry, keep in zip(known, keeps, strict=True) if keep)
    unlisted = [
        finding
        for finding in findings
        if finding.stable and not any(entry.covers(finding) for entry in kept)
    ]
    added = tuple(_entries(unlisted, findings))
    written = _written(text, keeps, added)
    _check(written, (*kept, *added), path)
    removed = tuple(entry for entry in known if entry not in kept)
    if removed or added:
        _write(path, written)
    left = [one for one in unlisted if not any(entry.covers(one) for entry in added)]
    return Updated(kept, removed, added, tuple(left))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"{path} cannot be read: {error}.") from None


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except OSError as error:
        raise KnownError(f"{path} cannot be written: {error.strerror}.") from None


def _entries(
    unlisted: Sequence[Finding], findings: Sequence[Finding]
) -> Iterator[Known]:
    """Entries for what is not listed; one for all operations where it is on many."""
    operations: dict[Known, set[str]] = {}
    for finding in unlisted:
        operations.setdefault(_everywhere(finding), set()).add(finding.operation)
    seen: set[Known] = set()
    for finding in unlisted:
        everywhere = _everywhere(finding)
        here = _entry(finding, finding.operation)
        common = len(operations[everywhere]) >= MANY_OPERATIONS
        entry = everywhere if common and _fits(everywhere, findings) else here
        if entry not in seen and _fits(entry, findings):
            seen.add(entry)
            yield entry


def _everywhere(finding: Finding) -> Known:
    return _entry(finding, "*")


def _entry(finding: Finding, operation: str) -> Known:
    stacks = apart(finding) if len(finding.stacks) > TWO_STACKS else ()
    where = _writable(finding.where)
    return Known(_writable(operation), finding.kind, where, "", tuple(sorted(stacks)))


def _writable(text: str) -> str:
    # Unpaired surrogates can be in a key of JSON, but not in a file.
    return re.sub("[\ud800-\udfff]+", "*", text)


def _fits(entry: Known, findings: Sequence[Finding]) -> bool:
    return sum(entry.covers(finding) for finding in findings) <= MOST_PLACES


def _written(text: str, keeps: Sequence[bool], added: Sequence[Known]) -> str:
    """The text of the file without what no longer occurs, and with what is new."""
    first, entries = _parts((text or _FIRST_LINES).split("\n"))
    for entry, keep in zip(entries, keeps, strict=True):
        if keep:
            first += [*entry.comment, *entry.body, *entry.gap]
        else:
            blank = next((n for n, line in enumerate(entry.gap) if line.strip()), None)
            first += [] if blank is None else entry.gap[blank:]
    lines = "\n".join(first).rstrip()
    blocks = ["\n".join(_lines(entry)) for entry in added]
    return "\n\n".join(filter(None, [lines, *blocks])) + "\n"


def _parts(lines: list[str]) -> tuple[list[str], list[_Entry]]:
    """The lines before the first entry, and the entries."""
    headings = [at for at, line in enumerate(lines) if is_heading(line)]
    starts = [_start(lines, heading) for heading in headings]
    entries = []
    ends = [*starts, len(lines)][1:]
    for start, heading, end in zip(starts, headings, ends, strict=False):
        last = end
        while not lines[last - 1].strip() or _is_comment(lines[last - 1]):
            last -= 1
        entries.append(
            _Entry(lines[start:heading], lines[heading:last], lines[last:end])
        )
    return lines[: starts[0]] if starts else lines, entries


def _start(lines: Sequence[str], heading: int) -> int:
    """Where the comment above an entry begins."""
    start = heading
    while start and _is_comment(lines[start - 1]):
        start -= 1
    # Comments that begin the file speak of all of it.
    return start or heading


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _lines(entry: Known) -> Iterator[str]:
    yield HEADING
    for name in ("operation", "kind", "where", "reason"):
        yield f"{name} = {_quoted(getattr(entry, name))}"
    if entry.stacks:
        yield f"stacks = [{', '.join(map(_quoted, entry.stacks))}]"


def _quoted(text: str) -> str:
    # What JSON escapes TOML escapes alike, but for the last of the controls.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(text: str, expected: Sequence[Known], path: Path) -> None:
    """Raise `KnownError` unless the text says what it is meant to say."""
    try:
        found: Any = tomllib.loads(text).get("difference", [])
    except tomllib.TOMLDecodeError:
        found = None
    wanted = [asdict(entry) for entry in expected]
    if found is None or [{"stacks": [], **one} for one in found] != [
        {**one, "stacks": list(one["stacks"])} for one in wanted
    ]:
        raise KnownError(
            f"{path} is laid out so that it cannot be rewritten safely; nothing was"
            f" written. Begin each entry with a line {HEADING}, its keys below it."
        )
