"""A run file that was cut short is refused by everything that reads one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comparison.report.forms import FORMS
from comparison.run import read_run
from tests.comparison.conftest import Program

# What is left of a whole file, by where it ends.
CUTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "within the header": lambda whole: whole[: whole.index(b"\n") // 2],
    "after the header": lambda whole: whole[: whole.index(b"\n") + 1],
    "before a line ends": lambda whole: whole[: whole.rindex(b"\n", 0, -1)],
    "within a line": lambda whole: whole[: whole.rindex(b"\n", 0, -1) - 9],
    "without its footer": lambda whole: whole[: whole.rindex(b"\n", 0, -1) + 1],
    "within the footer": lambda whole: whole[:-9],
}
USES = {
    **{f"--format {name}": ["--format", name, "--from"] for name in FORMS},
    "-q": ["-q", "--from"],
    "-v": ["-v", "--from"],
    "--case": ["--case", "{id}", "--from"],
    "--export": ["--export", "pytest", "--from"],
    "--export --case": ["--export", "pytest", "--case", "{id}", "--from"],
    "--baseline": ["--baseline"],
    "--from --baseline": ["--from", "{whole}", "--baseline"],
    "--replay": ["--replay"],
    "--replay --list": ["--list", "--replay"],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run file with a difference in it."""
    program = Program(tmp_path_factory.mktemp("whole"), lambda: _Nothing)
    assert program.against("null", "--select", "notes/*", "-q") == 1
    yield program.folder / "results" / "run.jsonl"


class _Nothing:
    out = err = ""


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("use", USES)
def test_what_was_cut_short_is_refused(
    program: Program, whole: Path, use: str, cut: str
) -> None:
    file = program.folder / "cut.jsonl"
    file.write_bytes(CUTS[cut](whole.read_bytes()))
    name = read_run(whole).findings[0].id
    words = [word.format(id=name, whole=whole) for word in USES[use]]
    assert program(*words, str(file)) == 2
    assert program.out == ""
    assert str(file) in program.err
    assert "cut short" in program.err
    # What to do next.
    assert "Run compare.py again." in program.err
    assert "Traceback" not in program.err
    assert "bug of compare.py" not in program.err
    assert not (program.folder / "results").exists(), "somebody was asked"


@pytest.mark.parametrize("cut", CUTS)
def test_the_last_run_is_exported_only_if_it_is_whole(
    program: Program, whole: Path, cut: str
) -> None:
    file = program.folder / "results" / "run.jsonl"
    file.parent.mkdir()
    file.write_bytes(CUTS[cut](whole.read_bytes()))
    assert program("--export", "pytest") == 2
    assert program.out == ""
    assert str(file) in program.err
