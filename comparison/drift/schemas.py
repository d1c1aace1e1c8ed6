"""What schemas of two documents allow, property by property."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comparison.contracts.direction import REPLY, REQUEST
from comparison.drift.plain import PREFIX, Plain, Reader, Resolve, component, kind_of
from comparison.drift.record import Found, Pair, Where
from comparison.drift.wording import cut, described, types

# Documents of thousands of schemas have less; a hostile one is told to be cut.
MOST_STEPS = 100_000
MOST_LEVELS = 40
MOST_VALUES = 50


@dataclass(frozen=True)
class _Place:
    """Where two schemas are held against each other; `above` those around them."""

    where: Where
    absent: str
    found: Found
    above: tuple[tuple[int, int], ...] = ()

    def below(self, label: str, key: tuple[int, int]) -> "_Place":
        above = (*self.above, key)
        return _Place((*self.where, label), self.absent, self.found, above)


class Schemas:
    """The schemas of a contract and of a document.

    Those that both name are compared once, into `pairs`, wherever they are used: a
    schema may be used a thousand times, or within itself.
    """

    def __init__(
        self, contract: Resolve, document: Resolve, steps: int = MOST_STEPS
    ) -> None:
        directions = (REQUEST, REPLY)
        self._resolve = (contract, document)
        self._ours = {one: Reader(contract, one) for one in directions}
        self._theirs = {one: Reader(document, one) for one in directions}
        self._left = steps
        self._waiting: deque[Pair] = deque()
        self.pairs: dict[Pair, Found] = {}

    @property
    def cut(self) -> bool:
        """Whether there was more than may be compared."""
        return self._left <= 0

    def compare(
        self, ours: Any, theirs: Any, where: Where, absent: str, found: Found
    ) -> None:
        """Tell `found` what differs; None is a schema that is not there."""
        ours, theirs = (True if one is None else one for one in (ours, theirs))
        self._compare(ours, theirs, _Place(where, absent, found))
        while self._waiting:
            pair = self._waiting.popleft()
            place = _Place((), pair.absent, self.pairs[pair])
            one, other = ({"$ref": PREFIX + n} for n in (pair.contract, pair.document))
            one, other = self._resolve[0](one), self._resolve[1](other)
            self._differ(one, other, place)

    def described(self, schema: Any, absent: str, *, ours: bool) -> str:
        """One of the schemas in a few words."""
        readers = self._ours if ours else self._theirs
        return described(True if schema is None else schema, readers[absent])

    def _compare(self, ours: Any, theirs: Any, place: _Place) -> None:
        one, other = component(ours), component(theirs)
        if one is None or other is None:
            self._differ(ours, theirs, place)
            return
        pair = Pair(one, other, place.absent)
        place.found.pairs.setdefault(pair, place.where)
        if pair not in self.pairs:
            self.pairs[pair] = Found()
            self._waiting.append(pair)

    def _differ(self, ours: Any, theirs: Any, place: _Place) -> None:
        key = (id(self._resolve[0](ours)), id(self._resolve[1](theirs)))
        self._left -= 1
        if self._left <= 0 or key in place.above or len(place.above) > MOST_LEVELS:
            return
        one = self._ours[place.absent].plain(ours)
        other = self._theirs[place.absent].plain(theirs)
        if one.any and other.any:
            return
        if one.any or other.any:
            said = self.described(ours, place.absent, ours=True)
            beside = self.described(theirs, place.absent, ours=False)
            place.found.tell(
                place.where, None if one.any else said, None if other.any else beside
            )
        elif self._kinds(one, other, place):
            self._parts(one, other, place, key)

    def _kinds(self, one: Plain, other: Plain, place: _Place) -> bool:
        """Tell what kind of value differs; gives whether all else may be compared."""
        if one.values or other.values:
            ours, theirs = _values(one, other), _values(other, one)
            if {*one.values} != {*other.values}:
                place.found.tell((*place.where, "values"), ours, theirs)
            return bool(one.values) == bool(other.values)
        if one.types != other.types:
            said = [types(some) or None for some in (one.types, other.types)]
            place.found.tell((*place.where, "type"), *said)
        mine, yours = one.types - {"null"}, other.types - {"null"}
        return not (mine and yours) or bool(mine & yours)

    def _parts(
        self, one: Plain, other: Plain, place: _Place, key: tuple[int, int]
    ) -> None:
        found, where = place.found, place.where
        for name in {**one.limits, **other.limits}:
            said = [some.limits.get(name) for some in (one, other)]
            if said[0] != said[1]:
                shown = [None if text is None else cut(text) for text in said]
                found.tell((*where, name), *shown, limit=True)
        self._properties(one, other, place, key)
        self._each(one.inner, other.inner, place, key)
        if one.branches or other.branches:
            self._branches(one, other, place, key)

    def _properties(
        self, one: Plain, other: Plain, place: _Place, key: tuple[int, int]
    ) -> None:
        self._each(one.properties, other.properties, place, key)
        for name in sorted(one.required | other.required):
            needs = (name in one.required, name in other.required)
            # What one side does not have at all is told already.
            known = name in one.properties and name in other.properties
            neither = name not in one.properties and name not in other.properties
            if needs[0] != needs[1] and (known or neither):
                said = ["required" if needed else "optional" for needed in needs]
                place.found.tell((*place.where, name), *said)

    def _each(
        self,
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        place: _Place,
        key: tuple[int, int],
    ) -> None:
        """Compare schemas of one name, and tell those that one side has alone."""
        for name, schema in ours.items():
            if name in theirs:
                self._compare(schema, theirs[name], place.below(name, key))
            elif not place.found.full:
                said = self.described(schema, place.absent, ours=True)
                place.found.tell(
                    (*place.where, name), said, None, limit=schema is False
                )
        for name, schema in theirs.items():
            if name not in ours and not place.found.full:
                said = self.described(schema, place.absent, ours=False)
                place.found.tell(
                    (*place.where, name), None, said, limit=schema is False
                )

    def _branches(
        self, one: Plain, other: Plain, place: _Place, key: tuple[int, int]
    ) -> None:
        """Compare those that are alike in words; their order says nothing."""
        readers = (self._ours[place.absent], self._theirs[place.absent])
        ours, theirs = (
            {described(branch, reader, named=False): branch for branch in some.branches}
            for some, reader in zip((one, other), readers, strict=True)
        )
        for text in sorted(ours.keys() & theirs.keys()):
            self._compare(ours[text], theirs[text], place.below(text, key))
        where = (*place.where, "alternative")
        place.found.tell_each(where, ours, theirs)


def _values(one: Plain, other: Plain) -> str | None:
    """The values of one side; of one without any its types, if they contradict."""
    if one.values:
        return cut(" or ".join(one.values[:MOST_VALUES]))
    wanted = {kind for value in other.values for kind in kind_of(value)}
    return types(one.types) if one.types and not one.types & wanted else None
