"""What a hostile server says reaches the terminal as text and nothing else."""

from collections.abc import Callable

import pytest

from comparison.printable import harmless, painted, printable
from comparison.report.paint import ansi, plain
from tests.comparison.conftest import Program
from tests.comparison.served import BEARER, Answer, Asked, Serve, flags
from tests.comparison.work import little_work

TITLE = "\x1b]0;pwned\x07"
LINE_UP = "\x1b[1A\x9b2K\u202e"


def test_only_what_can_be_seen_is_printed() -> None:
    assert printable("é ☃\n\t\x1b[1A\x7f\x9b\u202e") == (
        "é ☃\n\\t\\x1b[1A\\x7f\\x9b\\u202e"
    )
    assert plain("a\x1bb", "red") == "a\\x1bb"
    assert ansi("a\x1b[2Jb", "red") == "\x1b[31ma\\x1b[2Jb\x1b[0m"
    text = ansi("a", "bold") + "\x1b[2J\n"
    assert painted(text) == ansi("a", "bold") + "\\x1b[2J\n"


def test_what_a_host_of_builds_obeys_is_found_in_time() -> None:
    text = "\n" * 200_000 + " \t" * 50_000 + "::error::x"
    with little_work():
        assert harmless(text) == text.replace("::", "\\x3a:", 1)


def hostile(value: int) -> Callable[[Asked], Answer]:
    """Says in keys, values and headers what a terminal would obey."""
    said = {TITLE: value, "say": f"{LINE_UP}{value}", "list": [{LINE_UP: value}]}
    sent = {"X-Say": f"{TITLE}{value}"}
    return lambda _: (200, said, sent)


@pytest.mark.parametrize("colour", ["never", "always"])
def test_no_report_holds_what_a_terminal_obeys(
    program: Program, serve: Serve, colour: str
) -> None:
    servers = serve(hostile(1), hostile(2))
    arguments = [*flags(program, servers, **BEARER), "--color", colour]
    assert program(*arguments, "-v") == 1
    text = program.out + program.err
    assert "pwned" in text
    assert program(*arguments, "--case", program.run.open[0].id) == 1
    text += program.out + program.err
    for style in ("31", "32", "33", "1", "2", "0"):
        text = text.replace(f"\x1b[{style}m", "")
    assert not [c for c in text if not c.isprintable() and c != "\n"]
