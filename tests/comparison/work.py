"""A bound on work, whatever else the machine does meanwhile."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds of this thread's own processor time, of which a slow machine needs a tenth
# where the work grows with its input, and none is enough where it explodes.
ENOUGH = 30.0


@contextmanager
def little_work() -> Iterator[None]:
    """Fails where what is done within has taken far too much of a processor."""
    began = time.thread_time()
    yield
    assert time.thread_time() - began < ENOUGH
