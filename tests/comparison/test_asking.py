"""Requests judged by what became of them: parameters that are taken or refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.contracts.contract import load_contract
from comparison.exchanges.conformance import Expected, Judge
from comparison.exchanges.exchange import Reply, Request
from comparison.plans.plan import Step

LIMIT = {"type": "integer", "minimum": 1, "maximum": 100}
QUERY: dict[str, Any] = {
    "limit": LIMIT,
    "rate": {"type": "number", "exclusiveMaximum": 5},
    "flag": {"type": "boolean", "const": True},
    "sort": {"type": "string", "enum": ["up", "down"]},
    "code": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 3},
    "word": {"type": "string"},
    "day": {"type": "string", "format": "date", "maxLength": 10},
    "maybe": {"anyOf": [LIMIT, {"type": "null"}]},
    "either": {"type": ["integer", "string"], "minimum": 1},
    "many": {"type": "array", "items": LIMIT},
    "next": {"$ref": "#/components/schemas/Limit"},
}
ID = {"type": "integer", "minimum": 1}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    parameters = [{"name": n, "in": "query", "schema": s} for n, s in QUERY.items()]
    path = {"name": "id", "in": "path", "required": True, "schema": ID}
    must = {"name": "must", "in": "query", "required": True, "schema": LIMIT}
    odd = {"name": "odd", "in": "query", "style": "pipeDelimited", "schema": LIMIT}
    answers: dict[str, Any] = {
        "responses": {"200": {}, "400": {}, "404": {}, "422": {}}
    }
    paths = {
        "/a": {"get": {"parameters": [*parameters, odd], **answers}},
        "/a/{id}": {"get": {"parameters": [path, parameters[0]], **answers}},
        "/many": {
            "get": {"parameters": [{**must, "name": "n", "schema": ID}], **answers}
        },
        "/must": {"get": {"parameters": [must, parameters[0]], **answers}},
    }
    schemas = {"Limit": {"allOf": [LIMIT]}}
    document = {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}
    file = tmp_path_factory.mktemp("contract") / "openapi.json"
    file.write_text(json.dumps(document))
    return Judge(load_contract(file))


def told(
    judge: Judge, target: str, status: int, planned: str = "", **more: Any
) -> list[tuple[str, str]]:
    path = target.partition("?")[0]
    operation = judge.contract.find("GET", path)
    assert operation is not None
    step = Step(f"GET {planned or target}", **more)
    request = Request("GET", f"/base{target}")
    reply = Reply(status, (), b"")
    found = judge.breaches(operation, request, reply, Expected(step, {}))
    assert {one.kind for one in found} <= {"request"}
    return [(one.where, one.message) for one in found]


@pytest.mark.parametrize(
    ("query", "where", "said"),
    [
        ("limit=0", "query.limit", "accepts limit=0, which the schema refuses: 0 is"),
        ("limit=101", "query.limit", "is greater than the maximum of 100"),
        ("limit=-1", "query.limit", "-1 is less than the minimum of 1"),
        ("limit=1&limit=2&next=0", "query.next", "accepts next=0, which the schema"),
        ("limit=abc", "query.limit", 'accepts limit="abc", which the schema refuses: '),
        ("limit=1a", "query.limit", "it is no integer"),
        ("rate=5", "query.rate", "5 is greater than or equal to the maximum of 5"),
        ("rate=7.25", "query.rate", "accepts rate=7.25"),
        ("rate=much", "query.rate", "it is no number"),
        ("flag=false", "query.flag", "accepts flag=false"),
        ("sort=Up", "query.sort", '"Up" is not one of "up" or "down"'),
        ("code=a+b", "query.code", 'accepts code="a b", which'),
        ("code=abcd", "query.code", "is longer than 3 characters"),
        ("maybe=0", "query.maybe", "accepts maybe=0"),
    ],
)
def test_what_clearly_breaks_its_schema_must_not_be_accepted(
    judge: Judge, query: str, where: str, said: str
) -> None:
    [(place, message)] = told(judge, f"/a?{query}", 200)
    assert place == where
    assert said in message
    assert told(judge, f"/a?{query}", 422) == []


@pytest.mark.parametrize(
    "query",
    [
        *(f"limit={text}" for text in ("%2B1", "0x0", "00", "0.0", "0e1", "%200", "")),
        *(f"limit={text}" for text in ("0_0", "true", "nan", "1e999", "-0", "0L", "-")),
        *(f"flag={text}" for text in ("False", "no", "off", "0", "")),
        "limit=0&limit=0",
        "limit",
        "limit=%zz",
        "code=%ff%ff%ff%ff",
        "sort=",
        "day=never",
        "maybe=null",
        "either=0",
        "many=0",
        "odd=0",
        "other=0",
        "LIMIT=0",
        "word=anything",
        "limit=100",
    ],
)
def test_what_may_be_read_in_another_way_is_left_undecided(
    judge: Judge, query: str
) -> None:
    assert told(judge, f"/a?{query}", 200) == []


@pytest.mark.parametrize(
    ("target", "planned"),
    [
        ("/a?limit=100", ""),
        ("/a?limit=1&sort=up&flag=true", ""),
        ("/a?code=abc", ""),
        ("/a/7?limit=100", "/a/${made}?limit=100"),
        ("/must?must=1&limit=1", ""),
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_what_the_schema_allows_must_not_be_refused(
    judge: Judge, target: str, planned: str, status: int
) -> None:
    query = target.partition("?")[2]
    assert told(judge, target, status, planned) == [
        ("query", f"refuses {query}, which the schema allows")
    ]
    assert told(judge, target, 404, planned) == []


@pytest.mark.parametrize(
    "target",
    [
        "/a",
        "/a?limit=0",
        "/a?limit=01",
        "/a?limit=1&other=1",
        "/a?limit=1&limit=1",
        "/a?limit=1&many=1",
        # What a text may be is not said, or only by its format.
        "/a?limit=1&word=x",
        "/a?day=2024-02-29",
        "/a?code=%00",
        # Whether it exists is not known.
        "/a/7?limit=100",
        "/must?limit=1",
    ],
)
def test_what_may_be_refused_for_another_reason_is_left_undecided(
    judge: Judge, target: str
) -> None:
    assert told(judge, target, 422) == []


def test_a_header_may_be_what_was_refused(judge: Judge) -> None:
    assert told(judge, "/a?limit=1", 422, headers={"X": "y"}) == []


@pytest.mark.parametrize(
    ("path", "count"), [("/a/0", 1), ("/a/abc", 1), ("/a/01", 0), ("/a/7", 0)]
)
def test_what_stands_in_the_path_is_judged_too(
    judge: Judge, path: str, count: int
) -> None:
    assert [where for where, _ in told(judge, path, 200)] == ["path.id"] * count


def test_no_server_counts_without_end(judge: Judge) -> None:
    for text in ("9" * 15, "9" * 16):
        known = told(judge, f"/many?n={text}", 422)
        assert bool(known) == (len(text) == 15)


def test_a_body_that_was_taken_before_is_refused_for_another_reason(
    tmp_path: Path,
) -> None:
    named = {"type": "object", "properties": {"name": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": named}}}
    post = {"requestBody": body, "responses": {"201": {}, "422": {}}}
    document = {"openapi": "3.1.0", "paths": {"/a": {"post": post}}}
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    judge = Judge(load_contract(file))
    operation = judge.contract.operations[0]

    def said(host: str, status: int, name: str = "x") -> list[str]:
        headers = (("Host", host), ("Content-Type", "application/json"))
        sent = json.dumps({"name": name}).encode()
        request = Request("POST", "/a", headers, sent)
        expected = Expected(Step("POST /a"), {})
        found = judge.breaches(operation, request, Reply(status, (), b""), expected)
        return [one.kind for one in found]

    assert said("one", 422) == ["request"]
    assert said("one", 201) == []
    assert said("one", 422) == []
    # Of another body, and of another server, it says nothing.
    assert said("one", 422, "y") == ["request"]
    assert said("two", 422) == ["request"]
