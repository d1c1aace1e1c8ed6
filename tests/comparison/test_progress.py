"""The display: what a person at a terminal sees while it measures, and a pipeline."""

import io
import os
import re
import signal
import sys
import time
from itertools import takewhile

import pytest

from comparison.gauge import FINE, PLAIN, Gauge
from comparison.live_line import LiveLine
from comparison.progress import EVERY, Display
from comparison.stacks import ROOT
from comparison.tally import Pace, Tally, clock, time_left
from tests.comparison.conftest import Program
from tests.comparison.terminal import resize, watched

COMPARING = Tally("comparing", 2008, 3869, "plans", "cases", 2, more=True)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock, which goes on by hand."""
    at = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    return at


# One line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            79,
            "⠋ cases       ━━━━━━━━──────── 2,008/3,869 248/s 2 differ"
            "  over 0:08 left  0:11",
        ),
        (60, "⠋ cases       2,008/3,869 248/s 2 differ  over 0:08 left"),
        (39, "⠋ cases 2,008/3,869 over 0:08 left 0:11"),
        (20, "⠋ cases 2,008/3,869"),
        (6, "⠋ case"),
    ],
)
def test_what_matters_least_goes_first(width: int, line: str) -> None:
    assert Gauge(COMPARING, 247.6, 11).line(width) == line


@pytest.mark.parametrize("total", [None, 0, 1, 3869, 1_000_000])
@pytest.mark.parametrize("done", [0, 2008, 999_999])
def test_no_line_is_too_wide(done: int, total: int | None) -> None:
    tally = Tally("comparing", done, total, "plans", "collections", done)
    for width in range(1, 130):
        for turn in range(20):
            assert len(Gauge(tally, 3.2, 90, turn, PLAIN).line(width)) <= width


def test_what_is_not_counted_says_how_long_it_takes() -> None:
    assert Gauge(Tally("starting"), None, 65).line(79) == "⠋ starting 1:05"


def test_one_is_one() -> None:
    for done, said in ((0, " 0 plans "), (1, " 1 plan "), (1234, " 1,234 plans ")):
        assert said in Gauge(Tally("x", done, noun="plans"), None, 1).line(79)


def test_where_the_end_is_open_something_moves() -> None:
    bars = {
        Gauge(Tally("comparing", 7, None, "plans"), None, 1, turn).line(79)[14:-40]
        for turn in range(20)
    }
    assert len(bars) > 10
    assert {bar.count("━") for bar in bars} == {3}


def test_a_terminal_without_these_characters_gets_others() -> None:
    assert FINE.can_be_written("utf-8")
    assert not FINE.can_be_written("ascii")
    assert not FINE.can_be_written("no such encoding")
    assert Gauge(COMPARING, None, 1, 0, PLAIN).line(79).isascii()


# Time


@pytest.mark.parametrize(
    ("tally", "rate", "said"),
    [
        (Tally("starting"), None, ""),
        (Tally("x", 5, 10, "plans"), None, "? left"),
        (Tally("x", 5, 10, "plans"), 0.0, "? left"),
        (Tally("x", 5, None, "plans"), 1.0, "? left"),
        (Tally("x", 5, 10, "plans"), 1.0, "0:05 left"),
        (Tally("x", 12, 10, "plans"), 1.0, "0:00 left"),
        (Tally("x", 5, 10, "plans", more=True), 1.0, "over 0:05 left"),
        (Tally("x", 10, 10, "plans", more=True), 1.0, "? left"),
        # The budget is the time left, whatever there is still to be asked.
        (Tally("x", 5, 10, "plans", until=160, timed=True), 1.0, "1:00 left"),
        (Tally("x", 5, 10, "plans", until=90, timed=True), 1.0, "0:00 left"),
        (Tally("x", 5, 10, "plans", until=160), 1.0, "0:05 left"),
        (Tally("x", 5, 10, "plans", until=103), 1.0, "under 0:03 left"),
        (Tally("x", 5, 10, "plans", until=160), None, "under 1:00 left"),
        (Tally("x", 10, 10, "plans", until=160, more=True), 9.0, "under 1:00 left"),
        (Tally("x", 5, 10, "plans", least=107), None, "over 0:07 left"),
        (Tally("x", 5, 10, "plans", least=107), 1.0, "over 0:07 left"),
        (Tally("x", 5, 10, "plans", least=103), 1.0, "0:05 left"),
    ],
)
def test_the_time_left_is_what_is_known(
    tally: Tally, rate: float | None, said: str, now: list[float]
) -> None:
    assert now == [100.0]
    assert time_left(tally, rate) == said


def test_a_rate_is_that_of_the_last_seconds(now: list[float]) -> None:
    pace, done = Pace(), 0
    pace.take(Tally("x", 0, noun="plans"))
    assert pace.rate(0) is None
    for many in [100] * 10 + [10] * 10:
        for _ in range(10):
            now[0] += 0.1
            done += many // 10
            pace.take(Tally("x", done, noun="plans"))
    assert pace.rate(done) == pytest.approx(10, rel=0.1)
    # It is told once a second, and falls where nothing goes on.
    now[0] += 0.5
    assert pace.rate(done) == pytest.approx(10, rel=0.1)
    now[0] += 60
    assert pace.rate(done) == pytest.approx(1, abs=0.5)
    pace.take(Tally("y", 3, noun="plans"))
    assert pace.rate(3) is None


def test_hours() -> None:
    assert [clock(s) for s in (0, 59.6, 3599, 3723)] == [
        "0:00",
        "1:00",
        "59:59",
        "1:02:03",
    ]


def test_a_line_ends_also_in_the_midst_of_what_is_said() -> None:
    """As where a signal comes, whose handler leaves the terminal in order."""
    written = io.StringIO()
    line = LiveLine(written, lambda width: "x"[:width])
    line.start()
    began = time.monotonic()
    with line._lock:
        while not line._thread.is_alive() or time.monotonic() - began < 0.5:
            time.sleep(0.05)
        line.stop()


# A pipeline


def test_a_pipeline_gets_few_plain_lines(
    capsys: pytest.CaptureFixture[str], now: list[float]
) -> None:
    with Display(quiet=False) as display:
        display.stage("starting")
        for done in range(1, 101):
            now[0] += 1
            tally = Tally("comparing", done, 300, "plans", "cases", 2, more=True)
            display.show(tally)
        display.stage("writing")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "comparing (300 plans)"
    assert len(lines) == 1 + int(99 // (EVERY + 1))
    assert lines[2] == (
        "comparing (cases): 63 of 300 plans, 1/s, over 3:57 left, 2 differences"
    )


def test_a_pipeline_reads_numbers_as_people_write_them(
    capsys: pytest.CaptureFixture[str], now: list[float]
) -> None:
    with Display(quiet=False) as display:
        for done in (1, 2):
            now[0] += EVERY + 1
            display.show(Tally("comparing", done, 3869, "plans", differences=1))
    first, second = capsys.readouterr().err.splitlines()
    assert first == "comparing (3,869 plans)"
    assert second.endswith(", 1 difference")


def test_one_that_is_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Display(quiet=True) as display:
        display.say("x")
        display.show(COMPARING)
    assert capsys.readouterr() == ("", "")


def test_one_that_does_not_talk_moves_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with Display(quiet=False, talking=False) as display:
        display.say("a line that stays")
        end = time.monotonic() + 10
        while "preparing" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.02)
    assert "preparing" in terminal.getvalue()
    assert "stays" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


# A terminal


def _compare(program: Program, *more: str) -> list[str]:
    command = [sys.executable, str(ROOT / "compare.py"), *program.flags]
    return [*command, "--stack", "right", "--stack", "header", *more]


@pytest.mark.parametrize("columns", [80, 40])
def test_a_person_sees_something_move_until_the_report(
    program: Program, columns: int
) -> None:
    seen = watched(_compare(program), columns, {"NO_COLOR": "1"})
    assert seen.code == 1
    for label in ("preparing", "cases", "writing"):
        assert seen.shown(label), label
    # Each of these may be over before the line is drawn the next time.
    assert any(map(seen.shown, ("confirming", "once more", "shrinking")))
    assert all(len(line) < columns for label in "cs" for line in seen.shown(label))
    assert any(" differ" in line for line in seen.moments) or columns < 80
    assert re.search(r"cases +[━─]* *\d+/343 .*left", " ".join(seen.shown("cases")))
    # Nothing of it is left behind, and nothing has a colour.
    left = "\n".join(seen.screen.lines)
    assert not re.search("[━─⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]", left)
    assert left.startswith("starting right, header\nthe report as a page: ")
    assert "\x1b[3" not in seen.text


def test_with_a_time_the_budget_is_what_is_left(program: Program) -> None:
    seen = watched(_compare(program, "--time", "4"))
    # What is found after the last round has a time of its own.
    rounds = takewhile(lambda line: "confirming" not in line, seen.moments)
    told = [re.search(r" (\d+):(\d\d) left", line) for line in rounds]
    left = [int(found[2]) for found in told if found]
    assert left
    assert left == sorted(left, reverse=True)
    assert max(left) <= 4


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(
    program: Program,
) -> None:
    seen = watched(_compare(program, "--select", "notes/*"), 80, {"TERM": "dumb"})
    assert seen.text.startswith("starting right, header\r\ncomparing (")
    assert "\x1b[" not in seen.text.replace("\x1b[31m", "")[:200]


def test_a_window_that_is_narrowed_keeps_no_scraps(program: Program) -> None:
    sizes = iter([40])

    def narrow(window: int, _pid: int, text: str) -> None:
        if "cases" in text:
            for columns in sizes:
                resize(window, columns)

    seen = watched(_compare(program), 80, meanwhile=narrow)
    moving = [line for line in re.split(r"\r|\n", seen.text) if "left" in line]
    wide = [len(line.partition("\x1b")[0]) for line in moving]
    assert max(wide) > 40 > wide[-1]
    # What one line was is two now, both of which go.
    assert seen.text.count("\x1b[1A\r\x1b[J") == 1


def test_an_interruption_leaves_a_clean_terminal(program: Program) -> None:
    told: list[int] = []

    def interrupt(_window: int, pid: int, text: str) -> None:
        if "cases" in text and not told:
            told.append(pid)
            os.kill(pid, signal.SIGINT)

    seen = watched(_compare(program, "--time", "60"), meanwhile=interrupt)
    assert seen.code == 130
    assert [line for line in seen.screen.lines if line] == [
        "starting right, header",
        "interrupted: nothing was concluded, nothing written",
    ]


def test_a_list_and_a_case_are_not_drawn_over(program: Program) -> None:
    command = [sys.executable, str(ROOT / "compare.py"), *program.flags]
    seen = watched([*command, "--list"], 200)
    assert seen.code == 0
    assert all(re.match(r"\S+  +\S|$", line) for line in seen.screen.lines)
    seen = watched([*command, "--case", "notes/life"], 200)
    assert seen.screen.lines[0].startswith("notes/life")
    assert not re.search("preparing|starting", "\n".join(seen.screen.lines))
