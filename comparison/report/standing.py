"""How a result stands: whether it fails the run, or why not; the worst first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from comparison.configuration.severity import SEVERITIES, fails
from comparison.findings.baseline import Baseline, Result, failed
from comparison.findings.results import Finding, Violation
from comparison.report import excerpt
from comparison.report.layout import many
from comparison.report.violation import untold
from comparison.run import Run

OTHERS = "other requests"
PAIR = 2
Outcome = Literal["broken", "nothing", "differs", "same"]
GLYPHS: Mapping[Outcome, str] = {
    "broken": "!",
    "nothing": "–",  # noqa: RUF001 - a dash is meant
    "differs": "≠",
    "same": "=",
}


def excuse(result: Result, run: Run, baseline: Baseline | None = None) -> str:
    """Why a result does not fail the run; empty if it does."""
    if result.known is not None:
        return f"known: {result.known}"
    if baseline is not None and not baseline.is_new(result):
        return "unchanged since the baseline"
    if not fails(result.severity, run.fail_on):
        return f"{result.severity}, and --fail-on is {run.fail_on}"
    return ""


def told(run: Run, baseline: Baseline | None = None) -> list[Result]:
    """What a person should read, the worst first: not listed, and told but once.

    With a `baseline` only what is new since then.
    """

    def fresh(result: Result) -> bool:
        return baseline is None or baseline.is_new(result)

    findings = list(filter(fresh, [*run.open, *run.unstable]))
    violations = list(filter(fresh, run.breaking))
    return sorted((*findings, *untold(violations, findings)), key=_rank)


def _rank(result: Result) -> tuple[int, bool]:
    severity = -SEVERITIES.index(result.severity)
    return severity, isinstance(result, Finding) and not result.stable


def outcome(run: Run, baseline: Baseline | None = None) -> Outcome:
    """How a run ended as a whole."""
    if run.breakdowns:
        return "broken"
    if not run.concluded:
        return "nothing"
    return "differs" if failed(run, baseline) else "same"


def sentence(
    run: Run,
    baseline: Baseline | None = None,
    shown: Callable[[str], str] = excerpt.line,
) -> str:
    """How a run ended, in terms of the stacks; `shown` makes text of their names."""
    how = outcome(run, baseline)
    every = _names([stack["name"] for stack in run.header["stacks"]], shown)
    if how == "broken":
        said = _broken(run, shown)
    elif how == "nothing":
        said = f"nothing was concluded of {every}: most plans came to no end"
    elif how == "differs":
        said = _differing(run, baseline, every, shown)
    else:
        said = _same(run, baseline, every)
    return f"{GLYPHS[how]} {said}."


def _broken(run: Run, shown: Callable[[str], str]) -> str:
    names = list(dict.fromkeys(one.stack for one in run.breakdowns))
    times = len(run.breakdowns)
    often = f" {times} times" if times > len(names) else ""
    left = run.footer.get("unasked", 0)
    rest = f", and {many(left, 'plan')} went unasked" if left else ""
    return f"{_names(names, shown)} broke down{often}{rest}"


def _differing(
    run: Run, baseline: Baseline | None, every: str, shown: Callable[[str], str]
) -> str:
    """What fails the run: differences, or violations where there are none."""
    bad = [one for one in results(run) if not excuse(one, run, baseline)]
    findings = [one for one in bad if isinstance(one, Finding)]
    violations = [one for one in bad if isinstance(one, Violation)]
    stable = [one for one in findings if one.stable]
    if stable:
        who = f"{_sides(stable, shown) or f'{every} differ'} {_places(stable, run)}"
    elif findings:
        who = f"{every} differ now and then, {_places(findings, run)}"
    else:
        who = f"{every} behave the same" if not (run.open or run.unstable) else ""
        who = who or f"{every} differ in nothing that fails the run"
    said = [who]
    if violations and not findings:
        names = list(dict.fromkeys(one.stack for one in violations))
        verb = "breaks" if len(names) == 1 else "break"
        broken = f"{verb} the contract {_places(violations, run)}"
        said.append(f"and {_names(names, shown)} {broken}")
    if run.stale:
        said.append(f"and {many(len(run.stale), 'known difference')} no longer showed")
    new = "" if baseline is None or not bad else "new since the baseline: "
    return new + ", ".join(said)


def _same(run: Run, baseline: Baseline | None, every: str) -> str:
    """That nothing fails the run, as far as it was asked, and what was let pass."""
    names = run.header["operations"]
    asked = sum(run.exchanges.get(name, 0) > 0 for name in names)
    count = many(asked, "operation")
    if asked < len(names):
        count = f"{asked:,} of {many(len(names), 'operation')}"
    limits = f"{count}, as far as asked"
    let_pass = [one for one in told(run) if excuse(one, run, baseline)]
    known = [one for one in results(run) if one.known is not None]
    if let_pass:
        differ = any(isinstance(one, Finding) for one in let_pass)
        verb = "differ" if differ else "break the contract"
        if baseline is not None:
            return f"{every} {verb} in nothing new since the baseline: {limits}"
        return f"{every} {verb} in nothing that fails the run: {limits}"
    but = f" but for {many(len(known), 'known difference')}" if known else ""
    return f"{every} behave the same{but}: {limits}"


def _names(names: Sequence[str], shown: Callable[[str], str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = map(shown, names)
    return f"{', '.join(most)} and {last}" if most else last


def _sides(findings: Sequence[Finding], shown: Callable[[str], str]) -> str:
    """Who differs from whom, where it is the same of more than two everywhere."""
    [first, *others] = {one.partition: one.groups for one in findings}.values()
    if others or len(first) > PAIR or all(len(group) == 1 for group in first):
        return ""
    one, other = sorted(first, key=len)
    verb = "differs" if len(one) == 1 else "differ"
    return f"{_names(one, shown)} {verb} from {_names(other, shown)}"


def _places(found: Sequence[Result], run: Run) -> str:
    """In how many operations, and of what else."""
    places = {one.operation for one in found}
    known = len(places & {*run.header["operations"]})
    others = len(places) - known
    asked = [many(known, "operation")] if known else []
    asked += [many(others, "other request")] if others else []
    return f"in {' and '.join(asked)}"


def results(run: Run) -> list[Result]:
    """All differences and violations, listed or not."""
    return [*run.findings, *run.violations]


def operations(run: Run) -> dict[str, int]:
    """What was asked, and how often: the operations of the contract, then the rest.

    Of the rest what has a result stands alone, all other as `OTHERS`.
    """
    asked, known = run.exchanges, run.header["operations"]
    found = {one.operation for one in results(run)} - {*known}
    counts = {name: asked.get(name, 0) for name in [*known, *sorted(found)]}
    others = sum(asked[name] for name in asked if name not in counts)
    return {**counts, OTHERS: others} if others else counts


def verdict(run: Run, name: str) -> str:
    """That of one of the `operations`."""
    return "same" if name == OTHERS else run.verdict(name)
