"""How several answers to one request fall into groups that are alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from comparison.exchanges.difference import STRICT, Difference, Looseness
from comparison.exchanges.view import View, compare

# The value of a lane whose answer is another one altogether.
ELSEWHERE = "(differs elsewhere)"


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
    """Every place where not all answers are alike.

    All are compared with the reference, the first one; then those that differ from it
    among themselves, where nothing has been told of the place.
    """
    found = [[], *(compare(views[0], other, loose) for other in views[1:])]
    told = list(_splits(found))
    others = [number for number, lane in enumerate(found) if lane]
    if len(others) > 1:
        places = {split.where for split in told}
        among = splits([views[number] for number in others], loose)
        told += [
            _widened(split, others, len(views))
            for split in among
            if split.where not in places
        ]
    return told


def _splits(found: Sequence[Sequence[Difference]]) -> Iterator[Split]:
    for where in dict.fromkeys(one.where for lane in found for one in lane):
        here = [[one for one in lane if one.where == where] for lane in found]
        if max(map(len, here)) == 1:
            yield _split(here)
            continue
        # Items of one array may differ there in several ways.
        for kind in dict.fromkeys(one.kind for lane in here for one in lane):
            yield _split([[one for one in lane if one.kind == kind] for lane in here])


def _split(here: Sequence[Sequence[Difference]]) -> Split:
    """The split of one place; every lane has one difference there, or none."""
    first = next(lane[0] for lane in here if lane)
    values = tuple(lane[0].second if lane else first.first for lane in here)
    groups: dict[tuple[Difference, ...], list[int]] = {}
    for number, lane in enumerate(here):
        groups.setdefault(tuple(lane), []).append(number)
    return Split(first.kind, first.where, values, tuple(map(tuple, groups.values())))


def _widened(split: Split, lanes: Sequence[int], count: int) -> Split:
    """A split of some lanes as one of all: the rest differs from them anyway."""
    values = [ELSEWHERE] * count
    for lane, value in zip(lanes, split.values, strict=True):
        values[lane] = value
    rest = tuple(lane for lane in range(count) if lane not in lanes)
    groups = tuple(tuple(lanes[number] for number in group) for group in split.groups)
    return replace(split, values=tuple(values), groups=(rest, *groups))
