"""Whether servers had the processors to themselves, and which figure counts if not.

What others take of the processors lowers how much a server answers, in one slice by
half and in the next by nothing. The clock of its own processor time stands still while
it waits for one: of the same slices its ratios vary a third as much.
"""

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from comparison.speed.record import Quantity

# The name in the fingerprint of a machine.
WAITING = "waiting"
# Server and load generator alone, on two processors, wait less than this.
BUSY = 0.05


def waiting(slices: Iterable[float]) -> float | None:
    """Which part of all slices servers waited for a processor; None if unknown."""
    every = [*slices]
    return round(fmean(every), 3) if every else None


def decisive(machine: Mapping[str, Any]) -> Quantity:
    """The quantity whose mean over all workloads says whether a stack is slower.

    Throughput is what matters: a stack that waits, for a lock or a disk, is slower and
    takes no processor time for it. On a busy machine it is processor time, which says
    the same of a stack that works as long as it is asked.
    """
    told = machine.get(WAITING)
    return "cpu" if isinstance(told, float) and told > BUSY else "throughput"


def note(part: float | None) -> str | None:
    """What is to be said of a busy machine."""
    if part is None or part <= BUSY:
        return None
    return (
        f"servers waited for a processor {part:.0%} of the time, as others used this"
        " machine or it has too few of them: that disturbs processor time less than"
        " requests per second"
    )
