"""What differs and need not be mended now: known, ignored, or as it was before."""

from collections.abc import Iterator, Sequence

from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Finding
from comparison.report.layout import headed, wrapped
from comparison.report.paint import Paint
from comparison.run import Run

MOST_HERE = 20


def accepted(run: Run, paint: Paint) -> str:
    """Known differences, stale entries, and the rules that loosen the comparison."""
    lines = []
    for finding in run.findings:
        if finding.known is not None and finding.stable:
            title = f"≈ {finding.operation}: {finding.kind} at {finding.where}"
            lines += [headed(title, "yellow", paint), *wrapped(finding.known, "    ")]
    for one in run.violations:
        if one.known is not None:
            place = f" at {one.where}" if one.where else ""
            title = f"≈ {one.stack} · {one.operation}: {one.kind}{place} ({one.rule})"
            lines += [headed(title, "yellow", paint), *wrapped(one.known, "    ")]
    for entry in run.stale:
        title = f"≠ known difference {entry['operation']}: {entry['kind']}"
        lines.append(headed(f"{title} at {entry['where']}", "red", paint))
        lines += wrapped(f"→ {entry['why']} (known_differences.toml)", "    ")
    for rule in run.header["rules"]:
        title = f"≈ {rule['operation']}: {rule['rule']} {rule['where']}"
        lines += [headed(title, "yellow", paint), *wrapped(rule["reason"], "    ")]
    return "\n".join(lines)


def since(baseline: Baseline | None, paint: Paint) -> str:
    """What became of the differences of an earlier run."""
    if baseline is None:
        return ""
    lines = [headed(f"! {one}", "yellow", paint) for one in baseline.warnings]
    for word, results in (
        ("gone", baseline.gone),
        ("unchanged", baseline.unchanged),
        ("not asked again", baseline.unasked),
    ):
        lines += _listed(word, results)
    return "\n".join(lines)


def _listed(word: str, results: Sequence[Result]) -> Iterator[str]:
    if not results:
        return
    yield f"{len(results)} {word} since the baseline"
    for one in results[:MOST_HERE]:
        stack = "" if isinstance(one, Finding) else f" ({one.stack})"
        place = f" at {one.where}" if one.where else ""
        yield from wrapped(f"{one.operation}: {one.kind}{place}{stack}", "    ")
    if len(results) > MOST_HERE:
        yield f"    … and {len(results) - MOST_HERE} more"
