"""Who has which processor while it is measured, where the system lets us say so.

Left to itself, the system now and then puts server and load generator on one processor,
for some hundredths of a second: of two slices one then has half of what the other has.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from comparison.speed.servers import Server


@contextmanager
def separated(generator: int, servers: Sequence[Server]) -> Iterator[None]:
    """Within it the load generator has a processor that no server has.

    `generator` is its process. Only the first thread of each process is placed: what a
    runtime has beside it, to collect garbage or to compile, would stop it there. Where
    a server has several processes or is somebody else's, or where there is but one
    processor, nothing is placed.
    """
    known = [one.processes for one in servers]
    alone = [one.first for one in known if one is not None and one.count == 1]
    every = _processors()
    if len(every) == 1 or not alone or len(alone) < len(servers):
        yield
        return
    *others, last = every
    _place([generator], [last])
    _place(alone, others)
    try:
        yield
    finally:
        # Threads that came meanwhile were placed as the first one was.
        _place(_threads([generator, *alone]), every)


def _processors() -> list[int]:
    """Those that this process may use; one where nobody can tell."""
    if sys.platform != "linux":
        return [0]
    return sorted(os.sched_getaffinity(0))


def _place(threads: Iterable[int], processors: Sequence[int]) -> None:
    if sys.platform == "linux":
        for one in threads:
            # It has ended, or is not ours.
            with suppress(OSError):
                os.sched_setaffinity(one, processors)


def _threads(processes: Iterable[int]) -> Iterator[int]:
    for one in processes:
        with suppress(OSError):
            yield from [int(path.name) for path in Path(f"/proc/{one}/task").iterdir()]
