"""What a person sees on stderr while it measures: a bar, or plain lines in CI."""

import os
import sys
import time
from types import TracebackType
from typing import Self

from comparison.gauge import FINE, PLAIN, Gauge, rate_text
from comparison.live_line import LiveLine
from comparison.printable import harmless, printable
from comparison.report.layout import many
from comparison.tally import Pace, Tally, time_left

# Seconds between two plain lines, so that a long run is not taken for a dead one.
EVERY = 30.0
# What passes before all is imported counts too.
BEGAN = time.monotonic()


class Display:
    """A line that moves on a terminal, a few plain lines elsewhere, nothing if quiet.

    Without `talking` nothing is said that stays.
    """

    def __init__(self, quiet: bool, *, talking: bool = True) -> None:
        self._talking = talking and not quiet
        self._said = time.monotonic()
        self._tally = Tally("preparing")
        self._pace = Pace()
        self._turn = 0
        fine = FINE.can_be_written(sys.stderr.encoding or "ascii")
        self._glyphs = FINE if fine else PLAIN
        # One that cannot move its cursor gets plain lines.
        able = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._live = LiveLine(sys.stderr, self._line) if able and not quiet else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the terminal to others. May be repeated."""
        if self._live is not None:
            self._live.stop()

    def say(self, line: str) -> None:
        """One line that stays."""
        if not self._talking:
            return
        line = harmless(printable(line))
        if self._live is not None:
            self._live.say(line)
        else:
            print(line, file=sys.stderr, flush=True)

    def stage(self, name: str) -> None:
        """What goes on from now on, of which nothing is counted."""
        self._tally = Tally(name)

    def show(self, tally: Tally) -> None:
        """How far it is."""
        before, self._tally = self._tally, tally
        self._pace.take(tally)
        if self._live is not None:
            return
        if tally.stage != before.stage:
            total = None
            if tally.total is not None:
                total = many(tally.total, tally.noun.removesuffix("s"))
            self.say(tally.stage if total is None else f"{tally.stage} ({total})")
            self._said = time.monotonic()
        elif time.monotonic() - self._said > EVERY:
            self.say(self._plain(tally))
            self._said = time.monotonic()

    def _line(self, width: int) -> str:
        self._turn += 1
        tally, seconds = self._tally, time.monotonic() - BEGAN
        rate = self._pace.rate(tally.done) if tally.noun else None
        return Gauge(tally, rate, seconds, self._turn, self._glyphs).line(width)

    def _plain(self, tally: Tally) -> str:
        """`comparing: 2,008 of 3,869 plans, 240/s, over 0:08 left`."""
        rate, part = self._pace.rate(tally.done), tally.part and f" ({tally.part})"
        total = "" if tally.total is None else f" of {tally.total:,}"
        found = many(tally.differences, "difference") if tally.differences else ""
        said = [
            f"{tally.stage}{part}: {tally.done:,}{total} {tally.noun}",
            "" if rate is None else rate_text(rate),
            time_left(tally, rate),
            found,
        ]
        return ", ".join(filter(None, said))
