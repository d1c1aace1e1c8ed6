"""Processes of this program, none of which outlives it.

A signal that comes while one is being started would be raised before anybody knows of
it; so it is heard a moment later.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any
from weakref import WeakSet

# SIGHUP says that the terminal was closed; Windows has none.
SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)


class Interrupted(KeyboardInterrupt):
    """A signal asked to end; `code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class _Moment:
    """Whether signals wait, and the one that does. Python hears them in one thread."""

    waits = False
    number: int | None = None


_moment = _Moment()
_started: list[subprocess.Popen[bytes]] = []
_ended: WeakSet[subprocess.Popen[bytes]] = WeakSet()


def interrupt(number: int, _frame: FrameType | None) -> None:
    """The handler of the signals. Raises `Interrupted`, now or as soon as it may."""
    # A second signal must not keep the stacks from being stopped.
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    if _moment.waits:
        _moment.number = number
    else:
        raise Interrupted(128 + number)


def spawn(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a process with a group of its own, as `subprocess.Popen` does.

    Ctrl-C reaches this program alone, which ends all of the group. Raises `OSError`.
    """
    with _uninterrupted():
        _started[:] = [one for one in _started if one not in _ended]
        process = subprocess.Popen(command, start_new_session=True, **options)  # noqa: S603 - the command of whoever calls
        _started.append(process)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started at once. May be repeated.

    Where it has ended already, perhaps by a mishap, others of its group may still run.
    """
    # Only once: later its number may be that of somebody else's group.
    if process not in _ended:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        _ended.add(process)
    process.wait()


@contextmanager
def all_ended() -> Iterator[None]:
    """Ends what was started within and still runs: nobody else may know of it."""
    before = set(_started)
    try:
        yield
    finally:
        for process in _started:
            if process not in before:
                end(process)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or _moment.waits:
        yield
        return
    _moment.waits = True
    try:
        yield
    finally:
        _moment.waits = False
        number, _moment.number = _moment.number, None
        if number is not None:
            raise Interrupted(128 + number)
