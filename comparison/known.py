"""Known differences: what may differ, with a reason, as long as it does."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

from comparison.results import Finding

# An entry that covers more explains nothing.
MOST_PLACES = 20


class KnownError(Exception):
    """The file is not as it should be; the text says what to do."""


@dataclass(frozen=True)
class Known:
    """One entry; operation, kind and where may hold `*`."""

    operation: str
    kind: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether this is the reason for a finding."""
        return (
            fnmatchcase(finding.operation, self.operation)
            and fnmatchcase(finding.kind, self.kind)
            and fnmatchcase(finding.where, self.where)
        )


def load_known(path: Path) -> tuple[Known, ...]:
    """Read the file; without it nothing is known. Raises `KnownError`."""
    if not path.exists():
        return ()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise KnownError(f"{path} is not TOML: {error}.") from None
    entries = document.get("difference", [])
    if not isinstance(entries, list):
        raise KnownError(f"{path}: entries begin with [[difference]].")
    return tuple(_known(entry, at, path) for at, entry in enumerate(entries, 1))


def reason(finding: Finding, known: Iterable[Known]) -> str | None:
    """The reason of the first entry that covers a finding."""
    return next((entry.reason for entry in known if entry.covers(finding)), None)


def stale(known: Iterable[Known], findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The entries that cover nothing, or more than an entry may, each with `why`."""
    found = []
    for entry in known:
        count = sum(entry.covers(finding) for finding in findings)
        if count == 0:
            found.append({**asdict(entry), "why": "it no longer occurs: remove it"})
        elif count > MOST_PLACES:
            why = f"it covers {count} places, {MOST_PLACES} at most: split it"
            found.append({**asdict(entry), "why": why})
    return found


def _known(entry: object, number: int, path: Path) -> Known:
    names = {field.name for field in fields(Known)}
    if not isinstance(entry, dict) or entry.keys() != names:
        raise KnownError(
            f"{path}: entry {number} must have {', '.join(sorted(names))}"
            " and nothing else."
        )
    if not all(isinstance(value, str) and value.strip() for value in entry.values()):
        raise KnownError(f"{path}: entry {number}: all four must be text, not empty.")
    return Known(**entry)
