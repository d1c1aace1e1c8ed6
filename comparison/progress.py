"""What a person sees on stderr while it measures: a bar, or plain lines in CI."""

import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from comparison.measure import Tally
from comparison.printable import harmless, printable

# Seconds between two plain lines, so that a long run is not taken for a dead one.
EVERY = 30.0


class Display:
    """A progress bar on a terminal, a few plain lines elsewhere, nothing if quiet."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._stage = ""
        self._said = 0.0
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        if sys.stderr.isatty() and not quiet:
            self._bar = Progress(
                TextColumn("{task.description:<11}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[found]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("starting", total=None, found="")

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            # A terminal that was closed cannot be tidied up.
            with suppress(OSError):
                self._bar.stop()

    def say(self, line: str) -> None:
        """One line that stays."""
        if self._quiet:
            return
        line = harmless(printable(line))
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)

    def show(self, tally: Tally) -> None:
        """How far it is: of the fixed plans how many, then how many in all."""
        fixed = tally.done + tally.left
        if self._bar is not None and self._task is not None:
            rate = tally.done / tally.seconds if tally.seconds else 0
            found = f"{rate:.0f} {tally.noun}/s"
            if tally.differences:
                found += f", {tally.differences} differences"
            self._bar.update(
                self._task,
                description=tally.stage,
                completed=tally.done,
                total=fixed if tally.left else None,
                found=found,
            )
        elif tally.stage != self._stage:
            self.say(f"{tally.stage} ({fixed} {tally.noun})")
        elif tally.seconds - self._said > EVERY:
            found = f", {tally.differences} differences" if tally.differences else ""
            self.say(f"{tally.stage}: {tally.done} {tally.noun}{found}")
            self._said = tally.seconds
        self._stage = tally.stage
