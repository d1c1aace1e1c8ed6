"""The code on a terminal: in two columns or one, in colours, and never obeyed."""

import re

import pytest
from rich.cells import cell_len

from comparison.cli import main
from comparison.report.columns import beside
from tests.comparison.conftest import Program
from tests.comparison.test_code_files import side_of


def _shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["--code", "getArticle"]) == 0
    return capsys.readouterr().out.splitlines()


def test_wide_and_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = _shown(capsys, monkeypatch, 179)
    [head] = [line for line in wide if "articles.py" in line]
    assert "fastapi  python_api/articles.py:" in head
    assert "express  node_api/articles.js:" in head
    assert max(map(len, wide)) <= 179
    narrow = _shown(capsys, monkeypatch, 80)
    [first] = [n for n, line in enumerate(narrow) if "articles.py" in line]
    [second] = [n for n, line in enumerate(narrow) if "articles.js" in line]
    assert second > first + 1
    assert not any("\x1b" in line for line in (*wide, *narrow))


def test_the_index_has_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in (["--code"], ["--code", "--color", "never"]):
        assert main(arguments) == 0
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= 80
        assert sum("python_api/" in x and "node_api/" in x for x in lines) == 19
        assert lines[-1] == "19 of 19 operations with a handler in fastapi and express"
    monkeypatch.setenv("COLUMNS", "50")
    assert main(["--code"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines()[:57])) <= 50


def test_colours_change_no_letter(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("getArticle", "auth", ""):
        main([f"--code={name}", "--color", "always"])
        coloured = capsys.readouterr().out
        main([f"--code={name}", "--color", "never"])
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == capsys.readouterr().out


HOSTILE = "'\x1b[2J\x07\u202e\x9b1m\t' + \"\x00\"; // 漢字 \u200b"


@pytest.mark.parametrize("colour", ["always", "never"])
@pytest.mark.parametrize("width", ["300", "60"])
def test_a_source_cannot_move_the_cursor(
    program: Program, monkeypatch: pytest.MonkeyPatch, colour: str, width: str
) -> None:
    text = f"function getNote() {{\n\treturn {HOSTILE}\n}}\n"
    for name in ("left", "right"):
        side_of(program.folder, {"a\x1b[1m.js": text}, name)
    stacks = program.stacks_file.read_text("utf-8") + "".join(
        f'\n[stacks.{name}-side]\ntitle = ""\nfolder = "{name}"\nstart = []\n'
        for name in ("left", "right")
    )
    program.stacks_file.write_text(stacks, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", width)
    sides = ["--stack", "left-side", "--stack", "right-side"]
    for name in ("--code", "--code=getNote"):
        assert program(*sides, name, "--color", colour) == 0, program.err
        plain = program.out
        assert r"\t" not in plain
        if colour == "always":
            assert "\x1b[2J" not in plain
            plain = plain.replace("\x1b[", "")
        assert all(c.isprintable() or c == "\n" for c in plain), repr(plain)
    assert r"\x1b[2J" in program.out or colour == "always"


@pytest.mark.parametrize("colour", [True, False])
def test_what_is_wider_than_its_column_goes_on_below(colour: bool) -> None:
    text = "漢字e\u0301🙂\u0300 ab" * 40
    blocks = [("left", "python", f"x = '{text}'\ny"), ("right", "python", "z = 1\n")]
    assert [line for line in beside(blocks, 60, False) if line] == [
        *("left", f"x = '{text}'", "y"),
        *("right", "z = 1"),
    ]
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", x) for x in beside(blocks, 180, colour)]
    assert lines[0].split() == ["left", "right"]
    place = lines[0].index("right")
    assert max(map(cell_len, lines)) <= place + 5
    left = [line[: -len("z = 1")] if "z = 1" in line else line for line in lines[1:]]
    # Only white space at the end of a row is not there.
    assert "".join("".join(left).split()) == "".join(f"x = '{text}'y".split())
    assert "z = 1" in lines[1]
    assert cell_len(lines[1].split("z = 1")[0]) == place
