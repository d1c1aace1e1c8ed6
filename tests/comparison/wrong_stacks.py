"""The judge on trial: a shop that is wrong in one way, next to one that is right.

uv run python -m tests.comparison.wrong_stacks                every fault, as a table
uv run python -m tests.comparison.wrong_stacks auth 'tags-*'  some families or names
uv run python -m tests.comparison.wrong_stacks --control 20   a twin without faults

What stands after `--` is for the program: -- --time 30. Ends with 1 if it misses more
than 2 faults of 60, or if it says anything of the twin.
"""

import argparse
import sys
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
from tests.comparison.wrong.fault import FAULTS, Fault, chosen
from tests.comparison.wrong.trial import Outcome, all_faultless, all_tried, faultless

__all__ = ["FAULTS", "chosen", "main"]

# Of 60 faults the judge may miss two.
MOST_MISSED = 2 / 60
COLUMNS = "{:<9} {:<26} {:<6} {:<6} {:>8} {:>6} {:>6}"


def main(arguments: Sequence[str]) -> int:
    """Print what was asked for; gives the exit code."""
    ours, theirs = _parted(arguments)
    options = _parser().parse_args(ours)
    if options.control:
        return _control(range(options.seed, options.seed + options.control), theirs)
    faults = chosen(options.names)
    if not faults:
        print("No fault has such a name or family.", file=sys.stderr)
        return 2
    return _table(faults, [*theirs, "--seed", str(options.seed)])


def _parted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    words = list(arguments)
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wrong_stacks")
    parser.add_argument("names", nargs="*", help="faults or families, as globs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", type=int, default=0, metavar="SEEDS")
    return parser


def _table(faults: Sequence[Fault], options: Sequence[str]) -> int:
    print(COLUMNS.format("family", "fault", "found", "blamed", "size", "sent", "s"))
    outcomes = []
    for outcome in all_tried(faults, *options):
        outcomes.append(outcome)
        print(_row(outcome), flush=True)
    control = faultless(*options)
    print(_sums(outcomes), f"{len(control)} on the control", sep="; ")
    missed = sum(not outcome.passed for outcome in outcomes)
    return int(missed > MOST_MISSED * len(outcomes) or bool(control))


def _row(outcome: Outcome) -> str:
    fault = outcome.fault
    said = ["yes" if fact else "NO" for fact in (outcome.found, outcome.blamed)]
    size = f"{outcome.size} of {fault.size}"
    seconds = f"{outcome.seconds:.1f}"
    return COLUMNS.format(fault.family, fault.name, *said, size, outcome.sent, seconds)


def _sums(outcomes: Sequence[Outcome]) -> str:
    return (
        f"{len(outcomes)} faults: {sum(one.found for one in outcomes)} found,"
        f" {sum(one.blamed for one in outcomes)} blamed on the right side,"
        f" {sum(one.small for one in outcomes)} small enough,"
        f" {sum(one.passed for one in outcomes)} all of it"
    )


def _control(seeds: Sequence[int], options: Sequence[str]) -> int:
    count = 0
    for seed, said in zip(seeds, all_faultless(seeds, *options), strict=True):
        count += len(said)
        print(f"seed {seed}: {len(said)} differences", *said, sep="\n  ", flush=True)
    print(f"{len(seeds)} seeds: {count} differences of a faultless twin")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
