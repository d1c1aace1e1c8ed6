"""A profile: the processor time of each stack of calls that a profiler saw."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class ProfilingError(Exception):
    """A profiler could not work, or saw nothing; the text says what to do."""


class Frame(NamedTuple):
    """A call: the function's name, and its file as `places.py` names files."""

    function: str
    file: str


# A stack of calls, innermost first.
Calls = tuple[Frame, ...]


@dataclass(frozen=True)
class Profile:
    """What a profiler saw while a stack was under load; times are in seconds.

    `calls` is the processor time of each stack of calls. `busy` is for how long threads
    were seen at work, or waiting for a processor in the middle of it. `elsewhere` is
    the processor time of threads that the profiler cannot see.
    """

    profiler: str
    calls: Mapping[Calls, float]
    samples: int
    busy: float
    elsewhere: float = 0.0

    @property
    def seconds(self) -> float:
        """The processor time of the threads that were seen."""
        return sum(self.calls.values())


def of_thread(
    profiler: str, counts: Mapping[Calls, int], busy: float, seconds: float
) -> Profile:
    """The profile of one thread, whose samples share its processor time.

    So a thread that seems busy, but is not, takes nothing from the others.
    """
    samples = sum(counts.values())
    calls = {seen: seconds * count / samples for seen, count in counts.items()}
    return Profile(profiler, calls, samples, busy)


def together(profiles: Sequence[Profile]) -> Profile:
    """That of all threads and processes; there has to be one at least."""
    calls: dict[Calls, float] = {}
    for profile in profiles:
        for seen, seconds in profile.calls.items():
            calls[seen] = calls.get(seen, 0.0) + seconds
    return Profile(
        profiles[0].profiler,
        calls,
        sum(profile.samples for profile in profiles),
        sum(profile.busy for profile in profiles),
        sum(profile.elsewhere for profile in profiles),
    )


def read_json(file: Path, profiler: str, parse: Callable[[Any], T]) -> T:
    """What `parse` makes of a file's JSON. Raises `ProfilingError`, also for its own.

    A profile may be cut, or be that of another version of the profiler.
    """
    try:
        return parse(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        problem = "it was not written"
    except (OSError, ValueError) as error:
        problem = f"it is no JSON ({error})"
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        problem = f"it has another form ({type(error).__name__}: {error})"
    raise ProfilingError(
        f"The profile by {profiler} is of no use: {problem}."
        " Measure again; if it stays so, `uv sync` installs the version that is meant."
    )
