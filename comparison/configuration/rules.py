"""Rules that loosen the comparison, each with a reason, and severities of one's own.

`operation` is a glob on an operationId, `METHOD /path` or `tag:TAG`; `where` one on
the place of a difference: a header, `status`, or a path in a body, in which `*` stands
for an index. Of several rules the first that fits counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from comparison.configuration.globs import fits, operation_names
from comparison.configuration.severity import Severity
from comparison.contracts.contract import Operation


@dataclass(frozen=True)
class Ignore:
    """Differences that are no differences."""

    where: str
    reason: str
    operation: str = "*"
    kind: str = "*"


@dataclass(frozen=True)
class Unordered:
    """An array whose order says nothing."""

    where: str
    reason: str
    operation: str = "*"


@dataclass(frozen=True)
class Tolerance:
    """Numbers that may differ by `absolute`, or by `relative` of the greater one."""

    where: str
    reason: str
    operation: str = "*"
    absolute: float = 0
    relative: float = 0

    def equal(self, first: object, second: object) -> bool:
        """Whether two JSON values are numbers that are close enough.

        Counted in decimals as written: 0.3 and 0.301 are 0.001 apart. Beside
        numbers, nothing is equal; `true` is no number.
        """
        if not (_is_number(first) and _is_number(second)):
            return False
        if first == second:
            return True
        try:
            one, other = Fraction(str(first)), Fraction(str(second))
        except ValueError:  # infinite, or more digits than Python reads
            return False
        greater = max(abs(one), abs(other))
        allowed = max(_exact(self.absolute), _exact(self.relative) * greater)
        return abs(one - other) <= allowed


@dataclass(frozen=True)
class Regrade:
    """Differences that matter more, or less, than they do by default."""

    where: str
    severity: Severity
    operation: str = "*"
    kind: str = "*"


@dataclass(frozen=True)
class Rules:
    """All rules. `names` has what else an operationId is called, see `knowing`."""

    ignores: tuple[Ignore, ...] = ()
    unordered: tuple[Unordered, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()
    regrades: tuple[Regrade, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def knowing(self, operations: Iterable[Operation]) -> "Rules":
        """These rules, able to find operations by method and path, and by tag."""
        return replace(self, names={one.id: operation_names(one) for one in operations})

    def ignored(self, place: str, kind: str, where: str) -> Ignore | None:
        """The rule that a difference is nothing by.

        `place` is an operationId, or what else was asked: `HEAD /articles/{slug}`.
        """
        for rule in self.ignores:
            if fits(rule.kind, kind) and self._at(rule, place, where):
                return rule
        return None

    def is_unordered(self, place: str, where: str) -> bool:
        """Whether the order of the array at `where` says nothing."""
        return any(self._at(rule, place, where) for rule in self.unordered)

    def tolerance(self, place: str, where: str) -> Tolerance | None:
        """How far numbers at `where` may be apart, if they may."""
        for rule in self.tolerances:
            if self._at(rule, place, where):
                return rule
        return None

    def severity(
        self, place: str, kind: str, where: str, default: Severity
    ) -> Severity:
        """How much a difference matters: as a rule says, else `default`."""
        for rule in self.regrades:
            if fits(rule.kind, kind) and self._at(rule, place, where):
                return rule.severity
        return default

    def _at(self, rule: "_Placed", place: str, where: str) -> bool:
        if not _is_at(rule.where, where):
            return False
        if rule.operation == "*":
            return True
        names = self.names.get(place, (place,))
        return any(fits(rule.operation, name) for name in names)


class _Placed(Protocol):
    @property
    def operation(self) -> str: ...
    @property
    def where(self) -> str: ...


def _is_at(glob: str, where: str) -> bool:
    # The names of headers come in any case, the keys of a body in one.
    if "/" not in where:
        return fits(glob.lower(), where.lower())
    return fits(glob, where)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _exact(number: float) -> Fraction:
    return Fraction(str(number))
