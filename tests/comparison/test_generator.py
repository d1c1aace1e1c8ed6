"""What is generated of contracts of all kinds, and what if something cannot be."""

import json
from typing import Any

import pytest

from comparison.cases import generator
from comparison.cases.corpus import Case
from comparison.cases.generator import Generator, lightened

TEXT = {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$"}


def generated(*operations: dict[str, Any], chunk: int | None = None) -> list[Case]:
    """The fixed part, or a chunk, of a contract of operations at /0, /1 and so on."""
    made = Generator(document(*operations), "/api", 1)
    cases = made.fixed() if chunk is None else made.fuzzed(chunk)
    assert made.notes == []
    return cases


def document(*operations: dict[str, Any]) -> dict[str, Any]:
    paths = {
        f"/{number}": {"post": {"responses": {"200": {"description": ""}}, **one}}
        for number, one in enumerate(operations)
    }
    information = {"title": "test", "version": "1"}
    return {"openapi": "3.1.0", "info": information, "paths": paths}


def taking(media: str, schema: Any) -> dict[str, Any]:
    content = {media: {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def parameter(name: str, place: str, schema: Any) -> dict[str, Any]:
    one = {"name": name, "in": place, "required": True, "schema": schema}
    return {"parameters": [one]}


@pytest.mark.parametrize(
    ("media", "schema", "text"),
    [
        ("application/json", {"const": {"a": 1}}, '{"a": 1}'),
        ("text/plain", {"const": "abc"}, "abc"),
        (
            "application/x-www-form-urlencoded",
            {
                "type": "object",
                "properties": {"a": {"const": "b c"}},
                "required": ["a"],
                "additionalProperties": False,
            },
            "a=b+c",
        ),
    ],
)
def test_a_body_has_the_form_of_its_media_type(
    media: str, schema: Any, text: str
) -> None:
    found = generated(taking(media, schema))
    sent = [case.headers["Content-Type"] for case in found if case.text == text]
    assert sent[0] == media


def test_a_multipart_body_has_the_same_boundary_in_every_run() -> None:
    schema = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
    first = generated(taking("multipart/form-data", schema), chunk=0)
    assert first == generated(taking("multipart/form-data", schema), chunk=0)
    headers = {case.headers["Content-Type"] for case in first if case.positive}
    assert headers == {"multipart/form-data; boundary=comparison-boundary"}
    bodies = [
        bytes.fromhex(case.hex or "") or str(case.text).encode() for case in first
    ]
    assert any(b"--comparison-boundary" in body for body in bodies)


def test_octets_that_are_no_text_are_kept_as_octets() -> None:
    schema = {"type": "string", "format": "binary"}
    found = generated(taking("application/octet-stream", schema), chunk=0)
    assert any(case.hex for case in found)


@pytest.mark.parametrize(
    ("place", "name", "header", "value"),
    [
        ("header", "If-Match", "If-Match", "abc"),
        ("header", "X-Version", "X-Version", "abc"),
        ("cookie", "session", "Cookie", "session=abc"),
    ],
)
def test_a_parameter_in_a_header_is_sent(
    place: str, name: str, header: str, value: str
) -> None:
    found = generated(parameter(name, place, {"const": "abc", "type": "string"}))
    assert any(case.headers.get(header) == value for case in found if case.positive)


def test_credentials_and_what_a_client_library_adds_are_not_sent() -> None:
    found = generated(parameter("Authorization", "header", TEXT))
    names = {name.lower() for case in found for name in case.headers}
    assert names <= {"content-type"}


def test_an_example_of_the_contract_is_asked() -> None:
    operation = taking("application/json", {"type": "object"})
    content = operation["requestBody"]["content"]["application/json"]
    content["examples"] = {"one": {"value": {"name": "jake"}}}
    found = generated(operation)
    assert '{"name": "jake"}' in [case.text for case in found if case.positive]


def test_what_cannot_be_generated_is_told_and_the_rest_goes_on() -> None:
    unknown = taking("application/x-unheard-of", {"type": "object"})
    made = Generator(document(unknown, parameter("a", "query", TEXT)), "", 1)
    found = made.fixed()
    assert any(case.operation == "POST /1" and case.positive for case in found)
    assert any("POST /0" in note for note in made.notes)


def test_an_operation_that_takes_nothing_is_asked_once_and_in_no_later_chunk() -> None:
    assert len(generated({}, chunk=0)) == 1
    assert generated({}, chunk=1) == []


def test_a_chunk_of_a_large_contract_has_a_few_cases_of_each_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generator, "MOST", 60)
    operations = [parameter("a", "query", TEXT)] * 20
    found = generated(*operations, chunk=0)
    assert len({case.operation for case in found}) == 20
    assert len(found) <= 60


def test_a_case_has_its_path_below_the_base_path() -> None:
    found = generated(parameter("a", "query", TEXT))
    assert {case.path for case in found if case.positive} == {"/0"}


def test_a_long_maximum_beside_a_pattern_is_left_to_the_coverage() -> None:
    heavy = {"type": "string", "pattern": "a+", "maxLength": 65536}
    schema = {"properties": {"maxLength": {"type": "integer"}, "a": heavy}, "x": [TEXT]}
    light = lightened(schema)
    assert light["properties"] == {
        "maxLength": {"type": "integer"},
        "a": {"type": "string", "pattern": "a+"},
    }
    assert light["x"] == [TEXT]
    assert "maxLength" in heavy


def test_cases_are_json() -> None:
    for case in generated(taking("application/json", TEXT), chunk=0):
        assert Case(**json.loads(json.dumps(vars(case)))) == case
