"""The judge on trial: a shop that is wrong in one way, next to one that is right.

uv run python -m tests.comparison.wrong_stacks                every fault, as a table
uv run python -m tests.comparison.wrong_stacks auth 'tags-*'  some families or names
uv run python -m tests.comparison.wrong_stacks --control 20   a twin without faults

What stands after `--` is for the program: -- --time 30. Ends with 1 if it misses more
than 2 faults of 60, or if it says anything of the twin.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from tests.comparison.wrong import (  # noqa: F401 - each adds its faults
    access_faults,
    body_faults,
    header_faults,
    list_faults,
    number_faults,
    rare_faults,
    state_faults,
    status_faults,
    text_faults,
    time_faults,
)
from tests.comparison.wrong.fault import chosen
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.trial import Outcome, compared, tried

# Of 60 faults the judge may miss two.
MOST_MISSED = 2 / 60
COLUMNS = "{:<9} {:<26} {:<6} {:<6} {:>9} {:>9} {:>6}"


def main(arguments: Sequence[str]) -> int:
    """Print what was asked for; gives the exit code."""
    ours, dashes, theirs = _parted(arguments)
    options = _parser().parse_args(ours)
    more = [*theirs, "--seed", str(options.seed)] if dashes else []
    more = more or ["--seed", str(options.seed)]
    if options.control:
        return _control(range(options.seed, options.seed + options.control), theirs)
    return _table(options.names, more)


def _parted(arguments: Sequence[str]) -> tuple[list[str], bool, list[str]]:
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], at < len(words), words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wrong_stacks")
    parser.add_argument("names", nargs="*", help="faults or families, as globs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", type=int, default=0, metavar="SEEDS")
    return parser


def _table(names: Sequence[str], options: Sequence[str]) -> int:
    print(COLUMNS.format("family", "fault", "found", "blamed", "size", "sent", "s"))
    outcomes = []
    for fault in chosen(names):
        outcome = tried(fault, *options)
        outcomes.append(outcome)
        print(_row(outcome), flush=True)
    found = sum(bool(outcome.found) for outcome in outcomes)
    blamed = sum(outcome.blamed for outcome in outcomes)
    small = sum(outcome.small for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    control = _faultless(options)
    print(
        f"{len(outcomes)} faults: {found} found, {blamed} blamed on the right side,"
        f" {small} small enough, {passed} all of it; {control} on the control"
    )
    missed = len(outcomes) - passed
    return int(not outcomes or missed > MOST_MISSED * len(outcomes) or control > 0)


def _row(outcome: Outcome) -> str:
    fault = outcome.fault
    said = ["yes" if fact else "NO" for fact in (outcome.found, outcome.blamed)]
    size = f"{outcome.size} of {fault.size}"
    sent = sum(outcome.run.exchanges.values())
    seconds = f"{outcome.seconds:.1f}"
    return COLUMNS.format(fault.family, fault.name, *said, size, sent, seconds)


def _faultless(options: Sequence[str]) -> int:
    """How much is said of two right shops."""
    run = compared(Shop().answer, Shop().answer, *options)
    return len(run.findings) + len(run.violations) + len(run.breakdowns)


def _control(seeds: Sequence[int], options: Sequence[str]) -> int:
    said = 0
    for seed in seeds:
        began = time.monotonic()
        count = _faultless([*options, "--seed", str(seed)])
        said += count
        seconds = time.monotonic() - began
        print(f"seed {seed}: {count} differences ({seconds:.1f} s)", flush=True)
    print(f"{len(seeds)} seeds: {said} differences of a faultless twin")
    return int(said > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
