"""The report for programs: described by `report.schema.json`, version 1."""

import json
from typing import Any

from comparison.results import Finding
from comparison.run import Run


def render(run: Run) -> str:
    """The whole report as indented JSON that ends with a newline."""
    return json.dumps(report(run), indent=2) + "\n"


def report(run: Run) -> dict[str, Any]:
    """The report as a JSON value."""
    header = run.header
    exchanges = run.exchanges
    names = [*header["operations"], *sorted(set(exchanges) - set(header["operations"]))]
    return {
        "version": 1,
        "contract": header["contract"],
        "stacks": header["stacks"],
        "seed": header["seed"],
        "started": header["started"],
        "seconds": run.footer["seconds"],
        "partial": run.footer["partial"],
        "failed": run.failed,
        "summary": _summary(run),
        "operations": [
            {
                "name": name,
                "documented": name in header["operations"],
                "verdict": run.verdict(name),
                "exchanges": exchanges.get(name, 0),
            }
            for name in names
        ],
        "differences": [_difference(finding) for finding in run.findings],
        "conformance": [vars(violation) for violation in run.violations],
        "broken": [vars(breakdown) for breakdown in run.breakdowns],
        "stale": run.stale,
        "incomplete": run.incomplete,
    }


def _summary(run: Run) -> dict[str, int]:
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
        "violations": len(run.violations),
        "stale": len(run.stale),
    }


def _difference(finding: Finding) -> dict[str, Any]:
    return {**vars(finding), "verdict": finding.verdict}
