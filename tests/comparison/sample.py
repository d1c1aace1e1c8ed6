"""Results of a run as a measurement would write them, for tests of what reads them."""

from collections.abc import Sequence
from typing import Any

from comparison.findings.results import Finding, Violation
from comparison.run import Run


def finding(
    operation: str = "getItem",
    kind: str = "value",
    where: str = "/title",
    *,
    groups: Sequence[Sequence[str]] = (("left",), ("right",)),
    trigger: str = "",
    **other: Any,
) -> Finding:
    """A finding; `trigger` tells those apart whose place is the same."""
    stacks = [name for group in groups for name in group]
    given: dict[str, Any] = {
        "id": f"{operation}.{kind}.{where}{trigger}",
        "operation": operation,
        "theme": f"{kind} {where}",
        "kind": kind,
        "where": where,
        "severity": "visible",
        "stacks": stacks,
        "values": ["1", *("2" for _ in stacks[1:])],
        "groups": [list(group) for group in groups],
        "count": 1,
        "stable": True,
        "blamed": [],
        "rules": [],
        "lacks": "",
        "plan": {},
        "step": 0,
        "request": "GET /items/1",
        "replies": {},
        "reproduce": {},
        "handlers": {},
    }
    return Finding(**{**given, **other})


def violation(operation: str = "getItem", **other: Any) -> Violation:
    """A reply of the stack `right` that breaks the contract."""
    given: dict[str, Any] = {
        "stack": "right",
        "operation": operation,
        "kind": "schema",
        "where": "/title",
        "message": "is no string",
        "rule": "#/paths",
        "plan": "p",
        "request": "GET /items/1",
        "count": 1,
    }
    return Violation(**{**given, **other})


def run(
    *results: Finding | Violation,
    asked: Sequence[str] = ("getItem",),
    partial: bool = False,
    **header: Any,
) -> Run:
    """A run of two stacks that asked these operations ten times each."""
    given = {
        "seed": 1,
        "contract": {"title": "Shop", "path": "shop.yaml", "sha256": "0" * 64},
        "stacks": [{"name": "left"}, {"name": "right"}],
        "operations": ["getItem", "listItems"],
    }
    return Run(
        header={**given, **header},
        footer={"partial": partial},
        exchanges=dict.fromkeys(asked, 10),
        findings=[one for one in results if isinstance(one, Finding)],
        violations=[one for one in results if isinstance(one, Violation)],
    )


def whole(*results: Finding | Violation, **header: Any) -> Run:
    """A run with all that a report tells of it."""
    stacks = [{"name": name, "title": "", "url": ""} for name in ("left", "right")]
    given = {
        "started": "2026-01-31T12:00:00+00:00",
        "stacks": stacks,
        "fail_on": "cosmetic",
        "rules": [],
        "command": "python compare.py",
    }
    made = run(*results, **{**given, **header})
    made.footer |= dict.fromkeys(("unlisted", "unasked", "forbidden"), 0)
    made.footer |= {"exchanges": 10, "plans": 5, "seconds": 1}
    made.finished = 5
    return made
