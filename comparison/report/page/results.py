"""What is to be mended, ready to be shown: alike ones folded, of many the first."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Finding, Violation
from comparison.report import excerpt
from comparison.report.page.marked import Said, replies
from comparison.report.standing import excuse, told
from comparison.run import Run

NUMBERED = re.compile(r"\b[A-Z][0-9]+\b")
MOST_GROUPS = 15
MOST_ALIKE = 10
MOST_STEPS = 20
# What all of them may have together, so that a page of thousands opens at once.
MOST_CHARACTERS = 800_000


@dataclass(frozen=True)
class Shown:
    """One result in full, and those that are like it as titles with their commands."""

    title: str
    brief: str
    glyph: str
    severity: str
    count: int
    account: Sequence[str]
    excuse: str
    places: Sequence[str]
    asked: str
    replies: Sequence[Said]
    curl: Sequence[tuple[str, str]]
    rules: Sequence[str]
    again: str
    alike: Sequence[tuple[str, str]]
    more: int

    @property
    def characters(self) -> int:
        """About how much of a page it takes."""
        said = sum(len(text) for one in self.replies for text, _ in one.pieces)
        curl = (text for _, text in self.curl)
        return said + sum(map(len, [*self.account, *curl, self.asked]))


@dataclass
class Folded:
    """The results of one operation; `left` are not shown, not even by a title."""

    differences: int = 0
    violations: int = 0
    shown: list[Shown] = field(default_factory=list)
    left: int = 0


def by_operation(run: Run, baseline: Baseline | None) -> Mapping[str, Folded]:
    """What a person should read of every operation, the worst first."""
    every: dict[str, list[Result]] = {}
    for result in told(run):
        every.setdefault(result.operation, []).append(result)
    folded, room = {}, MOST_CHARACTERS
    for name, results in every.items():
        folded[name], room = _folded(results, run, baseline, room)
    return folded


def _folded(
    results: Sequence[Result], run: Run, baseline: Baseline | None, room: int
) -> tuple[Folded, int]:
    groups: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        groups.setdefault(_likeness(result), []).append(result)
    violations = sum(isinstance(one, Violation) for one in results)
    folded = Folded(len(results) - violations, violations)
    for alike in groups.values():
        if room <= 0 or len(folded.shown) == MOST_GROUPS:
            folded.left += len(alike)
            continue
        one = _shown(alike, run, baseline)
        room -= one.characters
        folded.shown.append(one)
    return folded, room


def _likeness(result: Result) -> tuple[str, ...]:
    if isinstance(result, Violation):
        return ("violation", result.kind, result.where, result.rule)
    return ("difference", result.kind, result.theme, result.partition)


def _shown(alike: Sequence[Result], run: Run, baseline: Baseline | None) -> Shown:
    first, *others = alike
    finding = first if isinstance(first, Finding) else None
    return Shown(
        title=excerpt.title(first),
        brief=_brief(first),
        glyph="?" if finding and excerpt.sure(finding) else "≠",
        severity=first.severity,
        count=first.count,
        account=list(excerpt.account(first)),
        excuse=excerpt.line(excuse(first, run, baseline)),
        places=[f"{s} {path}:{at}" for s, path, at in excerpt.places(first, run)],
        asked="\n".join(_asked(finding)) if finding else "",
        replies=replies(finding) if finding else [],
        curl=[
            (stack, excerpt.line(one))
            for stack, one in (finding.reproduce.items() if finding else ())
        ],
        rules=_rules(first, run.header.get("contract_rules", {})),
        again=excerpt.again(first, run),
        alike=[
            (excerpt.title(one), excerpt.again(one, run)) for one in others[:MOST_ALIKE]
        ],
        more=max(0, len(others) - MOST_ALIKE),
    )


def _brief(result: Result) -> str:
    """What is wrong, on one line: where, and what each side says there."""
    if isinstance(result, Violation):
        return excerpt.line(f"{result.stack}: {result.message}")
    place = "" if result.where in {"", result.kind} else f" at {result.where}"
    said = (
        f"{', '.join(group)}: {result.values[result.stacks.index(group[0])]}"
        for group in result.groups
    )
    return excerpt.line(f"{result.kind}{place}; {'; '.join(said)}")


def _rules(result: Result, known: Mapping[str, str]) -> list[str]:
    """The names of the numbered rules that it is about.

    Those of a plan, which may be many, only where nothing nearer is known.
    """
    if isinstance(result, Violation):
        said = [result.rule]
    else:
        said = result.rules or [str(name) for name in result.plan.get("rules", [])]
    names = [name for text in said for name in NUMBERED.findall(text)]
    return [name for name in dict.fromkeys(names) if name in known]


def _asked(finding: Finding) -> Iterator[str]:
    """Who sent what, up to the step in which they differ."""
    steps = finding.plan.get("steps", [])[: finding.step + 1]
    if len(steps) > MOST_STEPS:
        yield f"… {len(steps) - MOST_STEPS} steps before"
    for step in steps[-MOST_STEPS:]:
        who = step.get("identity", "anonymous")
        yield excerpt.line(f"{step.get('request', '')}   as {who}")
        for name, value in step.get("headers", {}).items():
            without = f"    without {name}" if value is None else f"    {name}: {value}"
            yield excerpt.line(without)
        if step.get("json"):
            yield "    " + excerpt.line(json.dumps(step["json"][0], ensure_ascii=False))
        elif body := step.get("text", step.get("hex")):
            yield "    " + excerpt.line(str(body))
