"""One fault on trial: the whole program runs, and its run file is judged."""

import contextlib
import io
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from comparison.cli import main
from comparison.findings.results import Finding
from comparison.findings.shrink import size
from comparison.plans.plan import plan_from_json
from comparison.run import Run, read_run
from tests.comparison.wrong.checks import CONTRACT
from tests.comparison.wrong.fault import Fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Answer, serving

Result = TypeVar("Result")
CONFIG = CONTRACT.parent / "compare.toml"
RIGHT, WRONG = "right", "wrong"
# Results go beside the list of stacks, which may not be empty; none of it is started.
STACKS = """
default = ["unused"]
[stacks.unused]
title = "Not started"
folder = "."
start = ["false"]
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one fault.

    `blamed`: the right side is, and the other nowhere at all. `size` is that of the
    smallest plan that shows it, 0 without one; `sent` are requests to both; `said`
    is what was found elsewhere, or in another way.
    """

    fault: Fault
    found: bool
    blamed: bool
    size: int
    sent: int
    seconds: float
    said: tuple[str, ...]

    @property
    def small(self) -> bool:
        """Whether the plan is as small as it must be."""
        return 0 < self.size <= self.fault.size

    @property
    def passed(self) -> bool:
        """Whether the judge did well."""
        return self.blamed and self.small


def compared(right: Answer, wrong: Answer, *options: str) -> Run:
    """The run file of the program, which has asked these two."""
    with serving(right, wrong) as urls:
        return compared_at(urls, *options)


def compared_at(urls: Sequence[str], *options: str) -> Run:
    """The run file of the program, which has asked the right and the wrong one."""
    with tempfile.TemporaryDirectory() as name:
        stacks = Path(name) / "stacks.toml"
        stacks.write_text(STACKS, encoding="utf-8")
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            main([*_arguments(stacks, urls), *options])
        written = stacks.parent / "results" / "run.jsonl"
        if not written.exists():
            raise RuntimeError(told.getvalue())
        return read_run(written)


def _arguments(stacks: Path, urls: Sequence[str]) -> list[str]:
    named = zip((RIGHT, WRONG), urls, strict=True)
    asked = [word for name, url in named for word in ("--stack", f"{name}={url}")]
    files = {"--stacks-file": stacks, "--contract": CONTRACT, "--config": CONFIG}
    given = [word for name, path in files.items() for word in (name, str(path))]
    return [*asked, *given, "--quiet", "--exit-zero"]


def tried(fault: Fault, *options: str) -> Outcome:
    """Put one fault on trial."""
    began = time.monotonic()
    run = compared(Shop().answer, fault.shop().answer, *options)
    found = [one for one in run.open if fault.fits(one.operation, one.kind, one.where)]
    either = [[WRONG], []]
    wanted = {True: either[:1], False: either[1:], None: either}[fault.blamed]
    slandered = any(RIGHT in finding.blamed for finding in run.open)
    others = [one for one in run.findings if one not in found]
    return Outcome(
        fault,
        found=bool(found),
        blamed=any(one.blamed in wanted for one in found) and not slandered,
        size=min((size(plan_from_json(one.plan)) for one in found), default=0),
        sent=sum(run.exchanges.values()),
        seconds=time.monotonic() - began,
        said=tuple(_said(one) for one in others),
    )


def _said(finding: Finding) -> str:
    stable = "" if finding.stable and finding.confirmed else " (unstable)"
    blamed = f", blames {' '.join(finding.blamed)}" if finding.blamed else ""
    return f"{finding.operation} {finding.kind} {finding.where}{blamed}{stable}"


def all_tried(faults: Sequence[Fault], *options: str) -> Iterator[Outcome]:
    """Put faults on trial, as many at once as there are processors; in order."""
    return at_once(partial(tried, fault, *options) for fault in faults)


def all_faultless(seeds: Iterable[int], *options: str) -> Iterator[tuple[str, ...]]:
    """What is said of two right shops for each of these seeds."""
    return at_once(partial(faultless, *options, "--seed", str(n)) for n in seeds)


def at_once(trials: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """What trials give, in order; as many run at once as there are processors."""
    context = multiprocessing.get_context("spawn")
    count, me = os.cpu_count(), (os.getpid(),)
    with ProcessPoolExecutor(count, context, _end_with, me) as pool:
        begun = [pool.submit(trial) for trial in trials]
        try:
            for one in begun:
                yield one.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _end_with(parent: int) -> None:
    """End this process, and all that it has started, when its parent is gone."""

    def watch() -> None:
        while True:
            time.sleep(1)
            # The program ends its stacks first; then there may be another trial.
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def faultless(*options: str) -> tuple[str, ...]:
    """What is said of two right shops: nothing, if the judge is right too."""
    run = compared(Shop().answer, Shop().answer, *options)
    broken = [f"{one.stack} {one.what}" for one in run.breakdowns]
    wrong = [f"{one.stack} {one.operation} {one.message}" for one in run.violations]
    return (*map(_said, run.findings), *broken, *wrong)
