"""One fault on trial: the whole program runs, and its run file is judged."""

import contextlib
import io
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comparison.cli import main
from comparison.plan import plan_from_json
from comparison.results import Finding
from comparison.run import Run, read_run
from comparison.shrink import size
from tests.comparison.wrong.checks import CONTRACT
from tests.comparison.wrong.fault import Fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Answer, serving

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
    """What became of one fault. `size` is that of the smallest plan that shows it."""

    fault: Fault
    run: Run
    seconds: float
    found: list[Finding]

    @property
    def blamed(self) -> bool:
        """Whether the right side is blamed, and the other one nowhere at all."""
        wanted = [WRONG] if self.fault.blamed else []
        anybody = any(RIGHT in finding.blamed for finding in self.run.open)
        return any(one.blamed == wanted for one in self.found) and not anybody

    @property
    def size(self) -> int:
        """The size of the smallest plan that shows the fault; 0 without one."""
        sizes = (size(plan_from_json(finding.plan)) for finding in self.found)
        return min(sizes, default=0)

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
    return Outcome(fault, run, time.monotonic() - began, found)
