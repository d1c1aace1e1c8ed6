"""Every file has its twin, and every operation its handler on both sides."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from comparison.contracts.contract import load_contract
from comparison.stacks import ROOT

PYTHON, NODE = ROOT / "python_api", ROOT / "node_api"
# The assembly is named as each ecosystem names it.
RENAMED = {"main": "app"}
CONTRACT = load_contract(ROOT / "contract" / "openapi.yaml")
OPERATIONS = [operation.id for operation in CONTRACT.operations]


def _modules() -> list[str]:
    return sorted(path.stem for path in PYTHON.glob("*.py"))


def _twin(module: str) -> Path:
    return NODE / f"{RENAMED.get(module, module)}.js"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


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


def _python_handlers(path: Path) -> list[str]:
    names = re.findall(
        r"^(?:async )?def (\w+)\(", path.read_text("utf-8"), re.MULTILINE
    )
    known = {_snake(operation): operation for operation in OPERATIONS}
    return [known[name] for name in names if name in known]


def _node_handlers(path: Path) -> list[str]:
    names = re.findall(r"\bfunction (\w+)\(", path.read_text("utf-8"))
    return [name for name in names if name in OPERATIONS]


def test_every_python_file_has_a_twin() -> None:
    missing = [m for m in _modules() if not _twin(m).exists()]
    assert not missing, f"node_api lacks the twins of {missing}"


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
    python = [p.name for p in PYTHON.glob("*.py") if operation in _python_handlers(p)]
    node = [p.name for p in NODE.glob("*.js") if operation in _node_handlers(p)]
    assert python, f"python_api has no function {_snake(operation)}"
    assert node, f"node_api has no function {operation}"
    assert [Path(name).stem for name in python] == [Path(name).stem for name in node]


@pytest.mark.parametrize("module", _modules())
def test_twins_have_their_handlers_in_the_same_order(module: str) -> None:
    if not _twin(module).exists():
        pytest.skip("it has no twin, which another test tells")
    ours = _python_handlers(PYTHON / f"{module}.py")
    theirs = _node_handlers(_twin(module))
    for number, (one, other) in enumerate(zip_longest(ours, theirs), 1):
        message = f"handler {number}: {module}.py has {one}, its twin {other}"
        assert one == other, message


def test_operation_order_is_that_of_the_contract() -> None:
    for module in _modules():
        handlers = _python_handlers(PYTHON / f"{module}.py")
        order = [name for name in OPERATIONS if name in handlers]
        assert handlers == order, f"{module}.py is not in the order of the contract"
