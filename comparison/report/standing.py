"""How a result stands: whether it fails the run, or why not; the worst first."""

from collections.abc import Mapping
from typing import Literal

from comparison.configuration.severity import SEVERITIES, fails
from comparison.findings.baseline import Baseline, Result, failed
from comparison.findings.results import Finding
from comparison.report.violation import untold
from comparison.run import Run

OTHERS = "other requests"
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


def sentence(run: Run, baseline: Baseline | None = None) -> str:
    """How a run ended, as a sentence."""
    how = outcome(run, baseline)
    said = {
        "broken": "A stack broke down.",
        "nothing": "Nothing was concluded: most plans came to no end.",
        "differs": "There is something to mend.",
        "same": "Nothing to mend was found.",
    }
    return f"{GLYPHS[how]} {said[how]}"


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
