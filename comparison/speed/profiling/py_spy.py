"""py-spy: the sampling profiler of Python's processes, beside them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from comparison.running import RunningStack
from comparison.spawning import spawn
from comparison.speed.profiling.places import python_place
from comparison.speed.profiling.profile import (
    Calls,
    Frame,
    Profile,
    ProfilingError,
    of_thread,
    read_json,
    together,
)

# Per second. To read a stack py-spy halts the process, which makes a request cost some
# 5 % more. Without halting it up to a third of the samples were torn, and those most
# where calls change quickly.
RATE = 200
LIMIT = 30.0
YAMA = Path("/proc/sys/kernel/yama/ptrace_scope")
TRACEABLE = Path(__file__).with_name("traceable.py")
NO_FRAME = Frame("(no Python frame)", "python:")
# A thread that waits for work in here looks busy, as py-spy wakes it to halt it.
WAITING = Frame("_worker", "python:concurrent/futures/thread.py")


def traceable(start: tuple[str, ...]) -> tuple[str, ...]:
    """A start command whose process py-spy may look into, where that can be had."""
    if sys.platform != "linux":
        return start
    return ("{python}", "-I", "-S", str(TRACEABLE), *start)


class PySpy:
    """Samples the Python processes of a running stack, from now until `end`."""

    def __init__(self, running: RunningStack, folder: Path) -> None:
        if running.process is None:
            raise ProfilingError(f"{running.name} was not started here: start it here.")
        self._root = running.process.pid
        self._source = running.folder or Path.cwd()
        self._file = folder / "py-spy.json"
        self._log = folder / "py-spy.log"
        self._process = self._spawn()
        try:
            self._wait_until_it_samples()
        except BaseException:
            self.kill()
            raise
        self._before = thread_seconds(self._root)

    def end(self) -> Profile:
        """What it saw. Raises `ProfilingError`."""
        after = thread_seconds(self._root)
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            raise ProfilingError(self._failure("does not end")) from None
        used = {one: after[one] - self._before.get(one, 0.0) for one in after}
        return read_json(
            self._file, "py-spy", lambda it: speedscope_profile(it, self._source, used)
        )

    def kill(self) -> None:
        """End it at once. May be repeated."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [program(), "record", "--pid", str(self._root), "--rate", str(RATE)]
        # Workers and whatever a start command of several programs starts.
        command += ["--subprocesses", "--full-filenames", "--format", "speedscope"]
        with self._log.open("wb") as output:
            return spawn(
                [*command, "--output", str(self._file)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _wait_until_it_samples(self) -> None:
        end = time.monotonic() + LIMIT
        while b"Sampling process" not in self._log.read_bytes():
            if self._process.poll() is not None:
                raise ProfilingError(self._failure("ended at once"))
            if time.monotonic() > end:
                raise ProfilingError(self._failure("does not begin"))
            time.sleep(0.02)

    def _failure(self, what: str) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        text = text.partition("Stack backtrace:")[0].strip()
        scope = YAMA.read_text(encoding="utf-8").strip() if YAMA.exists() else None
        return f"py-spy {what}. {advice(text, sys.platform, scope)}\nIt said: {text}"


def program() -> str:
    """The path of py-spy. Raises `ProfilingError` where it is not installed."""
    found = shutil.which("py-spy", path=sysconfig.get_path("scripts"))
    if found is None:
        raise ProfilingError("py-spy is not in this environment. Run `uv sync`.")
    return found


def speedscope_profile(
    document: Any, folder: Path, used: Mapping[int, float]
) -> Profile:
    """The profile in a document in the format of speedscope.

    `used` is the processor time of each thread of the stack, in seconds. Where it is
    not known the samples tell it.
    """
    frames = [
        # What has no file is py-spy's name of the process.
        Frame(one["name"], python_place(one["file"], folder)) if one["file"] else None
        for one in document["shared"]["frames"]
    ]
    threads = [Profile(f"py-spy {version('py-spy')}", {}, 0, 0.0)]
    for thread in document["profiles"]:
        counts = _counts(frames, thread["samples"])
        busy = sum(counts.values()) / RATE
        number = re.search(r"Thread (\d+)", thread["name"])
        seconds = used.get(int(number[1]), busy) if number else busy
        threads.append(of_thread(threads[0].profiler, counts, busy, seconds))
    seen = together(threads)
    return replace(seen, elsewhere=max(0.0, sum(used.values()) - seen.seconds))


def _counts(
    frames: Sequence[Frame | None], samples: Iterable[Sequence[int]]
) -> Mapping[Calls, int]:
    counts: Counter[Calls] = Counter()
    for sample in samples:
        seen = tuple(one for index in reversed(sample) if (one := frames[index]))
        counts[seen or (NO_FRAME,)] += 1
    return {seen: count for seen, count in counts.items() if seen[0] != WAITING}


def thread_seconds(session: int) -> Mapping[int, float]:
    """Processor time until now of each thread of a session; none where none is told."""
    seconds = {}
    for file in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
        try:
            fields = file.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks = int(fields[11]) + int(fields[12])
            seconds[int(file.parent.name)] = ticks / os.sysconf("SC_CLK_TCK")
    return seconds


def advice(text: str, platform: str, scope: str | None) -> str:
    """What to do about a failure that py-spy describes so."""
    if re.search(r"permission|permitted|root", text, re.I):
        if platform == "darwin":
            return "macOS lets only root look into a process: run it with sudo."
        told = f"kernel.yama.ptrace_scope is {scope}" if scope else "this system has it"
        return (
            f"It may not look into the stack's processes: {told}. As root it may; so it"
            " may after `sysctl kernel.yama.ptrace_scope=0`, and in a container that"
            " was started with `--cap-add SYS_PTRACE`."
        )
    if re.search(r"no python process", text, re.I):
        return "The stack runs neither Python nor Node, and no other can be profiled."
    return "Try the same again; py-spy's page lists which versions of Python it reads."
