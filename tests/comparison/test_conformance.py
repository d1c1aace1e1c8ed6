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


def judged(
    folder: Path, response: dict[str, Any], reply: Reply, method: str = "GET"
) -> list[Breach]:
    """What is wrong with `reply`, if this is all that the contract documents."""
    operation = {"operationId": "get", "responses": {"200": response}}
    document = {"openapi": "3.1.0", "paths": {"/": {method.lower(): operation}}}
    path = folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(document))
    contract = load_contract(path)
    expected = Expected(Step(f"{method} /"), {})
    [operation_read] = contract.operations
    return Judge(contract).breaches(
        operation_read, Request(method, "/"), reply, expected
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
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "100", True),
        ({"enum": [100, 200]}, "100", True),
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


@pytest.mark.parametrize(
    ("schema", "body", "kept"),
    [
        ({"type": "integer"}, b"5", True),
        ({"type": "integer", "maximum": 4}, b"5", False),
        ({"type": "integer"}, b"five", False),
        ({"type": "boolean"}, b"true", True),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, b"0.5", True),
        ({"type": "string", "maxLength": 1}, b"5", True),
    ],
)
def test_plain_text_is_read_as_its_schema_means(
    tmp_path: Path, schema: dict[str, Any], body: bytes, kept: bool
) -> None:
    response = {"content": {"text/plain": {"schema": schema}}}
    reply = Reply(200, (("Content-Type", "text/plain"),), body)
    found = [one.kind for one in judged(tmp_path, response, reply)]
    assert found == ([] if kept else ["schema"])


def test_a_reply_to_head_has_headers_but_no_body(tmp_path: Path) -> None:
    response = {
        "headers": {"X-Limit": {"required": True, "schema": {"type": "integer"}}},
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    media = ("Content-Type", "application/json")
    for headers, wrong in (
        ((media, ("X-Limit", "1")), []),
        ((("X-Limit", "1"),), []),
        ((media,), ["x-limit"]),
        ((media, ("X-Limit", "x")), ["x-limit"]),
    ):
        found = judged(tmp_path, response, Reply(200, headers, b""), "HEAD")
        assert [one.where for one in found] == wrong


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (rb'{"a": ["\ud800"]}', "/a/*"),
        (rb'{"b": {"\udfff x": 1}}', "/b"),
        (rb'"\ud800"', ""),
    ],
)
@pytest.mark.parametrize("schema", [{}, {"properties": {"a": {"enum": [["x"]]}}}])
def test_half_of_a_pair_of_surrogates_is_no_text(
    tmp_path: Path, body: bytes, where: str, schema: dict[str, Any]
) -> None:
    response = {"content": {"application/json": {"schema": schema}}}
    reply = Reply(200, (("Content-Type", "application/json"),), body)
    [found] = judged(tmp_path, response, reply)
    said = "is no Unicode text: it has an unpaired surrogate"
    assert (found.kind, found.where, found.message) == ("schema", where, said)


def test_a_number_that_no_float_holds_is_a_number(tmp_path: Path) -> None:
    for schema, count in (({"type": "number"}, 0), ({"maximum": 5}, 1)):
        response = {"content": {"application/json": {"schema": schema}}}
        reply = Reply(200, (("Content-Type", "application/json"),), b"1e400")
        assert len(judged(tmp_path, response, reply)) == count


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
