"""How fast compare.py is, beside `st run` executed once for each stack.

    uv run python -m tests.comparison.benchmark [--repetitions N] [--examples N]

A case is one request to each stack. Both tools get the same contract, seed, checks that
are on by default, and user; both are timed as a person would, from the command to its
end, on stacks that were started afresh and are not timed. The variants take turns, so
that a busy minute of the machine hits all of them.

`st run` goes first, with `--examples`. compare.py then sends as many requests, of
random cases alone: each is new, as those of `st run` are. What differs: some of its
requests prepare what a case is about; it compares the replies, `st run` shrinks what
fails. Both wait for slow password hashes where users are made.

It ends with 1 if a ratio is below what is promised.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comparison.running import RunningStack
from comparison.stacks import ROOT, load_stacks, start_all

STACKS = ROOT / "stacks.toml"
CONTRACT = ROOT / "contract" / "openapi.yaml"
ST = Path(sys.executable).with_name("schemathesis")
SEED = 1
# The plans of random cases, as many as are asked for.
RANDOM = "*/fuzz-*"
ENDLESS = 1_000_000
RIVAL = "st run, once per stack"
GENERATING = "compare.py, generating"
SAVED = "compare.py, saved corpus"
PROMISED = {GENERATING: 1.0, SAVED: 3.0}


@dataclass(frozen=True)
class Timing:
    """One run of a variant: cases per stack, and seconds for all stacks together."""

    cases: int
    seconds: float

    @property
    def rate(self) -> float:
        """Cases per second."""
        return self.cases / self.seconds


@dataclass(frozen=True)
class Spread:
    """The median of some figures, and the least and the greatest of them."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.least:.1f} to {self.greatest:.1f})"


def spread(figures: Sequence[float]) -> Spread:
    """The spread of at least one figure."""
    return Spread(statistics.median(figures), min(figures), max(figures))


def ratios(ours: Sequence[Timing], theirs: Sequence[Timing]) -> list[float]:
    """How many times as fast, for each repetition."""
    return [one.rate / other.rate for one, other in zip(ours, theirs, strict=True)]


def cases_of_report(text: str) -> int:
    """The number of cases in the JSON report of `st run`. Raises ValueError."""
    report = json.loads(text)
    if not report["complete"]:
        raise ValueError(f"st run ended early: {report['stop_reason']}")
    return int(report["test_cases"]["generated"])


def cases_of_run(text: str) -> int:
    """The number of requests to each stack in our run file. Raises ValueError."""
    footer = json.loads(text.splitlines()[-1])
    if footer.get("type") != "footer":
        raise ValueError("compare.py ended early")
    return int(footer["exchanges"])


def verdict(measured: dict[str, list[Timing]]) -> tuple[list[str], bool]:
    """The lines of the table, and whether every promise is kept."""
    lines = [f"{'':26}{'cases':>7}{'seconds':>9}  {'cases per second':24}{'ratio':}"]
    kept = True
    for name, timings in measured.items():
        cases = statistics.median(one.cases for one in timings)
        seconds = statistics.median(one.seconds for one in timings)
        rate = spread([one.rate for one in timings])
        line = f"{name:26}{cases:7,.0f}{seconds:9.1f}  {rate!s:24}"
        if name in PROMISED:
            ratio = spread(ratios(timings, measured[RIVAL]))
            holds = ratio.median >= PROMISED[name]
            kept = kept and holds
            line += f"{ratio}, {'' if holds else 'not '}at least {PROMISED[name]:g}"
        lines.append(line.rstrip())
    return lines, kept


@contextmanager
def stacks(folder: Path) -> Iterator[list[RunningStack]]:
    """The default stacks, with an empty database each."""
    listed = load_stacks(STACKS)
    running = start_all(
        [listed.get(name) for name in listed.default], log_folder=folder
    )
    try:
        yield running
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.stop()


def token(stack: RunningStack, name: str) -> str:
    """The token of a new user of this name."""
    user = {"username": name, "email": f"{name}@example.org", "password": "password-1"}
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{stack.url}/api/users",
        json.dumps({"user": user}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        return str(json.load(reply)["user"]["token"])


def command(words: Sequence[str | Path], folder: Path) -> float:
    """Run a command to its end; gives the seconds. Raises RuntimeError."""
    began = time.perf_counter()
    done = subprocess.run(
        list(map(str, words)), cwd=folder, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    # 1 says that something was found, which is not the question here.
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr}")
    return seconds


def st_run(running: Sequence[RunningStack], examples: int, folder: Path) -> Timing:
    """Run `st run` for one stack after the other."""
    report, seconds, cases = folder / "st.json", 0.0, []
    user = f"st{examples}"
    for stack in running:
        words: list[str | Path] = [ST, "run", CONTRACT, "--url", f"{stack.url}/api"]
        words += ["--header", f"Authorization: Token {token(stack, user)}"]
        words += ["--seed", str(SEED), "--max-examples", str(examples)]
        words += ["--workers", "1", "--report", "json", "--report-json-path", report]
        seconds += command(words, folder)
        cases.append(cases_of_report(report.read_text(encoding="utf-8")))
    return Timing(round(statistics.mean(cases)), seconds)


def compare(
    running: Sequence[RunningStack], cases: int, cache: Path, folder: Path
) -> Timing:
    """Run compare.py for all stacks at once; its results go into `folder`."""
    shutil.copy(STACKS, folder)
    words: list[str | Path] = [sys.executable, ROOT / "compare.py", "--quiet"]
    words += ["--stacks-file", folder / STACKS.name, "--cache", cache]
    words += ["--contract", CONTRACT, "--seed", str(SEED)]
    words += ["--select", RANDOM, "--max-examples", str(ENDLESS)]
    words += ["--max-requests", str(cases)]
    for stack in running:
        words += ["--stack", f"{stack.name}={stack.url}"]
    seconds = command(words, folder)
    run = (folder / "results" / "run.jsonl").read_text(encoding="utf-8")
    return Timing(cases_of_run(run), seconds)


def measure(repetitions: int, examples: int, folder: Path) -> dict[str, list[Timing]]:
    """All variants in turn; ours with as many cases as `st run` had just before."""
    measured: dict[str, list[Timing]] = {RIVAL: [], GENERATING: [], SAVED: []}
    for number in range(repetitions):
        cache = folder / f"cache-{number}"
        for name, timings in measured.items():
            place = folder / f"{number}-{name.split()[-1]}"
            place.mkdir()
            with stacks(folder) as running:
                timings.append(
                    st_run(running, examples, place)
                    if name == RIVAL
                    else compare(running, measured[RIVAL][-1].cases, cache, place)
                )
            print(f"{number + 1}: {name} {timings[-1].rate:.1f}/s", file=sys.stderr)
    return measured


def main() -> int:
    """Measure, print the table, and give the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--examples", type=int, default=10)
    options = parser.parse_args()
    if os.getloadavg()[0] > 1:
        print("The machine is busy: the figures will say little.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        measured = measure(options.repetitions, options.examples, Path(name))
    lines, kept = verdict(measured)
    print("\n".join(lines))
    print(f"{os.cpu_count()} processors, {options.repetitions} repetitions in turn;")
    print("median (least to greatest), ratios within each repetition.")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
