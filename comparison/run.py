"""The run file: what a measurement writes down, and all that a report is drawn from.

JSON lines: a header, one line per result, a footer. A file without its footer is
refused, so that a run that was cut short never looks like a good one.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from comparison.configuration.severity import FailOn, fails
from comparison.findings.results import Breakdown, Checked, Finding, Result, Violation
from comparison.plans.plan import WORLD, Plan, plan_from_json

VERSION = 2
# Of thousands that failed in one way the first tell enough.
MOST_INCOMPLETE = 1000


class RunError(Exception):
    """A run file cannot be used; the text says why and what to do."""


@dataclass
class Run:
    """One measurement. `stale` are known differences that no longer occur.

    `exchanges` counts the requests to each stack by operation, `incomplete` says why
    plans could not be done to their end though nothing differed (the first of them),
    `finished` how many plans beside the world were done.
    """

    header: dict[str, Any]
    footer: dict[str, Any] = field(default_factory=dict)
    exchanges: dict[str, int] = field(default_factory=dict)
    incomplete: dict[str, str] = field(default_factory=dict)
    unfinished: int = 0
    finished: int = 0
    findings: list[Finding] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    stale: list[dict[str, Any]] = field(default_factory=list)

    def count(self, plan: Checked) -> None:
        """Take one plan into account; a long run has too many to keep them."""
        for place, count in plan.exchanges.items():
            self.exchanges[place] = self.exchanges.get(place, 0) + count
        if plan.stopped and plan.verdict in {"same", "not-checked"}:
            self.unfinished += 1
            if len(self.incomplete) < MOST_INCOMPLETE:
                self.incomplete[plan.id] = plan.stopped
        elif not plan.stopped and plan.id != WORLD:
            self.finished += 1

    @property
    def command(self) -> str:
        """What a person types to ask the same again."""
        return str(self.header["command"])

    @property
    def fail_on(self) -> FailOn:
        """From which severity on a difference fails the run."""
        found: FailOn = self.header["fail_on"]
        return found

    @property
    def open(self) -> list[Finding]:
        """The stable differences that are not listed as known."""
        return [f for f in self.findings if f.stable and f.known is None]

    @property
    def unstable(self) -> list[Finding]:
        """The differences that did not show again, and are not listed as known."""
        return [f for f in self.findings if not f.stable and f.known is None]

    @property
    def failed(self) -> bool:
        """Whether there is something to be mended."""
        # A failure that comes now and then is one all the same.
        graded = [one.severity for one in (*self.open, *self.unstable)]
        graded += [one.severity for one in self.violations]
        serious = any(fails(severity, self.fail_on) for severity in graded)
        return serious or bool(self.breakdowns) or bool(self.stale)

    @property
    def concluded(self) -> bool:
        """Whether any selected plan came to its end, or something was found."""
        return self.failed or bool(self.finished or self.findings)

    def verdict(self, place: str) -> str:
        """same, known, unstable, breaks, differs, broken or not-checked."""
        here = [f for f in self.findings if f.operation == place and f.stable]
        unlisted = [f for f in here if f.known is None]
        if any(f.kind == "broken" for f in unlisted):
            return "broken"
        if unlisted or any(v.operation == place for v in self.violations):
            return "differs" if unlisted else "breaks"
        if any(f.operation == place for f in self.unstable):
            return "unstable"
        if here:
            return "known"
        return "same" if self.exchanges.get(place) else "not-checked"


_KINDS: dict[str, type[Any]] = {
    "checked": Checked,
    "finding": Finding,
    "violation": Violation,
    "breakdown": Breakdown,
}


class RunFile:
    """Writes a run file under another name until its footer is written.

    Used in a `with` statement; left without `finish`, nothing remains.
    """

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        except OSError as error:
            raise RunError(
                f"{path.parent} cannot be written to: {error.strerror}. The results"
                " go beside the list of stacks; --stacks-file may name a copy of it."
            ) from None
        self._part = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8")
        self._write("header", {**header, "version": VERSION})

    def add(self, result: Result) -> None:
        """Write one result."""
        self._write(type(result).__name__.lower(), asdict(result))

    def add_stale(self, entry: Mapping[str, Any]) -> None:
        """Write a known difference that no longer occurs."""
        self._write("stale", entry)

    def finish(self, footer: Mapping[str, Any]) -> None:
        """Write the footer, and put the file in its place."""
        self._write("footer", footer)
        self._file.close()
        self._part.replace(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _write(self, kind: str, value: Mapping[str, Any]) -> None:
        self._file.write(json.dumps({"type": kind, **value}) + "\n")


def read_run(path: Path) -> Run:
    """Read a run file. Raises `RunError` for one that is not whole."""
    run: Run | None = None
    for line in _lines(path):
        kind = line.pop("type", "")
        if run is None:
            _check_header(kind, line, path)
            run = Run(header=line)
        elif run.footer:
            raise RunError(f"{path} is damaged: something follows its footer.")
        elif kind == "footer":
            run.footer = line
        else:
            _add(run, kind, line, path)
    if run is None:
        raise RunError(f"{path} is no run file: it does not begin with a header.")
    if not run.footer:
        raise RunError(
            f"{path} is cut short: it has no footer, so nothing can be concluded"
            " from it. Run compare.py again."
        )
    return run


def plans_of(path: Path) -> Iterator[Plan]:
    """Every plan that a run has run, without the world. Raises `RunError`."""
    read_run(path)
    for line in _lines(path):
        if line.get("type") == "checked" and line["plan"] and line["id"] != WORLD:
            yield plan_from_json(line["plan"])


def _check_header(kind: str, header: Mapping[str, Any], path: Path) -> None:
    if kind != "header":
        raise RunError(f"{path} is no run file: it does not begin with a header.")
    if header.get("version") != VERSION:
        raise RunError(f"{path} is of another version; run compare.py again.")


def _add(run: Run, kind: str, line: dict[str, Any], path: Path) -> None:
    if kind == "stale":
        run.stale.append(line)
        return
    if kind not in _KINDS:
        return
    try:
        result = _KINDS[kind](**line)
    except TypeError:
        raise RunError(f"{path} is damaged: run compare.py again.") from None
    match result:
        case Checked():
            run.count(result)
        case Finding():
            run.findings.append(result)
        case Violation():
            run.violations.append(result)
        case Breakdown():
            run.breakdowns.append(result)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise RunError(
            f"{path} cannot be read: {error.strerror}. Run compare.py to write one."
        ) from None
    # What is no text is no JSON either, and is said to be so.
    with file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
            except ValueError:
                line = None
            if not isinstance(line, dict):
                raise RunError(
                    f"{path} is cut short or damaged: line {number} is not JSON."
                    " Run compare.py again."
                )
            yield line
