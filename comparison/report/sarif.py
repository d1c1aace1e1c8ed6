"""SARIF 2.1.0: every result with its handlers, for what shows findings beside code."""

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from comparison.configuration.severity import default_severity
from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Breakdown, Finding
from comparison.printable import printable
from comparison.report import excerpt, standing
from comparison.report.json import summary, written
from comparison.run import Run

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "SRCROOT"
LEVELS = {"breaking": "error", "visible": "warning", "cosmetic": "note"}


def render(run: Run, baseline: Baseline | None = None) -> str:
    """The whole report as indented JSON that ends with a newline."""
    results = [
        *(_result(one, run, baseline) for one in standing.results(run)),
        *(_breakdown(one, run) for one in run.breakdowns),
        *(_stale(entry, run) for entry in run.stale),
    ]
    rules = sorted({one["ruleId"] for one in results})
    for one in results:
        one["ruleIndex"] = rules.index(one["ruleId"])
    driver = {"name": "compare.py", "rules": [_rule(name) for name in rules]}
    whole = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: _root()},
        "invocations": [_invocation(run, baseline)],
        "results": results,
        "properties": {"summary": summary(run)},
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [whole]})


def _root() -> dict[str, Any]:
    return {"description": {"text": "The folder of compare.py, or where it was run"}}


def _invocation(run: Run, baseline: Baseline | None) -> dict[str, Any]:
    said = [standing.sentence(run, baseline), *dict.fromkeys(run.incomplete.values())]
    notes = [{"level": "note", "message": message(text)} for text in said]
    return {
        "executionSuccessful": run.concluded,
        "startTimeUtc": run.header["started"].replace("+00:00", "Z"),
        "toolExecutionNotifications": notes,
    }


def message(text: str) -> dict[str, str]:
    """A text in which nothing is a link or a place to fill in."""
    text = printable(text)
    for mark in ("\\", "[", "]"):
        text = text.replace(mark, f"\\{mark}")
    # Section 3.11.5: braces are doubled, as one alone begins a placeholder.
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _rule(name: str) -> dict[str, Any]:
    about, _, kind = name.partition("/")
    said = {
        "difference": f"The stacks differ: {kind}",
        "violation": f"A reply breaks the contract: {kind}",
        "broken": "A stack died or stopped answering",
        "stale": "A known difference no longer occurs",
    }
    level = LEVELS[default_severity(kind, "")] if about == "difference" else "error"
    return {
        "id": name,
        "shortDescription": message(said[about]),
        "defaultConfiguration": {"level": level},
    }


def _result(result: Result, run: Run, baseline: Baseline | None) -> dict[str, Any]:
    about = "difference" if isinstance(result, Finding) else "violation"
    lines = [
        excerpt.title(result),
        *excerpt.account(result),
        excerpt.again(result, run),
    ]
    locations = [_location(*place) for place in excerpt.places(result, run)]
    found: dict[str, Any] = {
        "ruleId": excerpt.line(f"{about}/{result.kind}"),
        "level": LEVELS[result.severity],
        "message": message("\n".join(lines)),
        "locations": locations[:1] or [_contract(run)],
        "relatedLocations": [
            {"id": n, **one} for n, one in enumerate(locations[1:], 1)
        ],
        "partialFingerprints": {"compare/v1": _identity(result)},
        "occurrenceCount": result.count,
        "properties": _properties(result),
    }
    named = {"fullyQualifiedName": excerpt.line(result.operation), "kind": "function"}
    found["locations"][0]["logicalLocations"] = [named]
    if result.known is not None:
        found["suppressions"] = [_suppression(result.known)]
    if baseline is not None:
        new = baseline.is_new(result)
        found["baselineState"] = "new" if new else "unchanged"
    return found


def _identity(result: Result) -> str:
    if isinstance(result, Finding):
        return printable(result.id, keep="")
    return printable(" ".join(result.key), keep="")


def _properties(result: Result) -> dict[str, Any]:
    given: dict[str, Any] = {"severity": result.severity, "where": result.where}
    if isinstance(result, Finding):
        given |= {"stable": result.stable, "confirmed": result.confirmed}
        given["tags"] = [
            *dict.fromkeys(map(excerpt.line, result.plan.get("rules", [])))
        ]
    else:
        given |= {"stack": result.stack, "rule": result.rule}
    texts = {key: excerpt.line(v) for key, v in given.items() if isinstance(v, str)}
    return {**given, **texts}


def _suppression(reason: str) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": excerpt.line(reason),
    }


def _location(stack: str, path: str, line: int) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(path),
            "region": {"startLine": line},
        },
        "message": message(f"The handler of {stack}"),
    }


def _contract(run: Run) -> dict[str, Any]:
    """Where there is no handler: servers that are known by their URL alone."""
    artifact = _artifact(run.header["contract"]["path"])
    return {"physicalLocation": {"artifactLocation": artifact}}


def _artifact(path: str) -> dict[str, str]:
    """A path below the project as such; any other path, or a URL, in full."""
    if "://" in path:
        return {"uri": quote(printable(path, keep=""), safe="/:?&=#%~+,;@!$'()*")}
    whole = PurePath(path)
    if whole.is_absolute():
        return {"uri": whole.as_uri()}
    return {"uri": quote(whole.as_posix(), errors="replace"), "uriBaseId": ROOT}


def _breakdown(one: Breakdown, run: Run) -> dict[str, Any]:
    said = [f"{one.stack} broken: {one.what}", f"at {one.request}", one.advice]
    lines = [*map(excerpt.line, said), excerpt.again(one, run)]
    return {
        "ruleId": "broken",
        "level": "error",
        "message": message("\n".join(lines)),
        "locations": [_contract(run)],
        "partialFingerprints": {"compare/v1": excerpt.line(f"{one.stack} {one.plan}")},
    }


def _stale(entry: dict[str, Any], run: Run) -> dict[str, Any]:
    named = f"{entry['operation']}: {entry['kind']} at {entry['where']}"
    return {
        "ruleId": "stale",
        "level": "error",
        "message": message(excerpt.line(f"{named}: {entry['why']}")),
        "locations": [_contract(run)],
        "partialFingerprints": {"compare/v1": excerpt.line(named)},
    }
