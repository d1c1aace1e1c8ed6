"""Known differences: what may differ, with a reason, as long as it does."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comparison.configuration.globs import fits
from comparison.findings.results import Finding

# An entry that covers more explains nothing.
MOST_PLACES = 20
HEADING = "[[difference]]"
_TEXTS = ("operation", "kind", "where", "reason")
_KEYS = frozenset({*_TEXTS, "stacks"})


class KnownError(Exception):
    """The file is not as it should be; the text says what to do."""


@dataclass(frozen=True)
class Known:
    """One entry; operation, kind and where may hold `*`.

    `stacks` are those that may stand apart from the reference; empty for any.
    """

    operation: str
    kind: str
    where: str
    reason: str
    stacks: tuple[str, ...] = ()

    def covers(self, finding: Finding) -> bool:
        """Whether this is the reason for a finding."""
        return (
            fits(self.operation, finding.operation)
            and fits(self.kind, finding.kind)
            and fits(self.where, finding.where)
            and (not self.stacks or apart(finding) <= {*self.stacks})
        )


def apart(finding: Finding) -> set[str]:
    """The stacks that do not answer as the reference does."""
    return {name for group in finding.groups[1:] for name in group}


def load_known(path: Path) -> tuple[Known, ...]:
    """Read the file; without it nothing is known. Raises `KnownError`."""
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"{path} cannot be read: {error}.") from None
    return read_known(text, path)


def read_known(text: str, path: Path) -> tuple[Known, ...]:
    """The entries of a file's text; `path` is named in errors. Raises `KnownError`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"{path} is not TOML: {error}. Mend it there.") from None
    entries = document.pop("difference", [])
    if document or not isinstance(entries, list):
        raise KnownError(
            f"{path}: every entry begins with {HEADING}, and nothing else may stand"
            " in the file."
        )
    lines = [n for n, line in enumerate(text.split("\n"), 1) if is_heading(line)]
    if len(lines) != len(entries):
        raise KnownError(f"{path}: every entry must begin with a line {HEADING}.")
    return tuple(
        _known(entry, f"{path}, line {line}:")
        for entry, line in zip(entries, lines, strict=True)
    )


def is_heading(line: str) -> bool:
    """Whether an entry begins with this line."""
    return line.partition("#")[0].replace(" ", "").strip() == HEADING


def reason(finding: Finding, known: Iterable[Known]) -> str | None:
    """The reason of the first entry that covers a finding."""
    return next((entry.reason for entry in known if entry.covers(finding)), None)


def stale(known: Iterable[Known], findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The entries that cover nothing, or more than an entry may, each with `why`."""
    found = []
    for entry in known:
        count = sum(entry.covers(finding) for finding in findings)
        if count == 0:
            why = "it no longer occurs: remove it, or run with --update-known"
        elif count > MOST_PLACES:
            why = f"it covers {count} places, {MOST_PLACES} at most: split it"
        else:
            continue
        found.append({**asdict(entry), "stacks": list(entry.stacks), "why": why})
    return found


def _known(entry: object, at: str) -> Known:
    if not isinstance(entry, dict) or not {*_TEXTS} <= entry.keys() <= _KEYS:
        raise KnownError(
            f"{at} an entry has {', '.join(_TEXTS)}, and may have stacks; nothing else."
        )
    if not all(isinstance(entry[name], str) for name in _TEXTS):
        raise KnownError(f"{at} {', '.join(_TEXTS)} must be text.")
    if not entry["reason"].strip():
        raise KnownError(
            f"{at} the reason is empty. Write why this difference is allowed, or remove"
            " the entry and mend the difference."
        )
    for name in ("operation", "kind"):
        if not entry[name].strip():
            raise KnownError(f"{at} {name} is empty; `*` stands for any.")
    stacks = entry.get("stacks", [])
    if not isinstance(stacks, list) or not all(isinstance(one, str) for one in stacks):
        raise KnownError(f'{at} stacks must be a list of names, as ["express"].')
    return Known(**{**entry, "stacks": tuple(stacks)})
