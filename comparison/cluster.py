"""Differences of one kind are one finding: signatures, themes, severity."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from comparison.difference import Broken, Difference, parsed
from comparison.exchange import Answer, Failure
from comparison.plan import Plan
from comparison.trace import Taken, Trace

# What a client stumbles over; the rest is seen by whoever looks.
BREAKING = frozenset(
    {"broken", "status", "missing", "null", "type", "not-json", "length", "media-type"}
)


@dataclass(frozen=True)
class Signature:
    """What makes two differences the same finding. `lane` is the other stack's."""

    lane: int
    place: str
    kind: str
    where: str
    trigger: str = ""

    @property
    def id(self) -> str:
        """A short name, the same in every run."""
        content = "\n".join((self.place, self.kind, self.where, self.trigger))
        end = hashlib.sha256(f"{self.lane}\n{content}".encode()).hexdigest()[:4]
        place = "".join(c if c.isalnum() else "-" for c in self.place).strip("-")
        return f"{place}.{self.kind}.{end}"

    @property
    def theme(self) -> str:
        """What findings of several operations may have in common."""
        part = self.where.rsplit("/", 1)[-1]
        return " ".join(word for word in (self.kind, part, self.trigger) if word)

    @property
    def severity(self) -> str:
        """breaking or visible."""
        return "breaking" if self.kind in BREAKING else "visible"


@dataclass
class Cluster:
    """All differences of one signature, kept as their first and their number."""

    signature: Signature
    plan: Plan
    step: int
    taken: Taken
    difference: Difference
    count: int = 1
    stable: bool = True
    confirmed: bool = True

    @property
    def values(self) -> list[str]:
        """What the two stacks answered."""
        return [self.difference.first, self.difference.second]


@dataclass
class Clusters:
    """The findings of a run so far."""

    by_signature: dict[Signature, Cluster] = field(default_factory=dict)

    def add(self, trace: Trace) -> list[Signature]:
        """Sort in what a trace shows; gives the signatures not seen before."""
        new = []
        for step, taken, signature, difference in differences(trace):
            found = self.by_signature.get(signature)
            if found is not None:
                found.count += 1
                continue
            new.append(signature)
            self.by_signature[signature] = Cluster(
                signature, trace.plan, step, taken, difference
            )
        return new


def differences(
    trace: Trace,
) -> Iterator[tuple[int, Taken, Signature, Difference]]:
    """Every difference of a trace: step, what was taken, signature, difference."""
    for step, taken in enumerate(trace.taken):
        for lane, found in enumerate(taken.differences, 1):
            for difference in found:
                signature = Signature(
                    lane,
                    taken.place,
                    difference.kind,
                    difference.where,
                    _trigger(taken, lane, difference),
                )
                yield step, taken, signature, difference


def _trigger(taken: Taken, lane: int, difference: Difference) -> str:
    """What tells two causes apart where kind and place are the same."""
    if difference.kind in {"status", "broken"}:
        said = [_errors(answer) for answer in (taken.answers[0], taken.answers[lane])]
        texts = (difference.first, difference.second)
        pairs = zip(texts, said, strict=True)
        return " against ".join(" ".join(filter(None, pair)) for pair in pairs)
    if difference.where.startswith("/errors"):
        return f"{difference.first} against {difference.second}"
    return ""


def _errors(answer: Answer) -> str:
    """The errors of a reply in the shape of this contract, short; else nothing."""
    if isinstance(answer, Failure):
        return ""
    body: Any = parsed(answer.body)
    if isinstance(body, Broken) or not isinstance(body, dict) or "errors" not in body:
        return ""
    return json.dumps(body["errors"], sort_keys=True)[:120]
