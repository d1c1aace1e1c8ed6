"""What a server takes of its machine: processor time and memory of its processes."""

import ctypes
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import fmean

import psutil

MIB = 1024 * 1024
# That of C, which this program is linked with.
_LIBRARY = ctypes.CDLL(None)


class Processes:
    """All processes of a server, the first of which has started the others."""

    def __init__(self, first: int) -> None:
        self.first = first
        parent = psutil.Process(first)
        self._all: Sequence[psutil.Process] = [
            parent,
            *parent.children(recursive=True),
        ]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    def seconds(self) -> float:
        """Processor time so far, of all, in user and in kernel mode.

        Raises `psutil.Error` where one has ended.
        """
        return sum(map(_seconds, self._all))

    def waited(self) -> float | None:
        """How long each was ready to go on so far, while others had the processors.

        In seconds, of the main thread, the mean of all; None where the system does not
        tell.
        """
        try:
            return fmean(_waited(one.pid) for one in self._all)
        except (OSError, ValueError, IndexError):
            return None

    def memory(self) -> float:
        """Memory of all in MiB: of one, its resident set size.

        What several share counts once: their unique set sizes, and the most that one
        of them has beside its own. Their proportional set sizes would be the smaller
        the more others run the same program.
        """
        if self.count == 1:
            return int(self._all[0].memory_info().rss) / MIB
        own, shared = 0, 0
        for one in self._all:
            with suppress(psutil.AccessDenied):
                told = one.memory_full_info()
                unique = getattr(told, "uss", told.rss)
                own += unique
                shared = max(shared, told.rss - unique)
        return (own + shared) / MIB


def _seconds(process: psutil.Process) -> float:
    found = _clock(process.pid)
    if found is not None:
        with suppress(OSError):
            return time.clock_gettime(found)
    # In steps of a hundredth of a second on most systems.
    told = process.cpu_times()
    return told.user + told.system


def _waited(pid: int) -> float:
    """As the scheduler of Linux counts it, in nanoseconds."""
    told = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    return int(told[1]) / 1e9


def _clock(pid: int) -> int | None:
    """The clock of a process's own time, in nanoseconds, where the system has one."""
    found = ctypes.c_int()
    try:
        failed = _LIBRARY.clock_getcpuclockid(pid, ctypes.byref(found))
    except AttributeError:
        return None
    return None if failed else found.value
