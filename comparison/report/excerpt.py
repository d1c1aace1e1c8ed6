"""What a result says, in lines that every form shares: text that can be printed."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from comparison.findings.baseline import Result
from comparison.findings.results import Breakdown, Finding, Violation
from comparison.paths import shown
from comparison.printable import printable
from comparison.report.layout import case_line
from comparison.run import Run

MOST_OF_A_LINE = 500
MOST_OF_A_BODY = 4000
MOST_HEADERS = 40
MOST_RULES = 10


def cut(text: str, most: int) -> str:
    """A text, or its beginning and how much of it is left out."""
    left = len(text) - most
    return text if left <= 0 else f"{text[:most]}… ({left:,} more characters)"


def line(text: str) -> str:
    """What others said, as one line."""
    return printable(cut(text, MOST_OF_A_LINE), keep="")


def title(result: Result) -> str:
    """What is wrong, in a few words."""
    place = "" if result.where in {"", result.kind} else f" at {result.where}"
    who = f"{result.stack} · " if isinstance(result, Violation) else ""
    return line(f"{who}{result.operation}: {result.kind}{place}")


def sure(finding: Finding) -> str:
    """Whether a difference showed again, where it did not."""
    if not finding.confirmed:
        return "not confirmed"
    return "" if finding.stable else "unstable"


def account(result: Result) -> Iterator[str]:
    """What was asked, what came back, who is wrong and why."""
    yield line(result.request)
    if isinstance(result, Violation):
        yield line(result.message)
        yield line(f"breaks {result.rule}")
        return
    for group in result.groups:
        value = result.values[result.stacks.index(group[0])]
        yield line(f"{', '.join(group)}: {value}")
    yield line(f"→ {result.verdict}")
    yield from map(line, result.rules[:MOST_RULES])
    if len(result.rules) > MOST_RULES:
        yield f"… and {len(result.rules) - MOST_RULES} more"
    if result.lacks:
        yield line(f"the contract does not say {result.lacks}")
    if said := sure(result):
        yield f"? {said}"


def again(result: Result | Breakdown, run: Run) -> str:
    """The command that shows it again."""
    plan = result.id if isinstance(result, Finding) else result.plan
    return case_line(run.command, plan).strip()


def drawn_again(run: Run) -> str:
    """The command that draws from the same run file."""
    return f"python compare.py --from {shlex.quote(shown(run.path))}"


def reply(said: Mapping[str, Any]) -> str:
    """A reply as it came: status, headers, body; or what failed."""
    status = said.get("status")
    failure = said.get("failure", "no reply")
    lines = [line(failure if status is None else f"HTTP {status}")]
    headers = said.get("headers", [])
    lines += [line(f"{name}: {value}") for name, value in headers[:MOST_HEADERS]]
    if len(headers) > MOST_HEADERS:
        lines.append(f"… and {len(headers) - MOST_HEADERS} more headers")
    body = said.get("body")
    if body is not None and body != "":
        lines += ["", printable(cut(_text(body), MOST_OF_A_BODY))]
    return "\n".join(lines)


def _text(body: Any) -> str:
    if isinstance(body, str):
        return body
    return json.dumps(body, ensure_ascii=False, indent=2)


def places(result: Result, run: Run) -> list[tuple[str, str, int]]:
    """Stack, file and line of the handlers, those that are to blame first."""
    everywhere: Mapping[str, dict[str, str]] = run.header.get("handlers", {})
    if isinstance(result, Finding):
        found, guilty = result.handlers, result.blamed
    else:
        found, guilty = everywhere.get(result.operation, {}), [result.stack]
    placed = []
    for stack in sorted(found, key=lambda name: name not in guilty):
        path, _, number = found[stack].rpartition(":")
        placed.append((stack, path, int(number)))
    return placed
