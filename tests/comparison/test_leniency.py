"""What is wrong with one schema is told, and all else of the contract is used."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from comparison.contracts.contract import Contract, load_contract
from comparison.contracts.patterns import understood
from tests.comparison.conftest import TOY, Program

HEAD = 'openapi: 3.1.0\ninfo: {title: A, version: "1"}\n'
GET = HEAD + "paths:\n  /a:\n    get:\n      summary: x\ncomponents:\n  schemas:\n"


def contract_of(folder: Path, schema: str) -> Contract:
    path = folder / "c.yaml"
    path.write_text(f"{GET}    A: {schema}\n    B: {{type: string}}\n")
    return load_contract(path)


@pytest.mark.parametrize(
    ("schema", "said", "left"),
    [
        (
            "{type: file}",
            "c.yaml:9: components → schemas → A → type: 'file' is no type of a schema,"
            " those are array, boolean, integer, null, number, object, string; it is"
            " not checked",
            {},
        ),
        (
            "{required: [a], properties: {a: {type: [string, any]}}}",
            "['string', 'any'] is no type of a schema",
            {"required": ["a"], "properties": {"a": {}}},
        ),
        (
            "{properties: {type: {minLength: -1}}}",
            "A → properties → type → minLength: the schema is not valid: ",
            {"properties": {"type": {}}},
        ),
        (
            "{required: yes}",
            'A → required: the schema is not valid: "yes" is not of type',
            {},
        ),
        ("{enum: 1}", "A → enum: the schema is not valid: 1 is not of type ", {}),
        ("{format: {a: 1}}", "A → format: the schema is not valid: ", {}),
        ("{properties: {$ref: x}}", "A → properties → $ref: the schema is not", {}),
        ("{properties: []}", "A → properties: the schema is not valid: ", {}),
        ("[1]", "c.yaml:9: components → schemas → A: this is no schema; it is not", {}),
        (
            "{minLength: 1, items: text}",
            "A → items: this is no schema",
            {"minLength": 1, "items": {}},
        ),
        (
            "{properties: {a: text}}",
            "A → properties → a: this is no schema",
            {"properties": {"a": {}}},
        ),
        (
            '{items: {pattern: "a(", minLength: 1}}',
            "A → items → pattern: the pattern 'a(' is not understood, and not checked",
            {"items": {"minLength": 1}},
        ),
        (
            '{additionalProperties: false, patternProperties: {"[a": {}}}',
            "the pattern '[a' is not understood, and its schema not checked",
            {},
        ),
    ],
)
def test_a_schema_that_is_none_is_left_unchecked(
    tmp_path: Path, schema: str, said: str, left: dict[str, Any]
) -> None:
    contract = contract_of(tmp_path, schema)
    [note] = contract.notes
    assert said in note.replace(f"{tmp_path}/", "")
    schemas = contract.document["components"]["schemas"]
    assert schemas == {"A": left, "B": {"type": "string"}}


def test_several_mistakes_are_told_but_not_without_end(tmp_path: Path) -> None:
    parts = ", ".join(f"a{number}: {{type: file}}" for number in range(9))
    contract = contract_of(tmp_path, f"{{properties: {{{parts}}}, minLength: 1}}")
    assert len(contract.notes) == 6
    assert contract.notes[-1] == "4 more parts of it are not checked"
    properties: dict[str, Any] = {f"a{number}": {} for number in range(9)}
    found = contract.document["components"]["schemas"]["A"]
    assert found == {"properties": properties, "minLength": 1}


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        (r"^[\w-\.]+@([\w-]+\.)+[\w-]{2,4}$", "a.b-c@d-e.org", "a@b"),
        (r"^\d{,3}$", "1{,3}", "11"),
        ("^[^]$", "\n", ""),
        ("^a{1$", "a{1", "a"),
        ("^{[}]$", "{}", "{"),
        (r"^[a-\d]$", "-", "b"),
        (r"^\{\d{2}$", "{12", "{1"),
        ("a[]|b", "b", "a"),
    ],
)
def test_javascript_without_its_strictness_is_read(
    tmp_path: Path, pattern: str, fits: str, fails: str
) -> None:
    contract = contract_of(tmp_path, f"{{pattern: '{pattern}'}}")
    assert contract.notes == ()
    read = jsonschema_rs.Draft202012Validator(
        contract.document["components"]["schemas"]["A"]
    )
    assert (read.is_valid(fits), read.is_valid(fails)) == (True, False)


@pytest.mark.parametrize("pattern", [r"^[a-z]+\Z", r"\h", "(?<n>", "[", "a**"])
def test_what_nobody_here_understands_is_not_guessed(pattern: str) -> None:
    assert understood(pattern) is None


def test_a_pattern_that_is_understood_stays_as_it_is() -> None:
    for pattern in (r"^[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?$", r"^[a-z\-\_\@]+$", "[a-z]"):
        assert understood(pattern) == pattern


def test_what_is_not_checked_is_told_before_anything_is_asked(program: Program) -> None:
    text = (TOY / "openapi.yaml").read_text(encoding="utf-8")
    path = program.folder / "odd.yaml"
    path.write_text(text + "    Odd: {type: file}\n", encoding="utf-8")
    assert "\n  schemas:\n" in text
    stacks = ("--stack", "right", "--stack", "twin", "--max-examples", "0")
    assert program("--contract", str(path), *stacks, "--select", "listNotes") == 0
    assert program.err.count("'file' is no type of a schema") == 1
