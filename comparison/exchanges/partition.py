"""How several answers to one request fall into groups that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.exchanges.difference import STRICT, Difference, Looseness, View, compare


@dataclass(frozen=True)
class Split:
    """One place where stacks answer differently; numbers are those of the lanes.

    `values` is what each answered there. `groups` holds the lanes that answered alike,
    those that agree with the reference (lane 0) first.
    """

    kind: str
    where: str
    values: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]


def splits(views: Sequence[View], loose: Looseness = STRICT) -> list[Split]:
    """Every place where an answer differs from that of the reference, the first one."""
    found = [[], *(compare(views[0], other, loose) for other in views[1:])]
    places = dict.fromkeys(one.where for differences in found for one in differences)
    return [_split(where, found) for where in places]


def _split(where: str, found: Sequence[Sequence[Difference]]) -> Split:
    here = [[one for one in lane if one.where == where] for lane in found]
    first = next(lane[0] for lane in here if lane)
    values = tuple(lane[0].second if lane else first.first for lane in here)
    groups: dict[tuple[Difference, ...], list[int]] = {}
    for number, lane in enumerate(here):
        groups.setdefault(tuple(lane), []).append(number)
    return Split(first.kind, where, values, tuple(map(tuple, groups.values())))
