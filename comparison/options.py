"""The options of the program."""

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from comparison.configuration.severity import FailOn
from comparison.stacks import ROOT

STACKS = ROOT / "stacks.toml"
CONTRACT = str(ROOT / "contract" / "openapi.yaml")
SEED = 1
Chapter = Literal["behaviour", "defaults", "drift", "speed"]
Format = Literal["text", "json", "markdown", "github", "junit", "sarif", "html"]


class UsageError(Exception):
    """Options that cannot be followed; the text says what to do instead."""


def _flag(*names: str) -> Parameter:
    return Parameter(name=names, negative="", show_default=False)


def _many(name: str) -> Parameter:
    return Parameter(name=name, negative="", show_default=False)


def _named(*names: str) -> Parameter:
    return Parameter(name=names, show_default=False)


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
        The OpenAPI document, 3.0 or 3.1, a file or a URL. `scenarios.yaml`,
        `compare.toml` and `known_differences.toml` beside it are used if they are
        there.
    config
        How to reach, fill and reset the stacks, and what may differ; see
        docs/configuration.md. Without it, `compare.toml` beside the contract.
    reference
        The stack that the others are compared with; without it, the first.
    only
        Which chapter: behaviour, what the stacks do with the contract; defaults,
        what both ecosystems do when nobody decides, asked of bare applications;
        drift, what the OpenAPI documents of the stacks say against the contract; or
        speed, how fast they answer. Without it, behaviour and a quick form of speed.
    thorough
        With the speed: for minutes, also with a million articles and more processes.
    fail_if_slower
        With the speed: fail where a stack is slower than the first one by more than
        so many per cent, beyond doubt, or gives wrong answers.
    slow
        With the defaults: also the probes that take minutes, such as time-outs.
    update_defaults
        With the defaults: record what is measured, and write the guide anew.
    select
        Only plans whose id, operation, tag or rule fits the GLOB. May be repeated.
    ignore
        No plans whose id, operation, tag or rule fits the GLOB. May be repeated.
    seed
        The same seed asks the same.
    max_examples
        Fuzzed cases of every operation; 0 for none. Without it 30, or, with --time,
        as many as fit.
    time
        Seconds for the comparison. Without it, it ends when all is asked, after 300
        at the latest. With --only speed, about how long that takes.
    max_requests
        End after so many requests to each stack.
    timeout
        Seconds after which a request counts as unanswered; without it 10.
    cache
        Where generated cases are kept.
    replay
        Ask what a recording asked: a HAR file of a browser, or a run file.
    allow_remote
        Also change what is on hosts that are not this machine.
    list
        List what would be asked, and end; as JSON with --format json.
    case
        Run one plan or difference again and show every exchange in full.
    keep
        With --case: leave the stacks running until Ctrl-C, for its curl lines.
    export
        With --case, write that difference as a test for pytest; without it, all.
    code
        Show the code of an OPERATION side by side, or of a part such as `errors`;
        without a name, all that can be shown.
    source
        Draw the report of a run file again, without asking anybody; --fail-on and
        --baseline may be others.
    baseline
        Only what is new since this earlier run file fails.
    update_known
        Rewrite known_differences.toml: what is gone goes, what is new waits there
        for its reason.
    fail_on
        The least severity that fails the run; without it cosmetic.
    format
        How the report is written: text; json, which a schema describes; markdown, for
        the summary of a step; github, annotations; junit; sarif; or html, one page.
    output
        Write the report to this FILE.
    first
        End at the first difference.
    exit_zero
        Exit with 0 also where there are differences.
    show_secrets
        Write tokens and passwords as they are.
    quiet
        Only the last line, and no progress.
    verbose
        Also steps, and curl lines of every difference.
    color
        Colour the report; auto: on a terminal.
    """

    stack: Annotated[list[str], _many("--stack")] = field(default_factory=list)
    stacks_file: Annotated[Path, _named("--stacks-file")] = STACKS
    contract: Annotated[str | None, _named("--contract")] = None
    config: Annotated[Path | None, _named("--config")] = None
    reference: str | None = None
    only: Chapter | None = None
    thorough: Annotated[bool, _flag("--thorough")] = False
    fail_if_slower: Annotated[float | None, _named("--fail-if-slower")] = None
    slow: Annotated[bool, _flag("--slow")] = False
    update_defaults: Annotated[bool, _flag("--update-defaults")] = False
    select: Annotated[list[str], _many("--select")] = field(default_factory=list)
    ignore: Annotated[list[str], _many("--ignore")] = field(default_factory=list)
    seed: int = SEED
    max_examples: Annotated[int | None, _named("--max-examples")] = None
    time: float | None = None
    max_requests: Annotated[int | None, _named("--max-requests")] = None
    timeout: float | None = None
    cache: Annotated[Path, _named("--cache")] = ROOT / ".cache"
    replay: Path | None = None
    allow_remote: Annotated[bool, _flag("--allow-remote")] = False
    list: Annotated[bool, _flag("--list")] = False
    case: str | None = None
    keep: Annotated[bool, _flag("--keep")] = False
    export: Literal["pytest"] | None = None
    code: str | None = None
    source: Annotated[Path | None, _named("--from")] = None
    baseline: Path | None = None
    update_known: Annotated[bool, _flag("--update-known")] = False
    fail_on: Annotated[FailOn | None, _named("--fail-on")] = None
    format: Format = "text"
    output: Annotated[Path | None, _named("--output", "-o")] = None
    first: Annotated[bool, _flag("--first", "-x")] = False
    exit_zero: Annotated[bool, _flag("--exit-zero")] = False
    show_secrets: Annotated[bool, _flag("--show-secrets")] = False
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

    @property
    def page(self) -> Path:
        """The report of the last run as a page."""
        return self.results / "report.html"

    @property
    def speed_file(self) -> Path:
        """The last measurement of speed alone."""
        return self.results / "speed.json"

    @property
    def atlas_file(self) -> Path:
        """What the last measurement of the defaults wrote down; of a part elsewhere."""
        part = self.case or self.select or self.ignore
        return self.results / ("defaults-part.jsonl" if part else "defaults.jsonl")

    def command(self) -> str:
        """What a person types to ask the same stacks by the same contract again."""
        words = ["python", "compare.py"]
        for stack in self.stack:
            words += ["--stack", stack]
        if self.stacks_file != STACKS:
            words += ["--stacks-file", str(self.stacks_file)]
        if self.contract is not None:
            words += ["--contract", self.contract]
        if self.config is not None:
            words += ["--config", str(self.config)]
        if self.reference is not None:
            words += ["--reference", self.reference]
        if self.seed != SEED:
            words += ["--seed", str(self.seed)]
        if self.replay is not None:
            words += ["--replay", str(self.replay)]
        if self.allow_remote:
            words += ["--allow-remote"]
        return shlex.join(words)
