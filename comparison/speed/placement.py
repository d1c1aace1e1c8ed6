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
    """Within it the load generator, a process, has a processor that no server has.

    Where a server has several processes or is somebody else's, nothing is placed.
    """
    known = [one.processes for one in servers]
    alone = [one.first for one in known if one is not None and one.count == 1]
    with placed(generator, alone if len(alone) == len(servers) else []):
        yield


@contextmanager
def placed(generator: int, others: Sequence[int]) -> Iterator[None]:
    """Within it the first of these processes has a processor that no other of them has.

    Only the first thread of each is placed: what a runtime has beside it, to collect
    garbage or to compile, would stop it there. Where there is but one processor, or no
    other process, nothing is placed.
    """
    every = processors()
    if sys.platform != "linux" or len(every) == 1 or not others:
        yield
        return
    *rest, last = every
    _place([generator], [last])
    _place(others, rest)
    try:
        yield
    finally:
        # Threads that came meanwhile were placed as the first one was.
        _place(_threads([generator, *others]), every)


def processors() -> list[int]:
    """Those that this process may use, where the system tells; else all."""
    if sys.platform == "linux":
        return sorted(os.sched_getaffinity(0))
    return [*range(os.cpu_count() or 1)]


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
