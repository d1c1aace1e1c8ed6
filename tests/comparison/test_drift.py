"""Contract drift: what one document says, and the other does not, or otherwise."""

import copy
import json
from typing import Any

import pytest

from comparison.contracts.contract import load_contract
from comparison.drift.chapter import drifts
from comparison.drift.document import DriftError, read_document
from comparison.stacks import ROOT

Told = tuple[str, str, str, str]
CONTRACT = ROOT / "contract" / "openapi.yaml"


def document(
    operation: dict[str, Any], path: str = "/items/{id}", **other: Any
) -> dict[str, Any]:
    """An OpenAPI document of one operation."""
    answers = {"responses": {"204": {"description": ""}}}
    item = {"post": {"operationId": "change", **answers, **operation}}
    head = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    return {**head, "paths": {path: item}, **other}


def taking(schema: Any, **other: Any) -> dict[str, Any]:
    """A document whose operation takes a body of this schema."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return document({"requestBody": body}, **other)


def compared(ours: Any, theirs: Any, base: str | None = None) -> dict[str, Any]:
    one, other = (
        read_document(name, json.dumps(tree).encode())
        for name, tree in (("ours.json", ours), ("theirs.json", theirs))
    )
    return dict(drifts(one, other, base))


def told(ours: Any, theirs: Any, base: str | None = None) -> list[Told]:
    """Kind, place and both values of every drift."""
    return [
        (one["kind"], " → ".join(one["where"]), one["contract"], one["document"])
        for group in compared(ours, theirs, base)["groups"]
        for one in group["drifts"]
    ]


def schemas(ours: Any, theirs: Any) -> list[Told]:
    return told(taking(ours), taking(theirs))


def test_a_contract_does_not_drift_from_itself() -> None:
    ours = load_contract(CONTRACT)
    found = drifts(ours, read_document(str(CONTRACT)))
    assert (found["compared"], found["groups"], found["left"]) == (19, [], 0)
    assert found["whole"]


TEXT = {"type": "string"}
OBJECT = {"type": "object", "properties": {"a": TEXT}, "required": ["a"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"anyOf": [TEXT, {"type": "null"}]}, {"type": ["string", "null"]}),
        ({"oneOf": [TEXT, {"type": "integer"}]}, {"type": ["integer", "string"]}),
        ({"allOf": [OBJECT]}, OBJECT),
        ({"allOf": [OBJECT, {"properties": {"b": TEXT}}]}, None),
        ({"const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, {"enum": [2, 1]}),
        ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}),
        ({**TEXT, "minLength": 0, "title": "A", "default": "", "example": 1}, TEXT),
        ({**TEXT, "pattern": r"^\x41\\x41$"}, {**TEXT, "pattern": r"^\u0041\\x41$"}),
        ({**OBJECT, "additionalProperties": True, "x-a": 1}, OBJECT),
        ({"type": ["number", "integer"]}, {"type": "number"}),
        ({"type": "array", "items": {}}, {"type": "array"}),
    ],
)
def test_what_means_the_same_is_no_drift(one: Any, other: Any) -> None:
    if other is None:
        other = {**OBJECT, "properties": {"b": TEXT, "a": TEXT}}
    assert schemas(one, other) == []
    assert schemas(other, one) == []


def test_nullable_of_3_0_is_a_type_of_3_1() -> None:
    old = taking({"type": "string", "nullable": True}) | {"openapi": "3.0.3"}
    assert told(taking({"type": ["string", "null"]}), old) == []
    [(kind, _, *values)] = told(taking(TEXT), old)
    assert (kind, values) == ("against", ["string", "string or null"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (TEXT, {"type": "integer"}, ("against", "type", "string", "integer")),
        (OBJECT, {"type": "array"}, ("against", "type", "object", "array")),
        ({**TEXT, "maxLength": 3}, TEXT, ("missing", "maxLength", "3", "")),
        (TEXT, {**TEXT, "format": "uuid"}, ("beyond", "format", "", "uuid")),
        ({"enum": ["a"]}, {"enum": ["b"]}, ("against", "values", '"a"', '"b"')),
        ({"enum": ["a"]}, TEXT, ("missing", "values", '"a"', "")),
        ({"enum": [1]}, TEXT, ("against", "values", "1", "string")),
        ({**OBJECT, "required": []}, OBJECT, ("against", "a", "optional", "required")),
        (OBJECT, {"type": "object"}, ("missing", "a", "string", "")),
        (
            {**OBJECT, "additionalProperties": False},
            OBJECT,
            ("missing", "other properties", "nothing", ""),
        ),
        (
            {"type": "array", "items": OBJECT},
            {"type": "array", "items": {**OBJECT, "properties": {"a": {}}}},
            ("missing", "* → a", "string", ""),
        ),
        (
            {"anyOf": [OBJECT, {"type": "array"}, {"type": "null"}]},
            {"anyOf": [{"type": "array"}, {"type": "null"}, TEXT, OBJECT]},
            ("beyond", "alternative", "", "string"),
        ),
        ({}, OBJECT, ("beyond", "", "", "object {a}")),
    ],
)
def test_drifts_of_a_schema(one: Any, other: Any, expected: Told) -> None:
    kind, where, *values = expected
    place = " → ".join(filter(None, ["request body", where]))
    found = schemas(one, other)
    assert (kind, place, *values) in found
    if expected[1:2] != ("a",):
        assert len(found) == 1
    turned = {"missing": "beyond", "beyond": "missing"}.get(kind, kind)
    assert (turned, place, *values[::-1]) in schemas(other, one)


def test_drifts_of_an_operation() -> None:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    header = {"Retry-After": {"required": True, "schema": TEXT}}
    json_of = {"content": {"application/json": {"schema": TEXT}}}
    ours = document(
        {
            "parameters": [limit, {"name": "X-A", "in": "header", "schema": TEXT}],
            "responses": {
                "200": {"description": "", **json_of},
                "503": {"description": "", "headers": header},
            },
            "security": [{"key": []}],
        },
        components={
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}}
        },
    )
    theirs = document(
        {
            "operationId": "post_change",
            "parameters": [
                {**limit, "required": True, "schema": {"type": ["integer", "null"]}},
                {"name": "more", "in": "query", "schema": TEXT},
            ],
            "requestBody": json_of,
            "responses": {
                "200": {"description": "", "content": {"text/plain": {}}},
                "422": {"description": "", **json_of},
                "503": {"description": ""},
            },
        },
        path="/items/{item_id}",
    )
    assert told(ours, theirs) == [
        ("against", "operationId", "change", "post_change"),
        ("missing", "security", "apiKey in header k", ""),
        ("beyond", "security", "", "no credentials"),
        ("missing", "header parameter x-a", "optional", ""),
        ("against", "query parameter limit", "optional", "required"),
        ("beyond", "query parameter more", "", "optional"),
        ("beyond", "request body", "", "optional"),
        ("missing", "response 200 → media type", "application/json", ""),
        ("missing", "response 503 → header retry-after", "required", ""),
        ("beyond", "response 200 → media type", "", "text/plain"),
        ("beyond", "response 422", "", "string"),
    ]


def test_a_range_speaks_for_a_status() -> None:
    ours, theirs = (
        document({"responses": {status: {"description": ""}}})
        for status in ("404", "4XX")
    )
    assert told(ours, theirs) == [("beyond", "response 4XX", "", "without a body")]
    assert told(ours, document({"responses": {"default": {"description": ""}}})) == [
        ("beyond", "response default", "", "without a body")
    ]


def test_operations_of_one_side_and_base_paths() -> None:
    ours = document({}, servers=[{"url": "/api"}])
    prefixed = document({}, path="/api/items/{key}")
    assert told(ours, prefixed) == []
    assert told(ours, document({}, servers=[{"url": "https://h/v2"}]), "/v2") == []
    # Whoever forgot the prefix has one drift, not every operation missing and beyond.
    assert told(ours, document({})) == [("against", "base path", "/api", "/")]
    more = copy.deepcopy(prefixed)
    more["paths"]["/health"] = {"get": {"responses": {}}, "head": {"responses": {}}}
    del more["paths"]["/api/items/{key}"]["post"]
    more["paths"]["/api/items/{key}"]["put"] = {"responses": {}}
    assert told(ours, more) == [
        ("missing", "", "POST /items/{id}", ""),
        ("beyond", "", "", "PUT /api/items/{key}"),
        ("beyond", "", "", "GET /health"),
    ]


def test_a_schema_with_a_name_is_told_once() -> None:
    def published(note: Any) -> dict[str, Any]:
        own = {"$ref": "#/components/schemas/Note"}
        body = {"content": {"application/json": {"schema": own}}}
        answers = {"responses": {"200": {"description": "", **body}}}
        made = document({"requestBody": body, **answers})
        made["paths"]["/notes"] = {"get": {"operationId": "list", **answers}}
        inner = {"type": "array", "items": own}
        properties = {"notes": inner, "id": {"readOnly": True, **TEXT}, **note}
        schema = {"type": "object", "properties": properties, "required": ["id"]}
        return {**made, "components": {"schemas": {"Note": schema}}}

    [group] = compared(published({"text": TEXT}), published({}))["groups"]
    assert group["schema"] == {"contract": "Note", "document": "Note"}
    assert {*group["places"]} == {"response 200", "request body"}
    [one] = group["drifts"]
    assert (one["where"], one["kind"]) == (["text"], "missing")
    assert one["operations"] == ["change", "list"]


def test_a_hostile_document_ends() -> None:
    many = {f"p{n}": TEXT for n in range(100_000)}
    found = compared(taking(OBJECT), taking({"type": "object", "properties": many}))
    assert found["left"] > 99_000
    assert len(json.dumps(found)) < 100_000
    deep: dict[str, Any] = {
        f"S{n}": {"properties": {"a": {"$ref": f"#/components/schemas/S{n + 1}"}}}
        for n in range(5_000)
    }
    deep["S5000"] = OBJECT
    chain: dict[str, Any] = {
        f"A{n}": {"allOf": [{"$ref": f"#/components/schemas/A{n + 1}"}] * 3}
        for n in range(200)
    }
    chain["A200"] = {"allOf": [{"$ref": "#/components/schemas/A0"}]}
    own = {"properties": {"a": {"$ref": "#/components/schemas/Own"}}}
    for name in ("S0", "A0", "Own"):
        ours = taking(
            {"$ref": "#/components/schemas/Own"}, components={"schemas": {"Own": own}}
        )
        theirs = taking(
            {"$ref": f"#/components/schemas/{name}"},
            components={"schemas": {**deep, **chain, "Own": own}},
        )
        compared(ours, theirs)
        compared(theirs, ours)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "is no OpenAPI document"),
        (b"{", "cannot be read as"),
        (b"<html>no</html>", "is no OpenAPI document"),
        (b'{"swagger": "2.0"}', "is no OpenAPI document"),
        (b'{"openapi": "4.0.0"}', "is OpenAPI 4.0.0, and 3.0 and 3.1 are read"),
        (b'{"openapi": "3.1.0", "paths": []}', "`paths` is no object"),
        (b'{"openapi": "3.1.0", "paths": {"/a": 3}}', "here must stand an object"),
        (b'{"openapi": "3.1.0", "paths": {"/a": {"get": []}}}', "must stand an object"),
        (b'{"openapi": "3.1.0", "components": {"schemas": 3}}', "an object"),
        (
            b'{"openapi": "3.1.0", "servers": [{"url": "http://[x"}], "paths": {}}',
            "Correct it, then run again.",
        ),
    ],
)
def test_what_cannot_be_read_says_why(said: bytes, why: str) -> None:
    with pytest.raises(DriftError) as error:
        read_document("theirs.json", said)
    assert why in str(error.value)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "odd",
    [
        {"requestBody": {"content": {"a/b": {"schema": {"type": 3, "enum": {}}}}}},
        {"parameters": [{"in": 3}, {}], "security": [{"no": 3}], "operationId": 5},
        {"requestBody": {"content": {"application/json": {"schema": False}}}},
        {"responses": {"": {}, "x": {"headers": {"a": {}}}}, "requestBody": {}},
    ],
)
def test_what_is_odd_breaks_nothing(odd: Any) -> None:
    assert told(taking(OBJECT), document(odd))
    assert told(document(odd), taking(OBJECT))
