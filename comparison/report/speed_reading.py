"""A measurement of speed as renderers read it: who is compared with whom, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from comparison.report.excerpt import line
from comparison.report.speed_figures import Figures, inverse

Entry = Mapping[str, Any]
Quantity = Literal["throughput", "cpu"]
# "no": of neither anybody knows how fast it is.
Bound = Literal["", "at least", "at most", "no"]
TURNED = {"faster": "slower", "slower": "faster", "at least": "at most"}
TURNED |= {"at most": "at least"}
UNCLEAR = "no clear difference"


@dataclass(frozen=True)
class Told:
    """The ratio of `subject` to `to`; a `bound` where the generator was too slow."""

    subject: str
    to: str
    quantity: Quantity
    ratio: Figures
    verdict: str
    bound: Bound = ""

    @property
    def clear(self) -> bool:
        """Whether there is a difference."""
        return self.verdict != UNCLEAR

    def turned(self) -> "Told":
        """The ratio of `to` to `subject`."""
        bound: Any = TURNED.get(self.bound, self.bound)
        verdict = TURNED.get(self.verdict, self.verdict)
        ratio = inverse(self.ratio)
        return Told(self.to, self.subject, self.quantity, ratio, verdict, bound)


@dataclass(frozen=True)
class Reading:
    """All of a measurement, as JSON, with what is looked up in it."""

    speed: Entry

    @cached_property
    def subjects(self) -> dict[str, Entry]:
        """All of them by their names."""
        return {one["name"]: one for one in self.speed["subjects"]}

    def of_role(self, role: str, of: str | None = None) -> list[str]:
        """The names of stacks, controls or references, those of one stack if given."""
        return [
            one["name"]
            for one in self.speed["subjects"]
            if one["role"] == role and of in {None, one["of"]}
        ]

    @cached_property
    def stacks(self) -> list[str]:
        """The names of what is compared."""
        return self.of_role("stack")

    def number(self, name: str) -> int:
        """Which of the stacks it is, or is of, so that it has the same shape always."""
        one = self.subjects.get(name, {"name": name, "of": None})
        base = one["of"] or one["name"]
        return self.stacks.index(base) if base in self.stacks else len(self.stacks)

    def title(self, name: str) -> str:
        """What a subject is called, on one line."""
        one = self.subjects.get(name)
        return line((one and one["title"]) or name)

    def workload(self, name: str) -> str:
        """The title of a workload, on one line."""
        found = (one for one in self.speed["workloads"] if one["name"] == name)
        return line(next(found, {"title": name})["title"])

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Which stack is told as a multiple of which, each pair but once."""
        found: dict[frozenset[str], tuple[str, str]] = {}
        for workload in self.speed["workloads"]:
            for one in workload["ratios"]:
                names = (one["subject"], one["to"])
                if all(name in self.stacks for name in names):
                    found.setdefault(frozenset(names), names)
        return [*found.values()]

    def overall(
        self, subject: str, to: str, quantity: Quantity = "throughput"
    ) -> Told | None:
        """The mean of the ratios of all workloads; None without one."""
        pair = {subject, to}
        ratios = [o for o in self.speed["overall"] if {o["subject"], o["to"]} == pair]
        whole = {"ratios": ratios, "measures": []}
        return self.ratio(whole, subject, to, quantity)

    def ratio(
        self, workload: Entry, subject: str, to: str, quantity: Quantity = "throughput"
    ) -> Told | None:
        """That of two subjects, whichever way it was written; None without one."""
        for one in workload["ratios"]:
            names = (one["subject"], one["to"])
            if one["quantity"] == quantity and {*names} == {subject, to}:
                bound = _bound(workload, *names) if quantity == "throughput" else ""
                told = Told(*names, quantity, one["ratio"], one["verdict"], bound)
                return told if names == (subject, to) else told.turned()
        return None

    def ratios(
        self, subject: str, to: str, quantity: Quantity = "throughput"
    ) -> list[tuple[Entry, Told]]:
        """Those of all workloads that have one, each with its workload."""
        every = self.speed["workloads"]
        found = [(one, self.ratio(one, subject, to, quantity)) for one in every]
        return [(one, told) for one, told in found if told is not None]


def measure(workload: Entry, subject: str) -> Entry | None:
    """What a subject made of a workload; None where it was not asked."""
    found = (one for one in workload["measures"] if one["subject"] == subject)
    return next(found, None)


def profiles(speed: Entry) -> list[Entry]:
    """The breakdowns that there are; of the others only a note is known."""
    return [one for one in speed["breakdowns"] if one.get("layers")]


def unprofiled(speed: Entry) -> list[Entry]:
    """Those of which there is nothing but a note."""
    return [one for one in speed["breakdowns"] if not one.get("layers")]


def _bound(workload: Entry, subject: str, to: str) -> Bound:
    capped = [
        bool(one and one["at_least"])
        for one in (measure(workload, subject), measure(workload, to))
    ]
    bounds: Sequence[Bound] = ("", "at most", "at least", "no")
    return bounds[2 * capped[0] + capped[1]]
