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

from comparison.plan import WORLD
from comparison.results import Breakdown, Checked, Finding, Result, Violation

VERSION = 1


class RunError(Exception):
    """A run file cannot be used; the text says why and what to do."""


@dataclass
class Run:
    """One measurement. `stale` are known differences that no longer occur."""

    header: dict[str, Any]
    footer: dict[str, Any] = field(default_factory=dict)
    checked: list[Checked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    stale: list[dict[str, str]] = field(default_factory=list)

    @property
    def exchanges(self) -> dict[str, int]:
        """How many requests went to each stack, by operation."""
        total: dict[str, int] = {}
        for plan in self.checked:
            for place, count in plan.exchanges.items():
                total[place] = total.get(place, 0) + count
        return total

    @property
    def command(self) -> str:
        """What a person types to ask the same again."""
        return str(self.header["command"])

    @property
    def open(self) -> list[Finding]:
        """The stable differences that are not listed as known."""
        return [f for f in self.findings if f.stable and f.known is None]

    @property
    def unstable(self) -> list[Finding]:
        """The differences that did not show again, and are not listed as known."""
        return [f for f in self.findings if not f.stable and f.known is None]

    @property
    def incomplete(self) -> dict[str, str]:
        """Plans that could not be done to their end, though nothing differed."""
        return {
            plan.id: plan.stopped
            for plan in self.checked
            if plan.stopped and plan.verdict in {"same", "not-checked"}
        }

    @property
    def failed(self) -> bool:
        """Whether there is something to be mended."""
        # A failure that comes now and then is one all the same.
        found = (self.open, self.unstable, self.violations, self.breakdowns)
        return any((*found, self.stale))

    @property
    def concluded(self) -> bool:
        """Whether any selected plan came to its end, or something was found."""
        done = (p for p in self.checked if p.id != WORLD and not p.stopped)
        return self.failed or any(done)

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


_KINDS: dict[str, tuple[str, type[Any]]] = {
    "checked": ("checked", Checked),
    "finding": ("findings", Finding),
    "violation": ("violations", Violation),
    "breakdown": ("breakdowns", Breakdown),
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

    def add_stale(self, entry: Mapping[str, str]) -> None:
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
    try:
        lines = list(_lines(path))
    except OSError as error:
        raise RunError(
            f"{path} cannot be read: {error.strerror}. Run compare.py to write one."
        ) from None
    if not lines or lines[0].get("type") != "header":
        raise RunError(f"{path} is no run file: it does not begin with a header.")
    if lines[0].get("version") != VERSION:
        raise RunError(f"{path} is of another version; run compare.py again.")
    if lines[-1].get("type") != "footer":
        raise RunError(
            f"{path} is cut short: it has no footer, so nothing can be concluded"
            " from it. Run compare.py again."
        )
    run = Run(header=lines[0], footer=lines[-1])
    for line in lines[1:-1]:
        kind = line.pop("type", "")
        if kind == "stale":
            run.stale.append(line)
        elif kind in _KINDS:
            name, made = _KINDS[kind]
            try:
                getattr(run, name).append(made(**line))
            except TypeError:
                raise RunError(f"{path} is damaged: run compare.py again.") from None
    return run


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    # What is no text is no JSON either, and is said to be so.
    with path.open(encoding="utf-8", errors="replace") as file:
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
