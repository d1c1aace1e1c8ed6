"""The measurement: the whole pack on the bare pair and the real one, in lock-step."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from comparison.defaults.pack import Pack, Probe, Topic
from comparison.defaults.play import Target, play
from comparison.defaults.real import on_real
from comparison.defaults.recorded import Recorded
from comparison.defaults.results import Outcomes, Probed
from comparison.stacks import RunningStack, Stack, Stacks, launch, start_all
from comparison.tally import Tally

BARE, REAL = "bare", "real"
# Each side of a pair, by the name that stacks.toml has for it.
PAIRS: Mapping[str, Mapping[str, str]] = {
    BARE: {"fastapi": "bare-fastapi", "express": "bare-express"},
    REAL: {"fastapi": "fastapi", "express": "express"},
}
# Several at a time, few enough that none waits for another's turn.
QUICK_AT_ONCE, ALONE_AT_ONCE, LONG_AT_ONCE = 8, 6, 128
LAST = "one process each"
# Seconds that a probe may wait without being a long one.
LONG = 1.0


@dataclass(frozen=True)
class Means:
    """What the measurement needs: the stacks, where logs go, who listens."""

    stacks: Stacks
    logs: Path
    slow: bool = False
    say: Callable[[str], None] = lambda _: None
    watch: Callable[[Tally], None] = lambda _: None


@dataclass(frozen=True)
class _Job:
    """One probe on one side of one pair."""

    id: str
    pair: str
    side: str
    probe: Probe

    @property
    def length(self) -> float:
        """How many seconds it waits at least."""
        keys = ("wait", "open", "exit", "patience")
        return sum(float(step.get(key, 0)) for step in self.probe.steps for key in keys)


@dataclass
class _Measurement:
    means: Means
    outcomes: dict[tuple[str, str], Outcomes] = field(default_factory=dict)

    def stage(self, name: str, jobs: Sequence[_Job], at_once: int, act: "_Act") -> None:
        """Do all jobs, `at_once` at a time; the two sides of a probe follow closely."""
        pool = ThreadPoolExecutor(at_once)
        tally = Tally(name, total=len(jobs), noun="questions", more=name != LAST)
        # None is over sooner than what it waits for.
        waits = max((job.length for job in jobs), default=0)
        tally = replace(tally, least=time.monotonic() + waits)
        self.means.watch(tally)
        try:
            futures: list[tuple[_Job, Future[str]]] = [
                (job, pool.submit(act, job)) for job in jobs
            ]
            for number, (job, future) in enumerate(futures, 1):
                outcome = self.outcomes.setdefault((job.id, job.pair), {})
                outcome[job.side] = future.result()
                self.means.watch(replace(tally, done=number))
        finally:
            # After an interruption nobody waits for what has not begun.
            pool.shutdown(wait=False, cancel_futures=True)


_Act = Callable[[_Job], str]


def measure(pack: Pack, recorded: Recorded, means: Means) -> list[Probed]:
    """Play every probe. Raises `StackError` if a stack does not start."""
    asked = [one for one in pack if means.slow or not one[2].slow]
    jobs = list(_jobs(asked))
    measurement = _Measurement(means)
    alone = [job for job in jobs if job.probe.alone]
    shared = [job for job in jobs if not job.probe.alone]
    quick = [job for job in shared if job.length < LONG]
    long = [job for job in shared if job.length >= LONG]
    with _running(means) as targets:

        def ask(job: _Job) -> str:
            return play(job.probe, targets[job.pair, job.side], job.pair == REAL)

        measurement.stage("asking", quick, QUICK_AT_ONCE, ask)
        measurement.stage("waiting", long, LONG_AT_ONCE, ask)
    with _alone(means) as ask_alone:
        measurement.stage(LAST, alone, ALONE_AT_ONCE, ask_alone)
    return [_probed(one, measurement.outcomes, recorded) for one in asked]


def _jobs(asked: Sequence[tuple[str, Topic, Probe]]) -> Iterator[_Job]:
    for name, _topic, probe in asked:
        for pair, sides in PAIRS.items():
            translated = probe if pair == BARE else on_real(probe)
            if translated is not None:
                for side in sides:
                    yield _Job(name, pair, side, translated)


@contextmanager
def _running(means: Means) -> Iterator[dict[tuple[str, str], Target]]:
    """All four servers, each started once."""
    places = [(pair, side) for pair, sides in PAIRS.items() for side in sides]
    stacks = [_stack(means, pair, side) for pair, side in places]
    running = start_all(stacks, log_folder=means.logs, say=means.say)
    try:
        yield {
            place: Target(one.port) for place, one in zip(places, running, strict=True)
        }
    finally:
        for one in running:
            one.kill()


@contextmanager
def _alone(means: Means) -> Iterator[_Act]:
    """A process for each job; those that still run at the end are ended."""
    started: dict[int, RunningStack] = {}

    def ask(job: _Job) -> str:
        stack = _stack(means, job.pair, job.side)
        running = launch(stack, log_folder=means.logs, say=means.say)
        started[running.port] = running
        try:
            running.wait()
            target = Target(running.port, running.process)
            return play(job.probe, target, job.pair == REAL)
        finally:
            running.kill()
            started.pop(running.port, None)

    try:
        yield ask
    finally:
        # After an interruption nobody waits for a probe to come to its own end.
        for one in [*started.values()]:
            one.kill()


def _stack(means: Means, pair: str, side: str) -> Stack:
    return means.stacks.get(PAIRS[pair][side])


def _probed(
    one: tuple[str, Topic, Probe],
    outcomes: Mapping[tuple[str, str], Outcomes],
    recorded: Recorded,
) -> Probed:
    name, topic, probe = one
    return Probed(
        id=name,
        layer=topic.layer,
        topic=topic.id,
        title=topic.title,
        severity=topic.severity,
        bare=outcomes[name, BARE],
        recorded=recorded.outcomes.get(name, {}),
        real=outcomes.get((name, REAL), {}),
        known=probe.known,
        rules=list(topic.rules),
        see=dict(topic.see),
    )
