"""Contracts in several files, by file and by URL, become one document of 3.1."""

import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
import schemathesis

from comparison.contracts.contract import Contract, ContractError, load_contract

MAIN = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: "https://a/{version}", variables: {version: {default: v2}}}]
paths:
  /pets:
    $ref: paths/pets.yaml
  /pets/{id}:
    $ref: "paths/pet.yaml#/one~1pet"
components:
  schemas:
    Owner:
      type: object
      properties:
        pets: {type: array, items: {$ref: "schemas/pet.yaml"}}
        first: {$ref: "#/paths/~1pets~1%7Bid%7D/get/responses/200"}
"""
PETS = """
parameters: [{name: limit, in: query, schema: {type: integer}}]
get:
  operationId: listPets
  parameters: [{$ref: "../shared.json#/page"}]
  responses:
    200:
      description: All
      content:
        application/json:
          schema: {type: array, items: {$ref: ../schemas/pet.yaml}}
"""
ONE = """
one/pet:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get:
    responses: {200: {$ref: "../shared.json#/responses/a%20pet"}}
"""
PET = """
type: object
required: [name]
properties:
  name: {$ref: "#/$defs/name"}
  parent: {$ref: "#"}
  owner: {$ref: "../main.yaml#/components/schemas/Owner"}
$defs:
  name: {type: string, minLength: 1}
"""
SHARED = {
    "page": {"name": "page", "in": "query", "schema": {"type": "integer"}},
    "responses": {
        "a pet": {
            "description": "One",
            "content": {"application/json": {"schema": {"$ref": "schemas/pet.yaml"}}},
        }
    },
}
FILES = {
    "main.yaml": MAIN.replace(
        '        first: {$ref: "#/paths/~1pets~1%7Bid%7D/get/responses/200"}\n', ""
    ),
    "paths/pets.yaml": PETS,
    "paths/pet.yaml": ONE,
    "schemas/pet.yaml": PET,
    "shared.json": json.dumps(SHARED, indent=1),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from references(item)


def pet_schema(contract: Contract) -> dict[str, Any]:
    [listing] = [one for one in contract.operations if one.id == "listPets"]
    response = contract.response(listing, 200)
    assert response is not None
    schema = response["content"]["application/json"]["schema"]
    return {"allOf": [schema], "components": contract.document["components"]}


def test_all_files_become_one_document_with_references_within(folder: Path) -> None:
    contract = load_contract(folder / "main.yaml")
    assert [one.id for one in contract.operations] == ["listPets", "GET /pets/{id}"]
    found = set(references(contract.document))
    assert all(reference.startswith("#/components/") for reference in found)
    assert [contract.resolve({"$ref": one}) for one in found]


def test_a_recursive_schema_over_files_can_be_validated(folder: Path) -> None:
    schema = pet_schema(load_contract(folder / "main.yaml"))
    validator = jsonschema_rs.Draft202012Validator(schema)
    good = {"name": "a", "parent": {"name": "b"}, "owner": {"pets": [{"name": "c"}]}}
    bad = {"name": "a", "owner": {"pets": [{"name": "c", "parent": {"name": ""}}]}}
    assert validator.is_valid([good])
    assert not validator.is_valid([bad])


def test_schemathesis_takes_the_bundle(folder: Path) -> None:
    contract = load_contract(folder / "main.yaml")
    schema = schemathesis.openapi.from_dict(dict(contract.document))
    found = [result.ok() for result in cast(Any, schema.get_all_operations())]
    assert [operation.label for operation in found] == ["GET /pets", "GET /pets/{id}"]


def test_parameters_of_the_path_item_count_for_its_operations(folder: Path) -> None:
    contract = load_contract(folder / "main.yaml")
    listing = contract.operation("listPets")
    assert listing is not None
    names = [parameter["name"] for parameter in contract.parameters(listing)]
    assert names == ["limit", "page"]


def test_variables_of_a_server_have_their_defaults(folder: Path) -> None:
    assert load_contract(folder / "main.yaml").base == "/v2"


def test_the_digest_covers_every_file(folder: Path) -> None:
    before = load_contract(folder / "main.yaml").digest
    assert load_contract(folder / "main.yaml").digest == before
    (folder / "shared.json").write_text(json.dumps(SHARED), encoding="utf-8")
    assert load_contract(folder / "main.yaml").digest != before


def test_a_reference_may_pass_through_another(folder: Path) -> None:
    main = folder / "main.yaml"
    main.write_text(MAIN.replace("/200", "/200/content/application~1json/schema"))
    contract = load_contract(main)
    owner = contract.document["components"]["schemas"]["Owner"]
    first = contract.resolve(owner["properties"]["first"])
    assert first["required"] == ["name"]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("schemas/gone.yaml", "No such file"),
        ("schemas/pet.yaml#/none", 'no "none" at that place of '),
        ("schemas/pet.yaml#name", "must stand a JSON pointer"),
        ("#/components/schemas/A", "leads back to itself"),
        ("loop.yaml", "leads back to itself"),
        ("http://127.0.0.1:1/x.yaml", "nobody named that host"),
        ("schemas/pet.yaml#/required", "nothing that may stand among schemas"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told_with_its_line(
    folder: Path, reference: str, said: str
) -> None:
    (folder / "loop.yaml").write_text("$ref: main.yaml#/components/schemas/A\n")
    main = folder / "main.yaml"
    main.write_text(f'{FILES["main.yaml"]}    A: {{$ref: "{reference}"}}\n')
    with pytest.raises(ContractError, match=said) as caught:
        load_contract(main)
    place = f"{main}:16: components → schemas → A → $ref: {reference} "
    assert str(caught.value).startswith(place)


def test_a_fault_in_another_file_is_told_where_it_stands(folder: Path) -> None:
    path = folder / "schemas" / "pet.yaml"
    path.write_text(PET.replace("[name]", "yes"))
    [note] = load_contract(folder / "main.yaml").notes
    assert note.startswith(f"{path}:3: required: ")


class Files(BaseHTTPRequestHandler):
    """The files of `FILES` below /api, and addresses that lead astray."""

    def do_GET(self) -> None:
        name = urllib.parse.urlsplit(self.path).path.removeprefix("/api/")
        if name in {"far", "near"}:
            self.send_response(302)
            host = "127.0.0.1" if name == "near" else "example.invalid"
            port = cast(HTTPServer, self.server).server_port
            self.send_header("Location", f"http://{host}:{port}/api/main.yaml")
            self.end_headers()
            return
        text = FILES.get(name, "")
        if name == "thief.yaml":
            text = FILES["main.yaml"].replace("schemas/pet.yaml", "file:///etc/hosts")
        self.send_response(200 if text else 404)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = HTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    server.server_close()


def test_a_contract_is_read_by_url_with_all_its_files(url: str, folder: Path) -> None:
    contract = load_contract(f"{url}/main.yaml")
    assert contract.document == load_contract(folder / "main.yaml").document
    assert contract.path.name == "main.yaml"
    assert load_contract(f"{url}/near").operations == contract.operations


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.yaml", "answers 404. Save it as a file"),
        ("far", "redirects to another host, example.invalid"),
        ("thief.yaml", "from a host to a file of this machine"),
    ],
)
def test_a_url_leads_nowhere_else(url: str, name: str, said: str) -> None:
    with pytest.raises(ContractError, match=said):
        load_contract(f"{url}/{name}")


def test_a_server_that_is_gone_is_told() -> None:
    with pytest.raises(ContractError, match="Connection refused"):
        load_contract("http://127.0.0.1:1/openapi.json")
