"""One difference as text."""

import json
from collections.abc import Iterator
from typing import Any

from comparison.findings.results import Finding
from comparison.printable import printable
from comparison.report.layout import case_line, headed, many, wrapped
from comparison.report.paint import Paint


def finding_lines(
    finding: Finding, command: str, paint: Paint, verbose: bool
) -> Iterator[str]:
    """The lines of a difference; `verbose` adds its steps and curl lines."""
    place = "" if finding.where in {"", finding.kind} else f" at {finding.where}"
    title = f"≠ {finding.operation}: {finding.kind}{place}"
    times = many(finding.count, "time")
    sure = "" if finding.confirmed else ", not confirmed"
    yield headed(title, "red", paint, f" ({finding.severity}, {times}{sure})")
    yield from wrapped(finding.request, "    ", most=2)
    yield from _sent(finding.plan["steps"][finding.step])
    names = [", ".join(group) for group in finding.groups]
    width = max(map(len, names))
    for name, group in zip(names, finding.groups, strict=True):
        value = finding.values[finding.stacks.index(group[0])]
        yield from wrapped(value, f"    {name:<{width}}  ", most=3)
        yield from _error(finding, group[0], width)
    yield from wrapped(finding.verdict, "    → ")
    for rule in finding.rules[:4]:
        yield from wrapped(rule, "      ", most=3)
    yield from _advice(finding)
    for name, handler in finding.handlers.items():
        yield printable(f"    {name:<{width}}  {handler}", keep="")
    if verbose:
        yield from _steps(finding)
        for line in finding.reproduce.values():
            yield printable(f"    {line}", keep="")
    yield case_line(command, finding.id)


def _advice(finding: Finding) -> Iterator[str]:
    """What to do where the contract does not say who is wrong, or a log says why."""
    if finding.lacks:
        yield from wrapped(f"the contract does not say {finding.lacks}", "      ")
    if not finding.blamed:
        yield from wrapped(
            "repair one of them, write the missing rule, or list it with its reason"
            " (--update-known)",
            "      ",
        )
    if finding.kind == "status" and any(v.startswith("5") for v in finding.values):
        yield "      the cause stands in its log, below results/logs"


def _error(finding: Finding, name: str, width: int) -> Iterator[str]:
    """Beside a status, what the reply says; elsewhere the value says it."""
    reply = finding.replies[name]
    if finding.kind != "status" or not reply["body"]:
        return
    body = reply["body"]
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    yield from wrapped(text, f"    {'':<{width}}  ", most=2)


def _sent(step: dict[str, Any]) -> Iterator[str]:
    """Who asks, and what goes with the request beside its target."""
    if "identity" in step and step["identity"] != "anonymous":
        yield f"      as {step['identity']}"
    for name, value in step.get("headers", {}).items():
        text = f"without {name}" if value is None else f"{name}: {value!r}"
        yield from wrapped(text, "      ", most=2)
    if step.get("json"):
        yield from wrapped(json.dumps(step["json"][0]), "      ", most=2)
    elif body := step.get("text", step.get("hex")):
        yield from wrapped(body, "      ", most=2)


def _steps(finding: Finding) -> Iterator[str]:
    for step in finding.plan["steps"]:
        yield from wrapped(step["request"], "    · ", most=3)
        yield from _sent(step)
