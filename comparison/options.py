"""The options of the program."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from comparison.client import TIME_LIMIT
from comparison.stacks import ROOT

STACKS = ROOT / "stacks.toml"
CONTRACT = ROOT / "contract" / "openapi.yaml"
SEED = 1


class UsageError(Exception):
    """Options that cannot be followed; the text says what to do instead."""


def _flag(*names: str) -> Parameter:
    return Parameter(name=names, negative="", show_default=False)


def _many(name: str) -> Parameter:
    return Parameter(name=name, negative="", show_default=False)


def _file(name: str) -> Parameter:
    return Parameter(name=name, show_default=False)


@dataclass(frozen=True, kw_only=True)
class Options:
    """All options.

    Parameters
    ----------
    stack
        NAME of stacks.toml, or NAME=URL of a server that runs already. May be
        repeated; without it, the default pair of stacks.toml.
    stacks_file
        The list of stacks.
    contract
        The OpenAPI document. `scenarios.yaml` and `known_differences.toml` beside it
        are used if they are there.
    select
        Only plans whose id, operation, tag or rule fits the GLOB. May be repeated.
    ignore
        No plans whose id, operation, tag or rule fits the GLOB. May be repeated.
    seed
        The same seed asks the same.
    timeout
        Seconds after which a request counts as unanswered.
    list
        List what would be asked, and end.
    case
        Run one plan or difference again and show every exchange in full.
    source
        Draw the report of a run file again, without asking anybody.
    format
        How the report is written.
    output
        Write the report to this FILE.
    first
        End at the first difference.
    exit_zero
        Exit with 0 also where there are differences.
    quiet
        Only the last line, and no progress.
    verbose
        Also steps, and curl lines of every difference.
    color
        Colour the report; auto: on a terminal.
    """

    stack: Annotated[list[str], _many("--stack")] = field(default_factory=list)
    stacks_file: Annotated[Path, _file("--stacks-file")] = STACKS
    contract: Annotated[Path, _file("--contract")] = CONTRACT
    select: Annotated[list[str], _many("--select")] = field(default_factory=list)
    ignore: Annotated[list[str], _many("--ignore")] = field(default_factory=list)
    seed: int = SEED
    timeout: float = TIME_LIMIT
    list: Annotated[bool, _flag("--list")] = False
    case: str | None = None
    source: Annotated[Path | None, Parameter(name="--from")] = None
    format: Literal["text", "json"] = "text"
    output: Annotated[Path | None, Parameter(name=("--output", "-o"))] = None
    first: Annotated[bool, _flag("--first", "-x")] = False
    exit_zero: Annotated[bool, _flag("--exit-zero")] = False
    quiet: Annotated[bool, _flag("--quiet", "-q")] = False
    verbose: Annotated[bool, _flag("--verbose", "-v")] = False
    color: Literal["auto", "always", "never"] = "auto"

    @property
    def results(self) -> Path:
        """Where the run file and the logs go: beside the list of stacks."""
        return self.stacks_file.resolve().parent / "results"

    @property
    def run_file(self) -> Path:
        """The run file of the last run."""
        return self.results / "run.jsonl"

    def command(self) -> str:
        """What a person types to ask the same stacks by the same contract again."""
        words = ["python", "compare.py"]
        for stack in self.stack:
            words += ["--stack", stack]
        if self.stacks_file != STACKS:
            words += ["--stacks-file", str(self.stacks_file)]
        if self.contract != CONTRACT:
            words += ["--contract", str(self.contract)]
        if self.seed != SEED:
            words += ["--seed", str(self.seed)]
        return shlex.join(words)
