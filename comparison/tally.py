"""How far a stage is, how quickly it goes on, and how long it will take."""

import time
from collections import deque
from dataclasses import dataclass, field

# Seconds over which a rate is taken: what was long ago says nothing of what comes.
RECENT = 5.0
# Before this nothing can be told, and more often than this nobody can read it.
SECOND = 1.0
SAMPLES = 0.2


@dataclass(frozen=True)
class Tally:
    """What has been done of a `stage`, or of its `part`; `total` None if unknown.

    What is counted is `noun`, empty if nothing is. It ends at `until` (monotonic
    seconds) at the latest, and where it is `timed` not before; in no case before
    `least`. With `more` another part follows, of which nobody knows how long it takes.
    """

    stage: str
    done: int = 0
    total: int | None = None
    noun: str = ""
    part: str = ""
    differences: int = 0
    until: float | None = None
    timed: bool = False
    least: float = 0.0
    more: bool = False

    @property
    def label(self) -> str:
        """What goes on now, in a word."""
        return self.part or self.stage


@dataclass
class Pace:
    """The rate of a part over the last seconds."""

    _samples: deque[tuple[float, int]] = field(default_factory=deque)
    _label: str = ""
    _rate: float | None = None
    _told: float = 0.0

    def take(self, tally: Tally) -> None:
        """Note how far it is now; another part has a rate of its own."""
        now = time.monotonic()
        if tally.label != self._label or tally.done < self._samples[-1][1]:
            self._label, self._rate, self._told = tally.label, None, now
            self._samples = deque([(now, tally.done)])
        elif now - self._samples[-1][0] >= SAMPLES:
            self._samples.append((now, tally.done))
            while now - self._samples[0][0] > RECENT:
                self._samples.popleft()

    def rate(self, done: int) -> float | None:
        """How many a second; None as long as nobody can tell.

        It is told anew every second: what changes all the time cannot be read.
        """
        now = time.monotonic()
        if self._samples and now - self._told >= SECOND:
            begin, before = self._samples[0]
            # Measured until now: where nothing goes on it falls.
            self._rate = (done - before) / (now - begin) if now > begin else None
            self._told = now
        return self._rate


def time_left(tally: Tally, rate: float | None) -> str:
    """`1:20 left`; `over` where more follows, `under` where only the end is known."""
    if not tally.noun:
        return ""
    bound = None if tally.until is None else max(tally.until - time.monotonic(), 0)
    if tally.timed and bound is not None:
        return f"{clock(bound)} left"
    guess = None
    if tally.total is not None and rate:
        guess = max(tally.total - tally.done, 0) / rate
    if tally.more and guess is not None and guess < SECOND:
        guess = None  # What follows is all that is left.
    if bound is not None and (guess is None or guess > bound):
        return f"under {clock(bound)} left"
    least = tally.least - time.monotonic()
    if least > (guess or 0):
        return f"over {clock(least)} left"
    if guess is None:
        return "? left"
    return f"{'over ' if tally.more else ''}{clock(guess)} left"


def clock(seconds: float) -> str:
    """`0:05`, `12:30`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
