"""V8's own sampling profiler, switched on and off in all Node processes of a stack."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from comparison.running import RunningStack
from comparison.speed.profiling.places import node_place
from comparison.speed.profiling.profile import (
    Calls,
    Frame,
    Profile,
    ProfilingError,
    of_thread,
    read_json,
    together,
)

LIMIT = 30.0
PRELOAD = Path(__file__).with_name("v8_preload.mjs")
IDLE = "(idle)"


def preloaded(
    environment: Mapping[str, str], options: str, folder: Path
) -> dict[str, str]:
    """An environment in which Node can be profiled; `options` are its NODE_OPTIONS.

    A program other than Node takes no notice.
    """
    return {
        **environment,
        "NODE_OPTIONS": f"{options} --import {PRELOAD.as_uri()}".strip(),
        "COMPARISON_PROFILE_FOLDER": str(folder),
    }


def is_there(folder: Path) -> bool:
    """Whether a Node process of the stack has said that it listens."""
    return any(folder.glob("*.ready"))


class V8:
    """Samples the Node processes of a running stack, from now until `end`."""

    def __init__(self, running: RunningStack, folder: Path) -> None:
        self._source = running.folder or Path.cwd()
        self._folder = folder
        self._processes = [int(file.stem) for file in folder.glob("*.ready")]
        self._files("started")

    def end(self) -> Profile:
        """What they saw. Raises `ProfilingError`."""
        return together(
            [
                read_json(file, "V8", lambda it: written(it, self._source))
                for file in self._files("json")
            ]
        )

    def kill(self) -> None:
        """Nothing is left to end: it is a part of the stack's own processes."""

    def _files(self, ending: str) -> list[Path]:
        """Those that all processes write at this signal."""
        # One that has ended meanwhile only started another.
        self._processes = [one for one in self._processes if _signalled(one)]
        files = [self._folder / f"{process}.{ending}" for process in self._processes]
        end = time.monotonic() + LIMIT
        while files and not all(file.exists() for file in files):
            if time.monotonic() > end:
                raise ProfilingError(
                    f"A Node process wrote no profile within {LIMIT:.0f} s: it ended,"
                    " or catches SIGUSR2 itself. See the stack's log."
                )
            time.sleep(0.02)
        if not files:
            raise ProfilingError("All Node processes have ended: see the stack's log.")
        return files


def _signalled(process: int) -> bool:
    try:
        os.kill(process, signal.SIGUSR2)
    except ProcessLookupError:
        return False
    return True


def written(document: Any, folder: Path) -> Profile:
    """The profile that `v8_preload.mjs` wrote for one process.

    Each sample counts once: the time until the next one tells how late that one was,
    not for how long this call went on.
    """
    profile, before, after = (document[key] for key in ("profile", "before", "after"))
    counts = cpuprofile_calls(profile, folder)
    lasted = (profile["endTime"] - profile["startTime"]) / 1e6
    part = sum(counts.values()) / max(1, len(profile["samples"]))
    main, every = (after[key] - before[key] for key in ("main", "all"))
    name = f"V8 CPU profiler of Node {document['version'].removeprefix('v')}"
    seen = of_thread(name, counts, lasted * part, main / 1e6)
    return replace(seen, elsewhere=max(0, every - main) / 1e6)


def cpuprofile_calls(profile: Any, folder: Path) -> Mapping[Calls, int]:
    """The calls in a `.cpuprofile` of V8, without idleness and the profiler itself."""
    nodes = {node["id"]: node for node in profile["nodes"]}
    parents = {
        child: node["id"]
        for node in profile["nodes"]
        for child in node.get("children", ())
    }
    calls: Counter[Calls] = Counter()
    for number, count in Counter(profile["samples"]).items():
        seen = tuple(_calls_of(number, nodes, parents, folder))
        if seen[0].function != IDLE and not any(_is_ours(one) for one in seen):
            calls[seen] += count
    return calls


def _calls_of(
    number: int, nodes: Mapping[int, Any], parents: Mapping[int, int], folder: Path
) -> Iterable[Frame]:
    at: int | None = number
    while at is not None:
        call, at = nodes[at]["callFrame"], parents.get(at)
        # The root is no call, unless nothing else was seen.
        if at is not None or number not in parents:
            name = call["functionName"] or "(anonymous)"
            yield Frame(name, node_place(call["url"], folder))


def _is_ours(frame: Frame) -> bool:
    return frame.file.startswith("node:inspector") or frame.file.endswith(PRELOAD.name)
