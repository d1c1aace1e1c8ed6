"""What the stacks publish of themselves, to be shown: a table for each subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.report.drift_words import count, subject, users, where
from comparison.report.excerpt import line
from comparison.run import Run


@dataclass(frozen=True)
class Row:
    """A drift: its kind, where it is, what either document says, and who has it."""

    kind: str
    where: str
    contract: str
    document: str
    who: str


@dataclass(frozen=True)
class Table:
    """All drifts of one subject."""

    title: str
    rows: Sequence[Row]

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.rows)


@dataclass(frozen=True)
class Published:
    """The document of one stack; `counts` are its drifts by operation.

    What is in `limits` narrows values, whose shapes are the same.
    """

    stack: str
    source: str
    note: str
    said: str
    tables: Sequence[Table]
    limits: Sequence[Table]
    left: int
    whole: bool
    counts: Mapping[str, int]


def published(run: Run) -> list[Published]:
    """The documents of all stacks; none in a run file of an earlier version."""
    every = len(run.header["operations"])
    return [_published(entry, every) for entry in run.header.get("drift", [])]


def _published(entry: Mapping[str, Any], every: int) -> Published:
    counts: dict[str, int] = {}
    for group in entry["groups"]:
        for one in group["drifts"]:
            for name in one["operations"]:
                counts[name] = counts.get(name, 0) + 1
    return Published(
        stack=line(entry["stack"]),
        source=line(entry["source"]),
        note=line(entry["note"]),
        said=count(entry),
        tables=_tables(entry["groups"], every, limits=False),
        limits=_tables(entry["groups"], every, limits=True),
        left=entry["left"],
        whole=entry["whole"],
        counts=counts,
    )


def _tables(
    groups: Sequence[Mapping[str, Any]], every: int, *, limits: bool
) -> list[Table]:
    found = [(group, _rows(group, every, limits=limits)) for group in groups]
    return [Table(line(subject(group, every)), rows) for group, rows in found if rows]


def _rows(group: Mapping[str, Any], every: int, *, limits: bool) -> list[Row]:
    return [
        Row(
            kind=one["kind"],
            where=line(where(one, group)),
            contract=line(one["contract"]),
            document=line(one["document"]),
            who=line(users(one["operations"], every)),
        )
        for one in group["drifts"]
        if one["limit"] == limits
    ]
