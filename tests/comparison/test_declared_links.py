"""Links that the contract declares: OpenAPI's own, and Conduit's."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.contracts.contract import load_contract
from comparison.contracts.links import Link, links

CONDUIT = load_contract(Path(__file__).parents[2] / "contract" / "openapi.yaml")


def declared(folder: Path, link: dict[str, Any]) -> list[Link]:
    """The links of a contract in which POST /articles declares this one."""
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "page", "in": "query", "schema": {"type": "string"}},
    ]
    said = {"description": ""}
    get = {"operationId": "get", "parameters": parameters, "responses": {"200": said}}
    post = {
        "operationId": "create",
        "responses": {"201": {**said, "links": {"any": link}}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "test", "version": "1"},
        "paths": {"/articles": {"post": post}, "/articles/{id}": {"get": get}},
    }
    path = folder / "openapi.json"
    path.write_text(json.dumps(document))
    return list(links(load_contract(path)))


@pytest.mark.parametrize(
    ("name", "expression", "parameters"),
    [
        ("id", "$response.body#/a/id", {"id": "/a/id"}),
        ("path.id", "$response.body#/a/id", {"id": "/a/id"}),
        ("id", "$response.header.X-Id", {"id": "header:X-Id"}),
        ("page", "$response.body#/next", {"query.page": "/next"}),
        ("query.page", "$response.body#/next", {"query.page": "/next"}),
    ],
)
def test_a_declared_link_says_parameter_and_source(
    tmp_path: Path, name: str, expression: str, parameters: dict[str, str]
) -> None:
    link = {"operationId": "get", "parameters": {name: expression}}
    expected = Link("create", "201", "get", parameters, declared=True)
    assert declared(tmp_path, link) == [expected]


def test_a_link_may_name_its_operation_by_reference(tmp_path: Path) -> None:
    reference = "#/paths/~1articles~1%7Bid%7D/get"
    link = {
        "operationRef": reference,
        "parameters": {"id": "$response.body#/id"},
    }
    [found] = declared(tmp_path, link)
    assert found.consumer == "get"


@pytest.mark.parametrize(
    "link",
    [
        {"operationId": "get", "parameters": {"id": "constant"}},
        {"operationId": "get", "parameters": {"id": "$request.path.id"}},
        {"operationId": "get"},
        {"operationRef": "other.yaml#/paths/~1x/get", "parameters": {"id": "$url"}},
    ],
)
def test_a_link_that_takes_nothing_from_the_reply_is_none(
    tmp_path: Path, link: dict[str, Any]
) -> None:
    assert declared(tmp_path, link) == []


def test_conduit_declares_where_a_comment_comes_from() -> None:
    [found] = [
        link
        for link in links(CONDUIT)
        if link.declared and link.consumer == "deleteComment"
    ]
    assert found.producer == "createComment"
    assert found.parameters == {"id": "/comment/id"}
    assert found.carried == {"slug": "slug"}


def test_every_path_parameter_of_conduit_has_a_producer_that_creates() -> None:
    first: dict[tuple[str, str], str] = {}
    for link in links(CONDUIT):
        for name in link.parameters:
            first.setdefault((link.consumer, name), link.producer)
    needed = {
        (one.id, name)
        for one in CONDUIT.operations
        for name in ("username", "slug", "id")
        if "{" + name + "}" in one.path
    }
    creating = {"createUser", "createArticle", "createComment"}
    assert needed <= first.keys()
    assert {first[key] for key in needed} == creating


def test_what_is_declared_is_not_inferred_again() -> None:
    pairs = [
        (link.producer, link.consumer, name)
        for link in links(CONDUIT)
        for name in link.parameters
    ]
    assert len(pairs) == len(set(pairs))
