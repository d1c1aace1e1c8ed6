"""What breaks the contract, as text."""

from collections.abc import Iterator, Sequence

from comparison.findings.results import Finding, Violation
from comparison.report.layout import case_line, headed, many, wrapped
from comparison.report.paint import Paint

MOST_HERE = 40


def untold(
    violations: Sequence[Violation], findings: Sequence[Finding]
) -> list[Violation]:
    """The violations that no difference has told already."""

    # One without rules tells of none but a status; of thousands most have none.
    telling: dict[str, list[Finding]] = {}
    for one in findings:
        if one.rules or one.kind == "status":
            telling.setdefault(one.operation, []).append(one)
    return [
        violation
        for violation in violations
        if not any(
            _tells(one, violation) for one in telling.get(violation.operation, ())
        )
    ]


def _tells(finding: Finding, violation: Violation) -> bool:
    """Whether a difference of the same operation tells a violation.

    After shrinking the words may be others, of the same rule at the same place; the
    same words there are the same fault, of whatever rule.
    """
    if _is_its_status(violation, finding):
        return True
    within = finding.where.startswith(violation.where)
    here = within or violation.where.startswith(finding.where)
    return (here or finding.kind == "status") and any(
        text.startswith(f"{violation.stack}: {violation.message} (")
        or (
            text.startswith(f"{violation.stack}: ")
            and text.endswith(f"({violation.rule})")
        )
        for text in finding.rules
    )


def _is_its_status(violation: Violation, finding: Finding) -> bool:
    """Whether it is the status that differs: what is written goes while it shrinks."""
    if finding.kind != "status":
        return False
    values = dict(zip(finding.stacks, finding.values, strict=True))
    mine = values.get(violation.stack)
    return any(
        violation.message == f"status {mine}, not {other}" for other in values.values()
    )


def violation_blocks(
    violations: Sequence[Violation], command: str, paint: Paint
) -> str:
    if not violations:
        return ""
    blocks = [paint(many(len(violations), "contract violation"), "bold")]
    # What all stacks do wrong in one way is one block.
    shared: dict[tuple[str, ...], list[Violation]] = {}
    for one in violations:
        key = (one.operation, one.kind, one.where, one.rule)
        shared.setdefault(key, []).append(one)
    for same in list(shared.values())[:MOST_HERE]:
        blocks.append("\n".join(_violation(same, command, paint)))
    if len(shared) > MOST_HERE:
        left = len(shared) - MOST_HERE
        blocks.append(f"  … and {left} more: --format json shows all.")
    return "\n\n".join(blocks)


def _violation(
    violations: list[Violation], command: str, paint: Paint
) -> Iterator[str]:
    first = violations[0]
    place = f" at {first.where}" if first.where else ""
    names = ", ".join(one.stack for one in violations)
    title = f"≠ {names} · {first.operation}: {first.kind}{place}"
    yield headed(title, "red", paint, f" ({many(first.count, 'time')})")
    yield from wrapped(first.request, "    ", most=2)
    yield from wrapped(first.message, "    ", most=3)
    yield from wrapped(f"→ breaks {first.rule}", "    ")
    yield case_line(command, first.plan)
