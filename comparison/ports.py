"""Ports for what is started: free, and about to be used by nobody else.

A port that the system gives on demand may be given again before a server listens there:
to another run of this program, to any client. So every process has ports of its own,
below those that the system gives, and a UDP socket tells others that they are taken: it
goes away with the process, whichever way that ends.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import chain, cycle, islice, repeat

# Browsers refuse some ports below, and Linux gives those above on demand.
FIRST, END = 10_240, 32_768
# How many a process has; each comes again after all others.
OWN = 512
_GIVING = threading.Lock()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    ports: list[int] = []
    with ExitStack() as held, _GIVING:
        # All are held before any is let go, so that none is found twice.
        for port in chain(islice(_own, OWN), repeat(0)):
            if len(ports) == count:
                break
            listener = held.enter_context(socket.socket())
            with suppress(OSError):
                listener.bind(("127.0.0.1", port))
                ports.append(int(listener.getsockname()[1]))
    return ports


def _ports_of_this_process() -> Iterator[int]:
    """Its own ones again and again; where all are somebody's, 0, which is any."""
    firsts = [*range(FIRST, END, OWN)]
    begin = os.getpid() % len(firsts)
    for first in (*firsts[begin:], *firsts[:begin]):
        with socket.socket(type=socket.SOCK_DGRAM) as taken, suppress(OSError):
            taken.bind(("127.0.0.1", first))
            yield from cycle(range(first, first + OWN))
    yield from repeat(0)


_own = _ports_of_this_process()
