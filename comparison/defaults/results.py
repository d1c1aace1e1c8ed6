"""What was measured: the outcome of every probe on both pairs, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Outcomes = dict[str, str]


@dataclass(frozen=True)
class Probed:
    """One probe. Outcomes are by side: `fastapi` and `express`.

    `bare` are those of the bare applications, `recorded` what these were when the pack
    was last recorded (empty where they never were), `real` those of the real stacks
    (empty where it makes no sense to ask them). `known` says why these may differ,
    `rules` what the contract says of it, `see` where the real stacks keep to that.
    """

    id: str
    layer: str
    topic: str
    title: str
    severity: str
    bare: Outcomes
    recorded: Outcomes = field(default_factory=dict)
    real: Outcomes = field(default_factory=dict)
    known: str = ""
    rules: list[str] = field(default_factory=list)
    see: dict[str, str] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the bare applications do not do the same."""
        return _differ(self.bare)

    @property
    def changed(self) -> bool:
        """Whether it is not what was recorded."""
        return bool(self.recorded) and self.recorded != self.bare

    @property
    def unlisted(self) -> bool:
        """Whether the real stacks differ, and nothing says why they may."""
        return _differ(self.real) and not self.known

    @property
    def stale(self) -> bool:
        """Whether the real stacks may differ, but do not."""
        return bool(self.real) and not _differ(self.real) and bool(self.known)


@dataclass(frozen=True)
class Atlas:
    """A whole measurement. `versions` are by side, then by what has a version."""

    header: dict[str, Any]
    probes: Sequence[Probed]
    seconds: float

    @property
    def versions(self) -> dict[str, dict[str, str]]:
        """The versions of this measurement."""
        found: dict[str, dict[str, str]] = self.header["versions"]
        return found

    @property
    def recorded_versions(self) -> dict[str, dict[str, str]]:
        """The versions of the last recording."""
        found: dict[str, dict[str, str]] = self.header["recorded_versions"]
        return found

    @property
    def differing(self) -> list[Probed]:
        """The probes that the bare applications answer differently."""
        return [one for one in self.probes if one.differs]

    @property
    def changed(self) -> list[Probed]:
        """The probes whose outcome is not the recorded one."""
        return [one for one in self.probes if one.changed]

    @property
    def unrecorded(self) -> list[Probed]:
        """The probes that have never been recorded."""
        return [one for one in self.probes if not one.recorded]

    @property
    def failures(self) -> list[Probed]:
        """The probes that fail the run: the real stacks are not as they should be."""
        return [one for one in self.probes if one.unlisted or one.stale]


def _differ(outcomes: Outcomes) -> bool:
    return len(set(outcomes.values())) > 1
