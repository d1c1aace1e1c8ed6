"""The results of a measurement, one line of the run file each."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Checked:
    """A plan that was run. Verdicts: same, differs, broken, not-checked.

    `exchanges` counts requests to each stack by operation (or by what was asked).
    """

    id: str
    verdict: str
    exchanges: dict[str, int]
    stopped: str = ""


@dataclass(frozen=True)
class Finding:
    """Differences of one signature, with the plan that shows them best.

    `stacks` are the two compared, `values` what each answered at `where`. `blamed`
    names those that break the contract, `rules` which parts of it and how. `replies`
    and `reproduce` (a curl line) are by stack and belong to step `step` of `plan`.
    Not `stable`: it did not show again, or could not be `confirmed`.
    """

    id: str
    operation: str
    theme: str
    kind: str
    where: str
    severity: str
    stacks: list[str]
    values: list[str]
    count: int
    stable: bool
    blamed: list[str]
    rules: list[str]
    plan: dict[str, Any]
    step: int
    request: str
    replies: dict[str, dict[str, Any]]
    reproduce: dict[str, str]
    handlers: dict[str, str]
    known: str | None = None
    confirmed: bool = True

    @property
    def verdict(self) -> str:
        """Who breaks the contract, in words."""
        if not self.blamed:
            return "both keep the contract as far as it can be checked"
        if len(self.blamed) > 1:
            return "both break the contract"
        return f"{self.blamed[0]} breaks the contract"


@dataclass(frozen=True)
class Violation:
    """Replies of one stack that break the contract in one way."""

    stack: str
    operation: str
    kind: str
    where: str
    message: str
    rule: str
    plan: str
    request: str
    count: int


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
