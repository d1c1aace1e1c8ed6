"""Our own two stacks, one of which has a small mistake: does compare.py find it?

    uv run python -m tests.comparison.mutants                    all, as a table
    uv run python -m tests.comparison.mutants 'js-*' py-trimmed  some, by their names
    uv run python -m tests.comparison.mutants --generated        without the scenarios

The mistakes stand in `mutants.toml`; they were written by somebody who did not know how
the comparison looks for any. `--generated` leaves the written scenarios out, and shows
what the contract alone is good for. What stands after `--` is for the program.
"""

import argparse
import contextlib
import io
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import yaml

from comparison.cli import main as compare
from comparison.findings.results import Finding, Violation
from comparison.findings.shrink import size
from comparison.placeholders import words_for
from comparison.plans.plan import plan_from_json
from comparison.run import Run, read_run
from comparison.stacks import ROOT, load_stacks, prepared
from tests.comparison.wrong.trial import at_once

FILE = Path(__file__).with_name("mutants.toml")
FOLDERS = ("contract", "python_api", "node_api")
STACKS = {"python_api": "fastapi", "node_api": "express"}
COLUMNS = "{:<36} {:<6} {:<6} {:>5} {:>6} {:>6}"


@dataclass(frozen=True)
class Mutant:
    """One mistake: in `file` stands `new` instead of `old`.

    `operations` are globs, parted by `|`, of what it may show in. `breaks_contract`:
    the contract alone tells who is wrong.
    """

    name: str
    title: str
    file: str
    old: str
    new: str
    operations: str
    breaks_contract: bool
    hard: bool

    @property
    def stack(self) -> str:
        """The name of the stack that is wrong."""
        return STACKS[self.file.split("/")[0]]

    def fits(self, operation: str) -> bool:
        """Whether it may show in the replies to this operation."""
        return any(fnmatchcase(operation, glob) for glob in self.operations.split("|"))


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant; `size` is that of the smallest plan that shows it."""

    mutant: Mutant
    found: bool
    blamed: bool
    size: int
    sent: int
    seconds: float


def mutants() -> list[Mutant]:
    """All that are written."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["mutant"]
    return [Mutant(**entry) for entry in entries]


def tried(mutant: Mutant, generated: bool, *options: str) -> Outcome:
    """Compare the right stack with the wrong one."""
    began = time.monotonic()
    run = _compared(mutant, generated, options)
    shown: list[Finding | Violation] = [*run.open, *run.violations]
    found = [one for one in shown if mutant.fits(_place(one))]
    plans = [plan_from_json(one.plan) for one in found if isinstance(one, Finding)]
    wrong = {name for one in shown for name in _blamed(one)}
    # A scenario may know more than the contract, so that blame is always welcome.
    right = bool(wrong) or not mutant.breaks_contract
    return Outcome(
        mutant,
        found=bool(found),
        blamed=bool(found) and wrong <= {mutant.stack} and right,
        size=min(map(size, plans), default=0),
        sent=sum(run.exchanges.values()),
        seconds=time.monotonic() - began,
    )


def _place(one: Finding | Violation) -> str:
    """The operation; what is asked of a path without one is everybody's."""
    return one.operation.partition(" ")[0]


def _blamed(one: Finding | Violation) -> list[str]:
    return [one.stack] if isinstance(one, Violation) else list(one.blamed)


def _compared(mutant: Mutant, generated: bool, options: Sequence[str]) -> Run:
    with planted(mutant) as (folder, flags):
        if generated:
            _without_scenarios(folder / "contract" / "scenarios.yaml")
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            compare([*flags, "--quiet", "--exit-zero", *options])
        written = folder / "results" / "run.jsonl"
        if not written.exists():
            raise RuntimeError(told.getvalue())
        return read_run(written)


@contextlib.contextmanager
def planted(mutant: Mutant) -> Iterator[tuple[Path, list[str]]]:
    """Both stacks in a folder of their own, one with the mistake.

    Gives the folder, where results go too, and what tells the program of it.
    """
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        _planted(mutant, folder)
        files = {
            "--stacks-file": folder / "stacks.toml",
            "--contract": folder / "contract" / "openapi.yaml",
        }
        yield folder, [word for flag, at in files.items() for word in (flag, str(at))]


def _planted(mutant: Mutant, folder: Path) -> None:
    """Both stacks in `folder`, one with the mistake, and how they are started."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", ".mypy_cache")
    for one in FOLDERS:
        shutil.copytree(ROOT / one, folder / one, ignore=ignored)
    modules = folder / "node_api" / "node_modules"
    modules.symlink_to(ROOT / "node_api" / "node_modules")
    place = folder / mutant.file
    text = place.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: {mutant.file} has not what is replaced once")
    place.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    stacks = (ROOT / "stacks.toml").read_text(encoding="utf-8").splitlines()
    # What is installed already would be installed again, through the link.
    kept = [line for line in stacks if not line.startswith("install")]
    (folder / "stacks.toml").write_text("\n".join(kept), encoding="utf-8")


def _without_scenarios(path: Path) -> None:
    document = yaml.safe_load(path.read_bytes())
    document["scenarios"] = []
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def all_tried(
    chosen: Sequence[Mutant], generated: bool, *options: str
) -> Iterator[Outcome]:
    """Put mutants on trial, as many at once as there are processors; in order."""
    return at_once(partial(tried, one, generated, *options) for one in chosen)


def main(arguments: Sequence[str]) -> int:
    """Print the table; the exit code is 1 if one is missed."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="mutants")
    parser.add_argument("names", nargs="*", help="mutants, as globs")
    parser.add_argument("--generated", action="store_true")
    options = parser.parse_args(arguments[:at])
    names = options.names or ["*"]
    chosen = [m for m in mutants() if any(fnmatchcase(m.name, n) for n in names)]
    express = load_stacks().get("express")
    # Each mutant's folder has a link to its packages.
    prepared(express, (), words_for(0, "", express.folder), print)
    print(COLUMNS.format("mutant", "found", "blamed", "size", "sent", "s"))
    outcomes = []
    for one in all_tried(chosen, options.generated, *arguments[at + 1 :]):
        outcomes.append(one)
        said = ["yes" if fact else "NO" for fact in (one.found, one.blamed)]
        row = (one.mutant.name, *said, one.size, one.sent, f"{one.seconds:.0f}")
        print(COLUMNS.format(*row), flush=True)
    found, blamed = (sum(getattr(o, f) for o in outcomes) for f in ("found", "blamed"))
    print(f"{len(outcomes)} mutants: {found} found, {blamed} blamed on the right side")
    return int(found < len(outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
