"""Annotations of GitHub: workflow commands, the ten worst, each on all its files.

A host shows ten annotations of each level for a step. The file of who is to blame (or
of the reference) has the error, the next stack's a warning, all others a notice: so all
of the ten worst are shown on both files.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Breakdown, Violation
from comparison.printable import harmless, printable
from comparison.report import excerpt
from comparison.report.layout import many
from comparison.report.standing import excuse, outcome, sentence, told
from comparison.report.text import last
from comparison.run import Run

MOST = 10
LEVELS = ("error", "warning", "notice")


def render(run: Run, baseline: Baseline | None = None) -> str:
    """One line for each annotation; the first one carries all the counts."""
    every = [*run.breakdowns, *run.stale, *told(run, baseline)]
    lines = []
    for one in islice(every, MOST):
        if isinstance(one, Breakdown):
            lines.append(_breakdown(one, run))
        elif isinstance(one, dict):
            lines.append(_stale(one))
        else:
            level = "warning" if excuse(one, run, baseline) else "error"
            lines += _result(one, run, level)
    said = (
        f"{sentence(run, baseline)}\n{' '.join(last(run, baseline=baseline).split())}"
    )
    if len(every) > MOST:
        left = many(len(every) - MOST, "more result")
        said += f"\n{left}: --format markdown shows them."
    level = "notice" if lines or outcome(run, baseline) == "same" else "error"
    first = command(level, {"title": "compare.py"}, said)
    return "\n".join([first, *lines]) + "\n"


def command(level: str, properties: Mapping[str, str | int], message: str) -> str:
    """A workflow command, written so that nothing within begins another."""
    given = ",".join(f"{name}={_property(str(v))}" for name, v in properties.items())
    return f"::{level} {given}::{_message(message)}"


def _message(text: str) -> str:
    text = harmless(printable(text)).replace("%", "%25")
    return text.replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _result(result: Result, run: Run, level: str) -> Iterator[str]:
    said = "\n".join([*excerpt.account(result), excerpt.again(result, run)])
    title = f"{excerpt.title(result)} ({result.severity})"
    found = excerpt.places(result, run)
    if isinstance(result, Violation):
        found = [place for place in found if place[0] == result.stack]
    if not found:
        yield command(level, {"title": title}, said)
    levels = LEVELS[LEVELS.index(level) :]
    for number, (_, path, line) in enumerate(found):
        level = levels[min(number, len(levels) - 1)]
        yield command(level, {"file": path, "line": line, "title": title}, said)


def _breakdown(one: Breakdown, run: Run) -> str:
    said = [one.what, f"at {one.request}", one.advice]
    lines = [*map(excerpt.line, said), excerpt.again(one, run)]
    return command("error", {"title": f"{one.stack} broken"}, "\n".join(lines))


def _stale(entry: Mapping[str, str]) -> str:
    title = f"known difference {entry['operation']}: {entry['kind']}"
    said = f"at {entry['where']}: {entry['why']} (known_differences.toml)"
    return command("error", {"title": excerpt.line(title)}, excerpt.line(said))
