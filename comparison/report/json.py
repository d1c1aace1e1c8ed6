"""The report for programs: described by `report.schema.json`, version 2."""

import json
import math
from collections.abc import Mapping
from typing import Any

from comparison.findings.baseline import Baseline, Result, failed
from comparison.findings.results import Finding
from comparison.printable import harmless_json
from comparison.run import Run


def render(run: Run, baseline: Baseline | None = None) -> str:
    """The whole report as indented JSON that ends with a newline."""
    return written(_finite(report(run, baseline)))


def written(value: Any) -> str:
    """A JSON value as text, in which a host of builds finds nothing to obey."""
    text = json.dumps(value, indent=2, allow_nan=False)
    return harmless_json(text) + "\n"


def report(run: Run, baseline: Baseline | None = None) -> dict[str, Any]:
    """The report as a JSON value."""
    header = run.header
    return {
        "version": 2,
        "contract": header["contract"],
        "stacks": header["stacks"],
        "seed": header["seed"],
        "started": header["started"],
        "seconds": run.footer["seconds"],
        "partial": run.footer["partial"],
        "failed": failed(run, baseline),
        "fail_on": run.fail_on,
        "summary": summary(run),
        "operations": _operations(run),
        "differences": [_difference(finding) for finding in run.findings],
        "conformance": [vars(violation) for violation in run.violations],
        "broken": [vars(breakdown) for breakdown in run.breakdowns],
        "stale": run.stale,
        "rules": header["rules"],
        "baseline": None if baseline is None else _baseline(baseline),
        "incomplete": run.incomplete,
        "speed": run.speed,
    }


def _operations(run: Run) -> list[dict[str, Any]]:
    """Those of the contract, then what else was asked."""
    known, exchanges = run.header["operations"], run.exchanges
    return [
        {
            "name": name,
            "documented": name in known,
            "verdict": run.verdict(name),
            "exchanges": exchanges.get(name, 0),
        }
        for name in [*known, *sorted(set(exchanges) - set(known))]
    ]


def _finite(value: Any) -> Any:
    """A value without the numbers that JSON has no word for.

    A server may have written 1e400, of which Python makes Infinity.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return list(map(_finite, value)) if isinstance(value, list | tuple) else value


def _baseline(baseline: Baseline) -> dict[str, Any]:
    """Differences by their ids, violations as such."""
    return {
        "new": [_named(one) for one in baseline.new],
        "gone": [_named(one) for one in baseline.gone],
        "unchanged": [_named(one) for one in baseline.unchanged],
        "unasked": [_named(one) for one in baseline.unasked],
        "warnings": list(baseline.warnings),
    }


def _named(result: Result) -> str:
    return result.id if isinstance(result, Finding) else " ".join(result.key)


def summary(run: Run) -> dict[str, int]:
    """All the counts of a run, which are the same in every form."""
    verdicts = [run.verdict(name) for name in run.header["operations"]]
    return {
        "operations": len(verdicts),
        "plans": run.footer["plans"],
        "exchanges": run.footer["exchanges"],
        "same": verdicts.count("same"),
        "known": sum(f.known is not None and f.stable for f in run.findings),
        "differs": len(run.open),
        "unstable": len(run.unstable),
        "broken": len(run.breakdowns),
        "violations": len(run.breaking),
        "stale": len(run.stale),
        "unlisted": run.footer["unlisted"],
        "forbidden": run.footer["forbidden"],
    }


def _difference(finding: Finding) -> dict[str, Any]:
    return {**vars(finding), "verdict": finding.verdict}
