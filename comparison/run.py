"""The run file: what a measurement writes down, and all that a report is drawn from.

JSON lines: a header, one line per result, a footer. A file without its footer is
refused, so that a run that was cut short never looks like a good one.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from comparison.findings.listed import listed
from comparison.findings.results import Breakdown, Checked, Finding, Result, Violation
from comparison.outcome import Run
from comparison.plans.plan import WORLD, Plan, plan_from_json
from comparison.speed.record import VERSION as SPEED_VERSION

__all__ = ["Run", "RunError", "RunFile", "lines", "plans_of", "read_run"]

VERSION = 2


class RunError(Exception):
    """A run file cannot be used; the text says why and what to do."""


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

    def add_speed(self, speed: Mapping[str, Any]) -> None:
        """Write a measurement of speed, as `Speed.as_json` gives it."""
        self._write("speed", {"speed": speed})

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
    for line in lines(path):
        kind = line.pop("type", "")
        if run is None:
            _check_header(kind, line, path)
            run = Run(header=line, path=path)
        elif run.footer:
            raise RunError(
                f"{path} is damaged: something follows its footer."
                " Run compare.py again."
            )
        elif kind == "footer":
            run.footer = line
        else:
            _add(run, kind, line, path)
    if run is None:
        raise RunError(
            f"{path} is cut short: it is empty, so nothing can be concluded from it."
            " Run compare.py again."
        )
    if not run.footer:
        raise RunError(
            f"{path} is cut short: it has no footer, so nothing can be concluded"
            " from it. Run compare.py again."
        )
    run.violations = [listed(one, run.findings) for one in run.violations]
    return run


def plans_of(path: Path) -> Iterator[Plan]:
    """Every plan that a run has run, without the world. Raises `RunError`."""
    read_run(path)
    for line in lines(path):
        if line.get("type") == "checked" and line["plan"] and line["id"] != WORLD:
            yield plan_from_json(line["plan"])


def _check_header(kind: str, header: Mapping[str, Any], path: Path) -> None:
    if kind != "header":
        raise RunError(
            f"{path} is no run file: it does not begin with a header."
            " Run compare.py to write one."
        )
    if header.get("version") != VERSION:
        raise RunError(f"{path} is of another version; run compare.py again.")


def _add(run: Run, kind: str, line: dict[str, Any], path: Path) -> None:
    if kind == "stale":
        run.stale.append(line)
        return
    if kind == "speed":
        run.speed = _speed(line, path)
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


def _speed(line: Mapping[str, Any], path: Path) -> dict[str, Any]:
    found = line.get("speed")
    if not isinstance(found, dict):
        raise RunError(f"{path} is damaged: run compare.py again.")
    if found.get("version") != SPEED_VERSION:
        raise RunError(
            f"{path} has a speed chapter of another version; run compare.py again."
        )
    return found


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file, each a JSON object. Raises `RunError`."""
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
