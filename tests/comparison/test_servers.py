"""Servers: the path before all paths, and where parts of a contract have their own."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from comparison.contracts.contract import Contract, load_contract
from comparison.contracts.servers import base_path

ONE = [{"url": "/v1"}]


def contract_of(folder: Path, servers: Any, paths: Any) -> Contract:
    document = {"openapi": "3.1.0", "paths": paths}
    document |= {"servers": servers} if servers else {}
    path = folder / "c.yaml"
    path.write_text(yaml.safe_dump(document))
    return load_contract(path)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/", ""),
        ("/v2", "/v2"),
        ("/v2/", "/v2"),
        ("v2", "/v2"),
        ("./v2", "/v2"),
        (".", ""),
        ("", ""),
        ("../v2", "/v2"),
        ("https://host/v2/", "/v2"),
        ("//host/v2", "/v2"),
        ("{scheme}://host/{version}", "/v2"),
    ],
)
def test_the_base_path_begins_with_a_slash_or_is_none(url: str, path: str) -> None:
    variables = {"scheme": {"default": "https"}, "version": {"default": "v2"}}
    assert base_path([{"url": url, "variables": variables}], "folder/c.yaml") == path


def test_a_base_path_is_relative_to_where_the_contract_is() -> None:
    source = "https://host/docs/openapi.json"
    assert base_path([{"url": "v2"}], source) == "/docs/v2"
    assert base_path([{"url": "../v2"}], source) == "/v2"
    assert base_path(None, source) == ""


@pytest.mark.parametrize(
    ("servers", "own", "place"),
    [
        (ONE, [{"url": "https://other"}], ("", "/a")),
        (ONE, ONE, ("/v1", "/a")),
        (ONE, [], ("/v1", "/a")),
        (ONE, [{"url": "/v1/admin"}], ("/v1", "/admin/a")),
        (ONE, [{"url": "https://admin/v2"}], ("", "/v2/a")),
        ([{"url": "/api/v1"}], [{"url": "/api/v2"}], ("/api", "/v2/a")),
        ([{"url": "/api"}], [{"url": "/apis"}], ("", "/apis/a")),
        (None, [{"url": "admin"}], ("", "/admin/a")),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_servers_of_a_part_have_their_path_honoured(
    tmp_path: Path, servers: Any, own: Any, place: tuple[str, str], above: bool
) -> None:
    base, path = place
    get = {"operationId": "get", **({} if above else {"servers": own})}
    item = {"get": get, **({"servers": own} if above else {})}
    other = {"get": {"operationId": "other"}}
    contract = contract_of(tmp_path, servers, {"/a": item, "/b": other})
    assert contract.base == base
    found = contract.operation("get")
    assert found is not None
    assert found.path == path
    assert contract.find("GET", path) == found
    there = base_path(servers, "c.yaml").removeprefix(base)
    assert [one.path for one in contract.operations] == [path, f"{there}/b"]


def test_the_methods_of_one_path_may_be_at_several(tmp_path: Path) -> None:
    parameter = {"name": "id", "in": "path", "required": True}
    item = {
        "parameters": [parameter],
        "servers": [{"url": "/v1/x"}],
        "get": {"operationId": "get"},
        "put": {"operationId": "put", "servers": [{"url": "/v1/y"}]},
    }
    contract = contract_of(tmp_path, ONE, {"/a/{id}": item})
    found = {one.id: one.path for one in contract.operations}
    assert found == {"get": "/x/a/{id}", "put": "/y/a/{id}"}
    for one in contract.operations:
        assert contract.parameters(one) == [parameter]
