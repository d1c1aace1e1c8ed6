"""OpenAPI 3.0 in the form of 3.1; what both say of a value stays the same."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from comparison.contracts.contract import Contract, load_contract


def loaded(folder: Path, schema: Any, version: str = "3.0.3") -> Contract:
    path = folder / "c.yaml"
    document = {
        "openapi": version,
        "info": {"title": "A", "version": "1"},
        "paths": {"/a": {"get": {"responses": {200: {"description": "x"}}}}},
        "components": {"schemas": {"A": schema, "B": {"type": "integer"}}},
    }
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return load_contract(path)


def upgraded(folder: Path, schema: Any) -> Any:
    return loaded(folder, schema).document["components"]["schemas"]["A"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {
                "allOf": [{"$ref": "#/components/schemas/B"}],
                "nullable": True,
                "title": "x",
            },
            {
                "title": "x",
                "anyOf": [
                    {"allOf": [{"$ref": "#/components/schemas/B"}]},
                    {"type": "null"},
                ],
            },
        ),
        (
            {"$ref": "#/components/schemas/B", "nullable": True, "description": "x"},
            {"$ref": "#/components/schemas/B", "description": "x"},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMaximum": True}, {}),
        ({"example": {"nullable": True}}, {"examples": [{"nullable": True}]}),
        (
            {"type": "string", "format": "byte"},
            {"type": "string", "contentEncoding": "base64"},
        ),
        (
            {"type": "string", "format": "binary"},
            {"type": "string", "contentMediaType": "application/octet-stream"},
        ),
        (
            {
                "properties": {
                    "nullable": {"type": "array", "items": {"nullable": True}}
                }
            },
            {"properties": {"nullable": {"type": "array", "items": {}}}},
        ),
    ],
)
def test_a_schema_of_3_0_says_the_same_in_3_1(
    tmp_path: Path, old: Any, new: Any
) -> None:
    assert upgraded(tmp_path, old) == new


def test_values_that_were_valid_stay_so(tmp_path: Path) -> None:
    schema = upgraded(
        tmp_path,
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "enum": ["a"], "nullable": True},
                "size": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
            },
        },
    )
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid({"name": None, "size": 0.1})
    assert not validator.is_valid({"name": "b"})
    assert not validator.is_valid({"size": 0})


def test_a_document_of_3_1_is_left_as_it_is(tmp_path: Path) -> None:
    schema = {"type": "string", "format": "binary", "examples": ["x"], "nullable": True}
    contract = loaded(tmp_path, schema, "3.1.1")
    assert contract.document["components"]["schemas"]["A"] == schema
    assert contract.document["openapi"] == "3.1.1"


def test_the_upgraded_document_says_that_it_is_3_1(tmp_path: Path) -> None:
    assert loaded(tmp_path, {}).document["openapi"] == "3.1.0"
