"""Links: which reply gives the value of which parameter."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.contracts.contract import Contract, load_contract
from comparison.contracts.links import Link, links

CONDUIT = Path(__file__).parents[2] / "contract" / "openapi.yaml"
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def reply(schema: Any, status: str = "200", **more: Any) -> dict[str, Any]:
    """Responses with one JSON reply."""
    content = {"application/json": {"schema": schema}}
    return {status: {"description": "", "content": content, **more}}


def operation(name: str, responses: Any = None, **parameters: Any) -> dict[str, Any]:
    """An operation; `parameters` are those of its path, with their schemas."""
    return {
        "operationId": name,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in parameters.items()
        ],
        "responses": responses or {"204": {"description": ""}},
    }


def thing(**fields: Any) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "properties": fields}


@pytest.fixture
def contract_of(tmp_path: Path) -> Any:
    def contract(paths: Any, **schemas: Any) -> Contract:
        document = {
            "openapi": "3.1.0",
            "info": {"title": "test", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(document))
        return load_contract(path)

    return contract


def found(contract: Contract, consumer: str) -> list[tuple[str, dict[str, str]]]:
    """Producers and parameters of all links to `consumer`, in their order."""
    return [
        (link.producer, dict(link.parameters))
        for link in links(contract)
        if link.consumer == consumer
    ]


@pytest.mark.parametrize(
    ("parameter", "schema", "pointer"),
    [
        ("id", thing(id=TEXT), "/id"),
        ("id", thing(article=thing(id=TEXT)), "/article/id"),
        ("id", thing(data=thing(id=TEXT)), "/data/id"),
        ("id", thing(data=thing(attributes=thing(id=TEXT))), "/data/attributes/id"),
        ("id", thing(articleId=TEXT), "/articleId"),
        ("articleId", thing(id=TEXT), "/id"),
        ("article_id", thing(articleId=TEXT), "/articleId"),
        ("article_id", thing(article=thing(id=TEXT)), "/article/id"),
        ("article", thing(slug=TEXT), "/slug"),
        ("slug", thing(author=thing(slug=TEXT), slug=TEXT), "/slug"),
        ("slug", {"$ref": "#/components/schemas/Article"}, "/slug"),
        ("slug", {"allOf": [{"$ref": "#/components/schemas/Article"}]}, "/slug"),
        (
            "slug",
            {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Article"}]},
            "/slug",
        ),
        ("id", thing(**{"a/b": thing(article=thing(id=TEXT))}), "/a~1b/article/id"),
    ],
)
def test_a_created_resource_names_the_one_in_the_path(
    contract_of: Any, parameter: str, schema: Any, pointer: str
) -> None:
    contract = contract_of(
        {
            "/articles": {"post": operation("create", reply(schema, "201"))},
            f"/articles/{{{parameter}}}": {
                "get": operation("get", **{parameter: TEXT})
            },
        },
        Article=thing(slug=TEXT),
    )
    assert found(contract, "get") == [("create", {parameter: pointer})]


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "array", "items": thing(id=TEXT)}, "/0/id"),
        (thing(items={"type": "array", "items": thing(id=TEXT)}), "/items/0/id"),
        (thing(articles={"type": "array", "items": thing(id=TEXT)}), "/articles/0/id"),
    ],
)
def test_a_list_gives_its_first_item(
    contract_of: Any, schema: Any, pointer: str
) -> None:
    contract = contract_of(
        {
            "/articles": {"get": operation("list", reply(schema))},
            "/articles/{id}": {"get": operation("get", id=TEXT)},
        }
    )
    assert found(contract, "get") == [("list", {"id": pointer})]


@pytest.mark.parametrize(
    ("path", "parameter", "kind", "schema"),
    [
        # The id of something else.
        ("/articles", "id", TEXT, thing(author=thing(id=TEXT))),
        ("/tags", "id", TEXT, thing(id=TEXT)),
        ("/articles", "authorId", TEXT, thing(id=TEXT)),
        # A text is no number.
        ("/articles", "id", NUMBER, thing(id=TEXT)),
        # Deeper than three objects.
        ("/articles", "id", TEXT, thing(a=thing(b=thing(c=thing(d=thing(id=TEXT)))))),
    ],
)
def test_what_names_something_else_is_no_link(
    contract_of: Any, path: str, parameter: str, kind: Any, schema: Any
) -> None:
    collection = "/authors" if parameter == "authorId" else "/articles"
    contract = contract_of(
        {
            path: {"post": operation("create", reply(schema, "201"))},
            f"{collection}/{{{parameter}}}": {
                "get": operation("get", **{parameter: kind})
            },
        }
    )
    assert found(contract, "get") == []


def test_a_number_can_stand_where_text_is_asked(contract_of: Any) -> None:
    contract = contract_of(
        {
            "/articles": {"post": operation("create", reply(thing(id=NUMBER)))},
            "/articles/{id}": {"get": operation("get", id=TEXT)},
        }
    )
    assert found(contract, "get") == [("create", {"id": "/id"})]


def test_creation_comes_before_the_list_and_the_collection_before_others(
    contract_of: Any,
) -> None:
    page = thing(items={"type": "array", "items": thing(id=TEXT)})
    contract = contract_of(
        {
            "/reports": {
                "get": operation("report", reply(thing(article=thing(id=TEXT))))
            },
            "/articles/search": {"get": operation("search", reply(page))},
            "/articles": {
                "get": operation("list", reply(page)),
                "post": operation("create", reply(thing(id=TEXT), "201")),
            },
            "/articles/{id}": {"get": operation("get", id=TEXT)},
        }
    )
    producers = [producer for producer, _ in found(contract, "get")]
    assert producers == ["create", "list", "search", "report"]


def test_nested_resources_take_each_id_from_its_own_producer(contract_of: Any) -> None:
    made = reply(thing(id=TEXT), "201")
    contract = contract_of(
        {
            "/as": {"post": operation("createA", made)},
            "/as/{aid}/bs": {"post": operation("createB", made, aid=TEXT)},
            "/as/{a}/bs/{bid}": {"get": operation("getB", a=TEXT, bid=TEXT)},
        }
    )
    assert found(contract, "createB") == [("createA", {"aid": "/id"})]
    nested, outer = [link for link in links(contract) if link.consumer == "getB"]
    assert nested == Link("createB", "201", "getB", {"bid": "/id"}, {"a": "aid"})
    assert outer == Link("createA", "201", "getB", {"a": "/id"})


def test_a_location_gives_the_parameter_after_the_collection(contract_of: Any) -> None:
    headers = {"Location": {"schema": TEXT}}
    created = {"201": {"description": "", "headers": headers}}
    contract = contract_of(
        {
            "/articles": {"post": operation("create", created)},
            "/articles/{key}": {"get": operation("get", key=TEXT)},
        }
    )
    assert found(contract, "get") == [("create", {"key": "header:Location/-1"})]


def test_who_needs_a_value_does_not_produce_it(contract_of: Any) -> None:
    shown = reply(thing(id=TEXT, username=TEXT))
    contract = contract_of(
        {
            "/users/{id}": {"put": operation("update", shown, id=TEXT)},
            "/users/{id}/posts": {"get": operation("posts", id=TEXT)},
            "/profiles/{username}": {"get": operation("show", shown, username=TEXT)},
            "/follows/{username}": {"put": operation("follow", username=TEXT)},
        }
    )
    assert found(contract, "posts") == []
    assert found(contract, "follow") == [("update", {"username": "/username"})]


def test_text_beside_a_parameter_belongs_to_its_segment(contract_of: Any) -> None:
    shown = reply(thing(id=TEXT))
    paths = {
        "/items": {"post": operation("create", shown)},
        "/items/{id}.json": {
            "get": operation("get", shown, id=TEXT),
            "delete": operation("delete", id=TEXT),
        },
        "/items/{id}.json/{part}-{piece}": {
            "get": operation("part", id=TEXT, part=TEXT, piece=TEXT)
        },
    }
    contract = contract_of(paths)
    assert found(contract, "delete") == [("create", {"id": "/id"})]
    assert found(contract, "part") == [("create", {"id": "/id"})]


def test_schemas_without_end_are_read_to_an_end(contract_of: Any) -> None:
    node = {"$ref": "#/components/schemas/Node"}
    contract = contract_of(
        {
            "/nodes": {"post": operation("create", reply(node))},
            "/nodes/{id}": {"get": operation("get", id=TEXT)},
        },
        Node={**thing(parent=node, children={"items": node}), "anyOf": [node]},
    )
    assert found(contract, "get") == []
