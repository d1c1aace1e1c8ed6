"""The mistakes of our own stacks: each is one change of a text that is there, once."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from comparison.stacks import ROOT

FILE = Path(__file__).parent / "mutants.toml"
MUTANTS = tomllib.loads(FILE.read_text(encoding="utf-8"))["mutant"]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant["name"])
def test_what_it_changes_is_there(mutant: dict[str, Any]) -> None:
    text = (ROOT / mutant["file"]).read_text(encoding="utf-8")
    assert text.count(mutant["old"]) == 1
    assert mutant["old"] != mutant["new"]
