"""One line that says how far a stage is, as wide as there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.tally import Tally, clock, time_left

# A bar that is shorter tells nothing, a longer one nothing more.
LEAST_BAR, MOST_BAR = 8, 40
# Where there is less room the words are not set in columns.
ROOMY = 60
LABEL = 11


@dataclass(frozen=True)
class Glyphs:
    """What is drawn: the turns of a wheel, a bar as far as it is full, and the rest."""

    wheel: str
    full: str
    rest: str

    def can_be_written(self, encoding: str) -> bool:
        """Whether a terminal of this encoding has all of them."""
        try:
            f"{self.wheel}{self.full}{self.rest}".encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


FINE = Glyphs("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "━", "─")
PLAIN = Glyphs("|/-\\", "#", ".")


@dataclass(frozen=True)
class Gauge:
    """What a line shows; `seconds` have passed, `turn` counts the drawings."""

    tally: Tally
    rate: float | None
    seconds: float
    turn: int = 0
    glyphs: Glyphs = FINE

    def line(self, width: int) -> str:
        """At most `width` columns; what matters least goes first."""
        tally, roomy = self.tally, width >= ROOMY
        wheel = self.glyphs.wheel[self.turn % len(self.glyphs.wheel)]
        label = f"{tally.label:<{LABEL}}" if roomy and tally.noun else tally.label
        head = f"{wheel} {label}"
        kept = _fitting(self._pieces(roomy), width - len(head))
        room = width - len(head) - sum(len(piece) + 1 for piece in kept) - 1
        bar = self._bar(min(room, MOST_BAR)) if room >= LEAST_BAR else ""
        return " ".join(filter(None, (head, bar, *kept)))[:width]

    def _pieces(self, roomy: bool) -> list[tuple[int, str]]:
        """What there is to be said, in order, each with its rank."""
        tally = self.tally
        known = "" if self.rate is None else rate_text(self.rate)
        wide = 5 if roomy and tally.noun else 0
        return [
            (1, counts(tally)),
            (4, f"{known:>{wide}}"),
            (3, differ(tally)),
            (2, f"{time_left(tally, self.rate):>{3 * wide}}"),
            (5, f"{clock(self.seconds):>{wide}}"),
        ]

    def _bar(self, length: int) -> str:
        tally, glyphs = self.tally, self.glyphs
        if not tally.noun:
            return ""
        if tally.total is None:
            # Something that moves: how much there is nobody knows.
            at = self.turn % (2 * (length - 3))
            at = min(at, 2 * (length - 3) - at)
            return glyphs.rest * at + glyphs.full * 3 + glyphs.rest * (length - at - 3)
        full = length * min(tally.done, tally.total) // max(tally.total, 1)
        return glyphs.full * full + glyphs.rest * (length - full)


def rate_text(rate: float) -> str:
    """How many a second, or a minute where they are few."""
    slow = 0 < rate < 1
    return f"{rate * 60:.0f}/min" if slow else f"{rate:.0f}/s"


def counts(tally: Tally) -> str:
    """How many of how many, if that is known."""
    if not tally.noun:
        return ""
    if tally.total is None:
        noun = tally.noun.removesuffix("s") if tally.done == 1 else tally.noun
        return f"{tally.done:,} {noun}"
    total = f"{max(tally.total, tally.done):,}"
    return f"{tally.done:>{len(total)},}/{total}"


def differ(tally: Tally) -> str:
    """How many differences there are so far, if there are any."""
    found = tally.differences
    return f"{found:,} differ{'s' if found == 1 else ''}" if found else ""


def _fitting(pieces: Sequence[tuple[int, str]], room: int) -> list[str]:
    """Those that find room, the first in rank before the others."""
    taken = set()
    for rank, piece in sorted(pieces):
        if len(piece) + 1 <= room:
            taken.add(rank)
            room -= len(piece) + 1 if piece else 0
    return [piece for rank, piece in pieces if piece and rank in taken]
