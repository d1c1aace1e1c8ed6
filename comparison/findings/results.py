"""The results of a measurement, one line of the run file each."""

from dataclasses import dataclass, field
from typing import Any

from comparison.configuration.severity import Severity


@dataclass(frozen=True)
class Checked:
    """A plan that was run. Verdicts: same, differs, broken, not-checked.

    `exchanges` counts requests to each stack by operation (or by what was asked).
    `plan` is the plan as JSON, so that a run file can be replayed.
    """

    id: str
    verdict: str
    exchanges: dict[str, int]
    stopped: str = ""
    plan: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """Differences of one signature, with the plan that shows them best.

    `stacks` are all that were compared, `values` what each answered at `where`, and
    `groups` those that answered alike, the reference's group first. `blamed` names
    those that break the contract, `rules` which parts of it and how; where it is
    silent, `lacks` says of what. `replies` and `reproduce` (a curl line) are by stack
    and belong to step `step` of `plan`. Not `stable`: it did not show again, could not
    be `confirmed`, or stacks that are `noisy` differ there from themselves.
    """

    id: str
    operation: str
    theme: str
    kind: str
    where: str
    severity: Severity
    stacks: list[str]
    values: list[str]
    groups: list[list[str]]
    count: int
    stable: bool
    blamed: list[str]
    rules: list[str]
    lacks: str
    plan: dict[str, Any]
    step: int
    request: str
    replies: dict[str, dict[str, Any]]
    reproduce: dict[str, str]
    handlers: dict[str, str]
    known: str | None = None
    confirmed: bool = True
    noisy: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Who breaks the contract, in words."""
        every = "both" if len(self.stacks) == 2 else "all"  # noqa: PLR2004
        if not self.blamed:
            return f"{every} keep the contract as far as it can be checked"
        if len(self.blamed) == len(self.stacks):
            return f"{every} break the contract"
        verb = "breaks" if len(self.blamed) == 1 else "break"
        return f"{' and '.join(self.blamed)} {verb} the contract"

    @property
    def partition(self) -> str:
        """Who stands against whom: `{fastapi, fastify} against {express}`."""
        groups = ("{" + ", ".join(group) + "}" for group in self.groups)
        return " against ".join(groups)


@dataclass(frozen=True)
class Violation:
    """Replies of one stack that break the contract in one way.

    `known` is the reason of a listed difference that explains it.
    """

    stack: str
    operation: str
    kind: str
    where: str
    message: str
    rule: str
    plan: str
    request: str
    count: int
    severity: Severity = "breaking"
    known: str | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two violations the same."""
        return (self.stack, self.operation, self.kind, self.where, self.rule)


@dataclass(frozen=True)
class Breakdown:
    """A stack that died or stopped answering; `tail` is the end of its log."""

    stack: str
    what: str
    plan: str
    request: str
    tail: str
    advice: str


Result = Checked | Finding | Violation | Breakdown


@dataclass(frozen=True)
class Talk:
    """What one stack was sent in a step and what it answered, ready to be read."""

    stack: str
    curl: str
    request: str
    answer: str
    headers: list[tuple[str, str]]
    body: str
    breaches: list[str]


@dataclass(frozen=True)
class CaseStep:
    """A step of a case; of each difference its kind, its place, and both answers."""

    place: str
    identity: str
    talks: list[Talk]
    differences: list[tuple[str, str, dict[str, str]]]


@dataclass(frozen=True)
class Case:
    """One plan in full. `stopped` says why it did not come to its end."""

    id: str
    title: str
    rules: list[str]
    steps: list[CaseStep]
    stopped: str
