"""The breakdown of one request: the stack runs under load, and its profile is read."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from comparison.running import RunningStack
from comparison.speed.profiling import py_spy, v8
from comparison.speed.profiling.layers import LAYERS, layer_of
from comparison.speed.profiling.profile import Profile, ProfilingError
from comparison.stacks import Stack, start

FUNCTIONS = 15
# What gets a note: fewer samples than this; more of them in unknown packages; more of
# the busy time spent waiting for a processor; more time in threads that are not seen,
# as a part of that which is.
FEW_SAMPLES = 200
MUCH_OTHER = 0.1
MUCH_WAITING = 0.1
MUCH_ELSEWHERE = 0.2

Load = Callable[[RunningStack], int]


def breakdown(  # noqa: PLR0913 - all but what is profiled are keywords
    stack: Stack,
    workload: str,
    database: str,
    load: Load,
    *,
    environment: Mapping[str, str] | None = None,
    log_folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Where the processor time of a request goes, in the form of `summary`.

    Starts the stack on `database` (a URL), calls `load` to warm it up and once more
    under a sampling profiler, and stops it; `load` sends requests and returns how many
    were answered. Few connections tell most: what waits for a processor looks busy.

    Raises `ProfilingError` where it cannot be had, and `StackError` as `start` does.
    """
    with TemporaryDirectory(prefix="profile-") as name:
        folder = Path(name)
        running = start(
            replace(stack, start=py_spy.traceable(stack.start)),
            database=database,
            environment=_environment(stack, environment or {}, folder),
            log_folder=log_folder,
            say=say,
        )
        with running:
            requests, profile = _profiled(running, load, folder)
    return summary(stack.name, workload, requests, profile)


def summary(
    subject: str, workload: str, requests: int, profile: Profile
) -> dict[str, Any]:
    """The breakdown by a profile of so many requests. Raises `ProfilingError`.

    `us_per_request` is processor time in microseconds, of the threads that the profiler
    sees. `layers` are all of `LAYERS`, `functions` those that were most often the
    innermost; a `share` is one of that time, from 0 to 1. `note` is None, or what to
    know before believing it.
    """
    if not requests or not profile.seconds:
        raise ProfilingError(
            f"{subject} was profiled in vain: {requests} requests were answered, and"
            f" {profile.samples} samples taken. Let the load go on for longer."
        )
    spent = profile.seconds / requests * 1e6
    functions = _functions(profile)
    layers = _layers(functions, spent)
    return {
        "subject": subject,
        "workload": workload,
        "profiler": profile.profiler,
        "samples": profile.samples,
        "requests": requests,
        "us_per_request": spent,
        "layers": layers,
        "functions": functions[:FUNCTIONS],
        "note": _note(profile, layers[-1]["share"], requests),
    }


def _functions(profile: Profile) -> list[dict[str, Any]]:
    """All functions; one that works for several layers is there for each of them."""
    own: dict[tuple[str, str, str], float] = {}
    for calls, seconds in profile.calls.items():
        name, file = calls[0]
        key = (name, file.removeprefix("./"), layer_of(calls))
        own[key] = own.get(key, 0.0) + seconds / profile.seconds
    return [
        {"name": name, "file": file, "layer": layer, "share": share}
        for (name, file, layer), share in sorted(own.items(), key=lambda it: -it[1])
    ]


def _layers(functions: Iterable[Mapping[str, Any]], spent: float) -> list[Any]:
    shares = dict.fromkeys(LAYERS, 0.0)
    for one in functions:
        shares[one["layer"]] += one["share"]
    return [
        {"layer": layer, "share": share, "us": share * spent}
        for layer, share in shares.items()
    ]


def _environment(
    stack: Stack, environment: Mapping[str, str], folder: Path
) -> dict[str, str]:
    every = {**os.environ, **stack.environment, **environment}
    return v8.preloaded(environment, every.get("NODE_OPTIONS", ""), folder)


def _profiled(running: RunningStack, load: Load, folder: Path) -> tuple[int, Profile]:
    load(running)
    # Asked only now: a process of Node's cluster may be later than the first answer.
    profiler = v8.V8 if v8.is_there(folder) else py_spy.PySpy
    recording = profiler(running, folder)
    try:
        requests = load(running)
        return requests, recording.end()
    finally:
        recording.kill()


def _note(profile: Profile, other: float, requests: int) -> str | None:
    notes = []
    if profile.samples < FEW_SAMPLES:
        notes.append("So few samples give rough shares; a longer load gives more.")
    if other > MUCH_OTHER:
        notes.append(
            f"{other:.0%} of the time went to packages that layers.toml has no rule"
            " for; the functions say in which."
        )
    waiting = 1 - profile.seconds / profile.busy if profile.busy else 0
    if waiting > MUCH_WAITING:
        notes.append(
            f"For {waiting:.0%} of its busy time the server waited for a processor,"
            " which the profiler sees as work, mostly that of sending: the share of"
            " server is too large. Measure again when nothing else runs here."
        )
    if profile.elsewhere > MUCH_ELSEWHERE * profile.seconds:
        spent = profile.elsewhere / requests * 1e6
        notes.append(
            f"A request takes {spent:.0f} µs more in threads that this profiler does"
            " not see: hashing, files, garbage collection."
        )
    return " ".join(notes) or None
