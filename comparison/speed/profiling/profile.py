"""A profile: how often a sampling profiler saw which stack of calls."""

import json
from collections.abc import Callable, Mapping
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
    """What one profiler saw of all processes of a stack while it was under load.

    `calls` counts the samples of each stack; those of idle threads are left out.
    `busy` is for how many seconds threads were seen at work, or waiting for a processor
    in the middle of it; `seconds` is their processor time alone. `elsewhere` is that of
    threads which the profiler cannot see, 0 where it sees all.
    """

    profiler: str
    calls: Mapping[Calls, int]
    busy: float
    seconds: float
    elsewhere: float = 0.0

    @property
    def samples(self) -> int:
        return sum(self.calls.values())


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
