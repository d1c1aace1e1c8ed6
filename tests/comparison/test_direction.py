"""What only one side writes is not required of the other."""

from pathlib import Path
from typing import Any

from comparison.contracts.contract import load_contract
from comparison.contracts.direction import REPLY, REQUEST, directed

SCHEMA = {
    "required": ["id", "name", "password"],
    "allOf": [{"properties": {"id": {"allOf": [{"readOnly": True}]}}}],
    "properties": {"name": {"type": "string"}, "password": {"writeOnly": True}},
}


def same(node: Any) -> Any:
    return node


def test_what_the_server_writes_is_not_required_of_a_request() -> None:
    assert directed(SCHEMA, REQUEST, same)["required"] == ["name", "password"]


def test_what_is_never_shown_is_not_required_of_a_reply() -> None:
    assert directed([SCHEMA], REPLY, same)[0]["required"] == ["id", "name"]


def test_what_needs_no_change_is_the_same_object() -> None:
    plain = {"required": ["a"], "items": [{"properties": {"a": {}}}]}
    assert directed(plain, REQUEST, same) is plain


CONTRACT = """
openapi: 3.0.0
info: {title: A, version: "1"}
paths:
  /a:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}
components:
  schemas:
    A:
      required: [id, b]
      properties: {id: {$ref: "#/components/schemas/Id"}}
    Id: {type: string, readOnly: true}
"""


def test_references_of_a_request_lead_to_components_for_requests(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(CONTRACT)
    contract = load_contract(path)
    [operation] = contract.operations
    schema = contract.request_schema(operation)
    assert schema == {"$ref": "#/components/schemas/A"}
    assert contract.request_components["schemas"]["A"]["required"] == ["b"]
    assert contract.reply_components["schemas"]["A"]["required"] == ["id", "b"]
