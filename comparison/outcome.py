"""The outcome of a measurement: what was found and asked, and whether it fails."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison.configuration.severity import FailOn, fails
from comparison.findings.results import Breakdown, Checked, Finding, Violation
from comparison.plans.plan import WORLD

# Of thousands that failed in one way the first tell enough.
MOST_INCOMPLETE = 1000


@dataclass
class Run:
    """One measurement. `stale` are known differences that no longer occur.

    `exchanges` counts the requests to each stack by operation, `incomplete` says why
    plans could not be done to their end though nothing differed (the first of them),
    `finished` how many plans beside the world came to their end, or to a difference;
    `worldless` says why the world itself could not be made whole; `speed` is the
    measurement of it as `report/speed.schema.json` describes it, if there was one, and
    `path` the file that it was read from.
    """

    header: dict[str, Any]
    footer: dict[str, Any] = field(default_factory=dict)
    exchanges: dict[str, int] = field(default_factory=dict)
    incomplete: dict[str, str] = field(default_factory=dict)
    unfinished: int = 0
    finished: int = 0
    worldless: str = ""
    findings: list[Finding] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    stale: list[dict[str, Any]] = field(default_factory=list)
    speed: dict[str, Any] | None = None
    path: Path = Path("results", "run.jsonl")

    def count(self, plan: Checked) -> None:
        """Take one plan into account; a long run has too many to keep them."""
        for place, count in plan.exchanges.items():
            self.exchanges[place] = self.exchanges.get(place, 0) + count
        if plan.stopped and plan.verdict in {"same", "not-checked"}:
            self.unfinished += 1
            if len(self.incomplete) < MOST_INCOMPLETE:
                self.incomplete[plan.id] = plan.stopped
        elif plan.id != WORLD:
            self.finished += 1
        if plan.id == WORLD:
            self.worldless = plan.stopped

    @property
    def command(self) -> str:
        """What a person types to ask the same again."""
        return str(self.header["command"])

    @property
    def fail_on(self) -> FailOn:
        """From which severity on a difference fails the run."""
        found: FailOn = self.header["fail_on"]
        return found

    @property
    def open(self) -> list[Finding]:
        """The stable differences that are not listed as known."""
        return [f for f in self.findings if f.stable and f.known is None]

    @property
    def unstable(self) -> list[Finding]:
        """The differences that did not show again, and are not listed as known."""
        return [f for f in self.findings if not f.stable and f.known is None]

    @property
    def breaking(self) -> list[Violation]:
        """The violations that no listed difference explains."""
        return [one for one in self.violations if one.known is None]

    @property
    def failed(self) -> bool:
        """Whether there is something to be mended."""
        # A failure that comes now and then is one all the same.
        graded = [one.severity for one in (*self.open, *self.unstable)]
        graded += [one.severity for one in self.breaking]
        serious = any(fails(severity, self.fail_on) for severity in graded)
        return serious or bool(self.breakdowns) or bool(self.stale)

    @property
    def concluded(self) -> bool:
        """Whether there is something to be mended, or most of it was asked at all.

        Where more than half of the plans came to no end, or all found half a world,
        nothing of the rest says that the stacks do the same.
        """
        asked = bool(self.finished or self.findings) and not self.worldless
        return self.failed or (asked and self.unfinished <= self.finished)

    def verdict(self, place: str) -> str:
        """same, known, unstable, breaks, differs, broken or not-checked."""
        here = [f for f in self.findings if f.operation == place and f.stable]
        unlisted = [f for f in here if f.known is None]
        if any(f.kind == "broken" for f in unlisted):
            return "broken"
        if unlisted or any(v.operation == place for v in self.breaking):
            return "differs" if unlisted else "breaks"
        if any(f.operation == place for f in self.unstable):
            return "unstable"
        if here:
            return "known"
        return "same" if self.exchanges.get(place) else "not-checked"
