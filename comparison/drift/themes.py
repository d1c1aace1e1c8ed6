"""Drifts as a person reads them: the same one in many operations is told once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.contract import Operation
from comparison.drift.matching import Matching
from comparison.drift.operations import Comparison
from comparison.drift.record import Drift, Found, Pair

MOST_THEMES = 1000
_KINDS = {"missing": 0, "against": 1, "beyond": 2}
# What a place of an operation begins with, and the chapter that it belongs to.
_CHAPTERS = (
    ("operationId", "operationIds"),
    ("security", "security"),
    ("request body", "request bodies"),
    ("response", "responses"),
)
_ORDER = (
    *("operations", "operationIds", "security", "parameters"),
    *("request bodies", "responses", "schema"),
)


@dataclass
class Group:
    """The drifts of one chapter or one schema, with the operations of each.

    `schema` are its names in both documents; `places` where operations use it.
    """

    about: str
    schema: tuple[str, str] = ("", "")
    themes: dict[Drift, dict[str, None]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)

    def add(self, drift: Drift, operation: str) -> None:
        """Add a drift of one operation."""
        self.themes.setdefault(drift, {})[operation] = None

    def add_all(self, drifts: Iterable[Drift], operations: Iterable[str]) -> None:
        """Add drifts that all of these have, which share what says so.

        A large schema has hundreds of them, in hundreds of operations.
        """
        every = dict.fromkeys(operations)
        for drift in drifts:
            before = self.themes.get(drift)
            self.themes[drift] = every if before is None else {**before, **every}


@dataclass
class _Themes:
    groups: dict[tuple[str, str], Group] = field(default_factory=dict)
    left: int = 0

    def chapter(self, about: str) -> Group:
        return self.groups.setdefault((about, ""), Group(about))

    def schema(self, pair: Pair) -> Group:
        names = (pair.contract, pair.document)
        return self.groups.setdefault(names, Group("schema", names))


def themed(matched: Matching, comparison: Comparison) -> dict[str, Any]:
    """All drifts as a JSON value, as `report/drift.schema.json` describes it."""
    themes = _Themes()
    _operations(matched, themes.chapter("operations"))
    used: dict[Pair, dict[str, str]] = {}
    for ours, theirs in matched.both:
        found = comparison.found(ours, theirs)
        themes.left += found.left
        for drift in found.drifts:
            themes.chapter(_chapter(drift)).add(drift, ours.id)
        for pair, place in _reached(found, comparison.schemas.pairs):
            used.setdefault(pair, {})[ours.id] = place
    for pair, places in used.items():
        _schema(comparison.schemas.pairs[pair], places, themes.schema(pair))
        themes.left += comparison.schemas.pairs[pair].left
    groups = [one for one in themes.groups.values() if one.themes]
    groups.sort(key=lambda one: _ORDER.index(one.about))
    return {**_cut(groups, themes.left), "whole": not comparison.schemas.cut}


def _operations(matched: Matching, group: Group) -> None:
    if matched.bases is not None:
        group.add(Drift(("base path",), "against", *matched.bases), "")
    for one in matched.missing:
        group.add(Drift((), "missing", _request(one)), one.id)
    for name, _ in matched.beyond:
        group.add(Drift((), "beyond", "", name), "")
    for one in matched.heads:
        group.add(Drift(("HEAD beside GET",), "beyond"), one.id)


def _request(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _chapter(drift: Drift) -> str:
    first = drift.where[0]
    fits = (about for begin, about in _CHAPTERS if first.startswith(begin))
    return next(fits, "parameters")


def _reached(found: Found, pairs: Mapping[Pair, Found]) -> Iterator[tuple[Pair, str]]:
    """Every schema that an operation uses, within others too, and where it begins."""
    seen = {pair: where[0] for pair, where in found.pairs.items()}
    waiting = [*seen]
    while waiting:
        pair = waiting.pop()
        yield pair, seen[pair]
        for inner in pairs[pair].pairs:
            if inner not in seen:
                seen[inner] = seen[pair]
                waiting.append(inner)


def _schema(found: Found, places: Mapping[str, str], group: Group) -> None:
    if not found.drifts:
        return
    group.places = [*dict.fromkeys([*group.places, *places.values()])]
    group.add_all(found.drifts, places)


def _cut(groups: list[Group], left: int) -> dict[str, Any]:
    room, shown = MOST_THEMES, []
    for group in groups:
        kept = sorted(group.themes.items(), key=_rank)[: max(0, room)]
        left += len(group.themes) - len(kept)
        room -= len(kept)
        if kept:
            shown.append(_group(group, dict(kept)))
    return {"groups": shown, "left": left}


def _rank(theme: tuple[Drift, Mapping[str, None]]) -> tuple[bool, int, str]:
    drift, _ = theme
    # Statuses in their order; all else in that of the documents.
    status = next((one for one in drift.where[:1] if one.startswith("response ")), "")
    return drift.limit, _KINDS[drift.kind], status


def _group(group: Group, themes: Mapping[Drift, Mapping[str, None]]) -> dict[str, Any]:
    names = None
    if group.about == "schema":
        names = dict(zip(("contract", "document"), group.schema, strict=True))
    every = dict.fromkeys(name for some in themes.values() for name in some if name)
    return {
        "about": group.about,
        "schema": names,
        "places": group.places,
        "operations": list(every),
        "drifts": [
            {
                **vars(drift),
                "where": list(drift.where),
                "operations": [name for name in operations if name],
            }
            for drift, operations in themes.items()
        ],
    }
