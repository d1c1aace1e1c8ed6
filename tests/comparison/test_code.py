"""`--code`: what is paired, and how it is shown."""

import shutil
from pathlib import Path

import pytest

from comparison.cli import main
from comparison.code.listing import listing
from comparison.code.pairing import Part, chosen, pairs
from comparison.code.piece import CodeError, in_javascript, in_python
from comparison.code.side import Side
from comparison.contracts.contract import load_contract
from comparison.findings.verdict import handler
from comparison.stacks import ROOT
from tests.comparison.test_code_files import side_of

CONTRACT = load_contract(ROOT / "contract" / "openapi.yaml")
OPERATIONS = [operation.id for operation in CONTRACT.operations]


def _copied(folder: Path) -> list[Side]:
    """Our own stacks, to be changed."""
    for name, pattern in (("python_api", "*.py"), ("node_api", "*.js")):
        (folder / name).mkdir()
        for path in (ROOT / name).glob(pattern):
            shutil.copy(path, folder / name)
    return [Side(name, folder / name) for name in ("python_api", "node_api")]


def test_every_operation_is_paired() -> None:
    sides = [Side("fastapi", ROOT / "python_api"), Side("express", ROOT / "node_api")]
    found = pairs(OPERATIONS, sides)
    assert len(found) == 19
    for pair in found:
        ours, theirs = pair.sources["fastapi"], pair.sources["express"]
        assert ours.text.startswith("@router.")
        assert f"def {in_python(pair.name)}(" in ours.text
        assert theirs.text.startswith("/** ")
        assert theirs.text.endswith(");")
        assert f"function {in_javascript(pair.name)}(" in theirs.text
    assert not listing(CONTRACT.operations, sides).lacking


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "python_api/articles.py",
            "async def update_article(",
            "async def modify_it(",
            "python_api has no handler update_article;"
            " named after no operation: modify_it",
        ),
        (
            "node_api/articles.js",
            "function updateArticle(",
            "function change(",
            "node_api has no handler updateArticle; named after no operation: change",
        ),
    ],
)
def test_a_renamed_handler_is_named(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    sides = _copied(tmp_path)
    path = tmp_path / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    lacking = listing(CONTRACT.operations, sides).lacking
    assert list(lacking) == ["updateArticle"]
    line = path.read_text("utf-8").split(new, maxsplit=1)[0].count("\n") + 1
    assert lacking["updateArticle"] == f"{said} ({path}:{line})"


def test_an_alias_in_capitals_is_another_name() -> None:
    sides = [Side("fastapi", ROOT / "python_api"), Side("express", ROOT / "node_api")]
    part = chosen("auth", OPERATIONS, sides)
    assert isinstance(part, Part)
    alone = {source.piece.name for source in part.alone("fastapi")}
    assert {"OptionalUser", "CurrentUser"} <= alone
    assert "optional_user" not in alone


def test_findings_name_the_same_place() -> None:
    [pair] = pairs(["createComment"], [Side("", ROOT / "node_api")])
    assert handler(ROOT / "node_api", "createComment") == pair.sources[""].place
    assert handler(ROOT / "node_api", "GET /articles/{slug}") is None
    assert handler(ROOT / "node_api", "") is None


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    files = {"bad.py": "def x(:\n", "null.py": "\0", "good.py": "def login(): ..."}
    found = listing(CONTRACT.operations, [side_of(tmp_path, files)])
    assert [pair.name for pair in found.pairs if pair.sources] == ["login"]
    assert len(found.notes) == 2
    assert "bad.py is left out: line 1: " in found.notes[0]


@pytest.mark.parametrize("name", ["errors", "auth", "database"])
def test_shared_parts_are_paired_by_name(name: str) -> None:
    sides = [Side("fastapi", ROOT / "python_api"), Side("express", ROOT / "node_api")]
    part = chosen(name, OPERATIONS, sides)
    names = {
        "errors": ["METHODS", "ApiError", "unauthorized", "forbidden", "not_found"],
        "auth": ["ALGORITHM", "CREDENTIALS", "NOBODY", "hash_password"],
        "database": ["Row", "Run", "CONTRACT", "DatabaseUnavailable"],
    }[name]
    assert isinstance(part, Part)
    assert [pair.name for pair in part.shared][: len(names)] == names


def test_a_part_tells_what_one_side_has_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--code", "errors"]) == 0
    text = capsys.readouterr().out
    assert "\nnot_found = notFound\n" in text
    assert "\nin fastapi alone\n  MESSAGES  python_api/errors.py:" in text
    assert "\nin express alone\n  onError  node_api/errors.js:" in text


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong, hint in (
        ("getArticel", "getArticle"),
        ("get_article", "getArticle"),
        ("error", "errors"),
    ):
        assert main(["--code", wrong]) == 2
        said = capsys.readouterr().err
        assert f"no operation and no part '{wrong}'" in said
        assert hint in said.split("The closest: ")[1].split("\n", maxsplit=1)[0]
        assert "Parts: articles, auth, " in said


@pytest.mark.parametrize(
    "flags",
    [
        ["--seed", "3"],
        ["--select", "x"],
        ["--only", "defaults"],
        ["--from", "x"],
        ["--case", "x"],
        ["--list"],
        ["-x"],
        ["--time", "3"],
    ],
)
def test_flags_that_do_nothing_are_refused(
    flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--code", *flags]) == 2
    assert "--code goes without --" in capsys.readouterr().err


def test_a_server_elsewhere_has_no_sources(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = ["--stack", "other=http://127.0.0.1:9"]
    assert main(["--stack", "express", *elsewhere, "--code", "getArticle"]) == 0
    text = capsys.readouterr().out
    assert "function getArticle(" in text
    assert "! other has no sources: it is a URL" in text
    assert main([*elsewhere, "--code"]) == 2
    assert "There is no code to be shown" in capsys.readouterr().err


def test_nothing_is_found_in_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="no Python and no JavaScript"):
        listing(CONTRACT.operations, [Side("one", tmp_path)])
