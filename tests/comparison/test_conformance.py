"""The judge against contracts of other people: headers, media types, ranges."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comparison.contracts.contract import load_contract
from comparison.contracts.media import documented, header_value
from comparison.exchanges.conformance import Breach, Expected, Judge
from comparison.exchanges.exchange import Reply, Request
from comparison.plans.plan import Step


def judged(folder: Path, response: dict[str, Any], reply: Reply) -> list[Breach]:
    """What is wrong with `reply`, if this is all that the contract documents."""
    operation = {"operationId": "get", "responses": {"200": response}}
    document = {"openapi": "3.1.0", "paths": {"/": {"get": operation}}}
    path = folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(document))
    contract = load_contract(path)
    expected = Expected(Step("GET /"), {})
    [operation_read] = contract.operations
    return Judge(contract).breaches(
        operation_read, Request("GET", "/"), reply, expected
    )


@pytest.mark.parametrize(
    ("schema", "text", "kept"),
    [
        ({"type": "integer"}, "100", True),
        ({"type": "integer"}, "1.5", False),
        ({"type": "integer", "maximum": 9}, "10", False),
        ({"type": ["integer", "null"]}, "100", True),
        ({"type": "number"}, "1.5", True),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "True", False),
        ({"type": "string"}, "100", True),
        ({"type": "array", "items": {"type": "integer"}}, "1, 2", True),
        ({"type": "array", "items": {"type": "integer"}}, "1, x", False),
    ],
)
def test_a_header_is_read_as_its_schema_means(
    tmp_path: Path, schema: dict[str, Any], text: str, kept: bool
) -> None:
    response = {"headers": {"X-Limit": {"schema": schema}}}
    found = judged(tmp_path, response, Reply(200, (("x-limit", text),), b""))
    assert [one.where for one in found] == ([] if kept else ["x-limit"])


@pytest.mark.parametrize(
    ("key", "sent", "body", "kinds"),
    [
        ("text/plain", "text/plain; charset=utf-8", b"hello", []),
        ("text/plain", "text/plain", b"much too long", ["schema"]),
        ("text/*", "text/html", b"hello", []),
        ("*/*", "image/png", b"\x89PNG and more", []),
        ("application/json; charset=utf-8", "Application/JSON", b'"hello"', []),
        ("application/problem+json", "application/problem+json", b"{", ["schema"]),
        ("application/json", "application/json", b"1", ["schema"]),
        ("text/*", "application/json", b'"hello"', ["media-type"]),
    ],
)
def test_a_body_is_read_by_its_media_type(
    tmp_path: Path, key: str, sent: str, body: bytes, kinds: list[str]
) -> None:
    response = {"content": {key: {"schema": {"type": "string", "maxLength": 9}}}}
    reply = Reply(200, (("Content-Type", sent),), body)
    assert [one.kind for one in judged(tmp_path, response, reply)] == kinds


def test_the_nearest_media_type_counts() -> None:
    content = {"*/*": {"a": 1}, "text/*": {"a": 2}, "text/html": {"a": 3}}
    content["text/html; charset=utf-8"] = {"a": 4}
    assert documented(content, "text/html;charset=UTF-8") == {"a": 4}
    assert documented(content, "text/html") == {"a": 3}
    assert documented(content, "text/css") == {"a": 2}
    assert documented(content, "image/png") == {"a": 1}
    assert documented({}, "image/png") is None


def test_a_header_of_a_schema_that_says_nothing() -> None:
    assert header_value(True, "1", lambda node: node) == "1"
