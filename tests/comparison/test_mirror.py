"""Every file has its twin, and every operation its handler on both sides."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from comparison.code.pairing import lacking, pairs
from comparison.code.piece import in_javascript, in_python
from comparison.code.side import Side
from comparison.contracts.contract import load_contract
from comparison.stacks import ROOT

PYTHON, NODE = ROOT / "python_api", ROOT / "node_api"
# The assembly is named as each ecosystem names it.
RENAMED = {"main": "app"}
# Express makes no document of its code, and Gunicorn is for Python alone.
ALONE = {"generated", "gunicorn.conf"}
CONTRACT = load_contract(ROOT / "contract" / "openapi.yaml")
OPERATIONS = [operation.id for operation in CONTRACT.operations]
SIDES = [Side("python_api", PYTHON), Side("node_api", NODE)]


def _modules() -> list[str]:
    return sorted(path.stem for path in PYTHON.glob("*.py") if path.stem not in ALONE)


def _twin(module: str) -> Path:
    return NODE / f"{RENAMED.get(module, module)}.js"


def _first_sentence(path: Path) -> str:
    """The first sentence of the docstring or comment that a file begins with."""
    text = path.read_text(encoding="utf-8")
    found = re.match(r'(?:#!.*\n)?\s*(?:"""(.*?)"""|/\*\*?(.*?)\*/)', text, re.DOTALL)
    if found:
        said = found[1] or found[2] or ""
    else:
        lines = re.match(r"(?:#!.*\n)?((?://.*\n)+)", text)
        said = lines[1] if lines else ""
    said = " ".join(re.sub(r"^\s*(//|\*)\s?", "", said, flags=re.MULTILINE).split())
    return re.split(r"(?<=[.:;])\s", said)[0]


def _handlers(side: Side, file: str) -> list[str]:
    """The operations whose handlers a file has, in its order."""
    return [
        name
        for source in side.files[file]
        for name in OPERATIONS
        if source.piece.name in (in_python(name), in_javascript(name))
        and source.piece.kind == "handler"
    ]


def test_every_python_file_has_a_twin() -> None:
    missing = [m for m in _modules() if not _twin(m).exists()]
    assert not missing, f"node_api lacks the twins of {missing}"


def test_what_has_no_twin_says_why() -> None:
    for module in ALONE:
        text = (PYTHON / f"{module}.py").read_text("utf-8")
        assert "Differs: it has no twin." in text
        assert not _twin(module).exists()


def test_every_node_file_has_a_twin() -> None:
    ours = {_twin(module).name for module in _modules()}
    others = sorted(
        path.name for path in NODE.glob("*.js") if not path.name.endswith(".config.js")
    )
    missing = [name for name in others if name not in ours]
    assert not missing, f"python_api lacks the twins of {missing}"


@pytest.mark.parametrize("module", _modules())
def test_twins_say_the_same_of_themselves(module: str) -> None:
    if not _twin(module).exists():
        pytest.skip("it has no twin, which another test tells")
    ours, theirs = PYTHON / f"{module}.py", _twin(module)
    first = _first_sentence(ours)
    assert first, f"{ours.name} does not begin with a docstring"
    assert first == _first_sentence(theirs), f"{ours.name} and {theirs.name} disagree"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_its_handlers(operation: str) -> None:
    [pair] = pairs([operation], SIDES)
    lacks = [
        lacking(operation, side, SIDES, OPERATIONS)
        for side in SIDES
        if side.name not in pair.sources
    ]
    assert not lacks, "; ".join(lacks)
    ours, theirs = pair.sources["python_api"], pair.sources["node_api"]
    assert ours.piece.name == in_python(operation), ours.place
    assert theirs.piece.name == in_javascript(operation), theirs.place
    assert Path(ours.file).stem == Path(theirs.file).stem
    assert [len(side.handlers(operation)) for side in SIDES] == [1, 1], operation


@pytest.mark.parametrize("module", _modules())
def test_twins_have_their_handlers_in_the_same_order(module: str) -> None:
    if not _twin(module).exists():
        pytest.skip("it has no twin, which another test tells")
    ours = _handlers(SIDES[0], f"{module}.py")
    theirs = _handlers(SIDES[1], _twin(module).name)
    for number, (one, other) in enumerate(zip_longest(ours, theirs), 1):
        message = f"handler {number}: {module}.py has {one}, its twin {other}"
        assert one == other, message


def test_operation_order_is_that_of_the_contract() -> None:
    for module in _modules():
        handlers = _handlers(SIDES[0], f"{module}.py")
        order = [name for name in OPERATIONS if name in handlers]
        assert handlers == order, f"{module}.py is not in the order of the contract"
