"""workloads.toml: its mistakes have a place, and its requests are what it says."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from comparison.contracts.contract import load_contract
from comparison.speed.asked import Asked
from comparison.speed.concrete import concrete, mix_of, mixed, values_of
from comparison.speed.derived import derived
from comparison.speed.workloads import WorkloadError, WorkloadFile, load_workloads
from comparison.stacks import ROOT

ONE = '[workloads.one]\ntitle = "one"\nrequests = {}\n'


def read(text: str, folder: Path) -> WorkloadFile:
    file = folder / "workloads.toml"
    file.write_text(text, encoding="utf-8")
    return load_workloads(file)


def one(requests: str, more: str = "") -> str:
    return more + ONE.format(requests)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "workloads is missing."),
        ("[workloads]", "workloads is a table, but must not be empty."),
        ("x = [", "is not TOML: Invalid value"),
        ("version = 2\n" + one('["GET /x"]'), "version is 2, but must be 1."),
        (one("[]"), "workloads.one.requests is a list, but must not be empty."),
        (one('["HEAD /x"]'), 'requests.1.ask is "HEAD /x": it must be "METHOD /path"'),
        (one('["get /x"]'), 'requests.1.ask is "get /x": it must be "METHOD /path"'),
        (one('["GET x"]'), 'it must be "METHOD /path", any method but HEAD'),
        (one('["GET /x#y"]'), 'requests.1.ask is "GET /x#y": it must be'),
        (one('["GET /x", 5]'), "workloads.one.requests.2 is 5, but must be a table."),
        (
            one('[{ ask = "GET /", stauts = 1 }]'),
            "workloads.one.requests.1.stauts is an unknown key; did you mean status?",
        ),
        (
            one('[{ ask = "GET /", status = 99 }]'),
            "requests.1.status is 99, but must be at least 100.",
        ),
        (
            one('[{ ask = "GET /", json = { at = 2020-01-01 } }]'),
            "workloads.one.requests.1.json must be what JSON has: no date",
        ),
        (one('[{ ask = "GET /", json = nan }]'), "must be what JSON has"),
        (
            one('[{ ask = "GET /", headers = { "a b" = "x" } }]'),
            "it must be the name of a header.",
        ),
        (one('["GET /{who}"]'), "requests.1 has {who}, which is none of [values]."),
        (
            one('["GET /{whoo}"]', '[values]\nwho = { of = ["x"] }\n'),
            "has {whoo}, which is none of [values]; did you mean who?",
        ),
        (
            one('[{ ask = "GET /", headers = { X = "{unique}" } }]'),
            "workloads.one.requests.1 has {unique} elsewhere than in the path and body",
        ),
        (
            one('["GET /"]', '[values]\na = { ask = "GET /{b}", at = "/x" }\n'),
            "values.a has {b}, which is none of the values above it.",
        ),
        (
            one('["GET /"]', '[values]\nunique = { of = ["1"] }\n'),
            'values.unique is "unique": it must be a word, and not `unique`',
        ),
        (
            one('["GET /"]', '[values]\na = { ask = "GET /" }\n'),
            "values.a must have either `of`, or `ask` and `at`.",
        ),
        (
            one('["GET /"]', '[values]\na = { of = ["1"], at = "/x" }\n'),
            "values.a must have either `of`, or `ask` and `at`.",
        ),
        (
            one('["GET /"]', '[values]\na = { ask = "GET /", at = "x" }\n'),
            'values.a.at is "x": it must be a JSON pointer',
        ),
        (one('["GET /"]').replace("workloads.one", "workloads.mix"), "must be another"),
        (one('["GET /"]').replace("workloads.one", "workloads.A"), "a letter first."),
        (
            one('["POST /"]') + "reference = true\n",
            "workloads.one must only read, with one and the same reply",
        ),
        (one('["GET /"]') + 'share = "5"\n', 'share is "5", but must be a whole'),
        (
            one('["GET /"]', "[rows]\ncommand = []\n"),
            "rows.command is a list, but must not be empty.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WorkloadError) as error:
        read(text, tmp_path)
    assert f"{tmp_path / 'workloads.toml'}" in str(error.value)
    assert said in str(error.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError) as error:
        read(one('["GET x", "GET /"]\nshare = -1') + "more = 1\n", tmp_path)
    *mistakes, advice = str(error.value).splitlines()
    assert len(mistakes) == 3
    assert advice == "docs/configuration.md has what may stand in it."


def test_a_file_that_nobody_may_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"cannot be read: .*\. Let it be read"):
        load_workloads(tmp_path)


def test_that_of_this_project_can_be_read() -> None:
    file = load_workloads(ROOT / "contract" / "workloads.toml")
    assert sum(plan.quick for plan in file.workloads.values()) >= 4
    assert [name for name, plan in file.workloads.items() if plan.apart] == ["login"]


def test_what_is_looked_at_closely_may_be_named(tmp_path: Path) -> None:
    more = '[workloads.{}]\ntitle = "x"\nrequests = ["GET /"]\n'
    text = one('["GET /x"]') + more.format("two") + more.format("three")
    assert read(text, tmp_path).looked_at(("full",)) == ["one"]
    assert read(f"{text}quick = true\n", tmp_path).looked_at(("full",)) == ["three"]
    marked = read(f'{text}closely = "thorough"\n', tmp_path)
    assert marked.looked_at(("full",)) == marked.looked_at(()) == []
    assert marked.looked_at(("full", "thorough")) == ["three"]
    assert read(text, tmp_path).looked_at(()) == []


def asked_by(requests: str, values: dict[str, list[str]], folder: Path) -> list[Asked]:
    more = "".join(
        f"[values.{name}]\nof = {json.dumps(of)}\n" for name, of in values.items()
    )
    file = read(one(requests, more), folder)
    return concrete(file.workloads["one"], values, Random("1 one"))


def test_a_placeholder_is_quoted_in_a_path_and_not_elsewhere(tmp_path: Path) -> None:
    request = '[{ ask = "POST /a/{x}?q={x}", headers = { X = "{x}" }, json = ["{x}"] }]'
    first, *_ = asked_by(request, {"x": ["ä/ b&{x}"]}, tmp_path)
    assert first.path == "/a/%C3%A4%2F%20b%26%7Bx%7D?q=%C3%A4%2F%20b%26%7Bx%7D"
    assert first.headers == {"X": "ä/ b&{x}", "Content-Type": "application/json"}
    assert json.loads(first.body or "") == ["ä/ b&{x}"]


def test_the_rest_of_a_path_is_sent_as_everybody_would(tmp_path: Path) -> None:
    (only,) = asked_by('["GET /kä\\"se?a=%20&b[]=1"]', {}, tmp_path)
    assert only.path == "/k%C3%A4%22se?a=%20&b[]=1"


def test_one_variant_uses_the_same_values(tmp_path: Path) -> None:
    found = asked_by('["GET /{x}", "GET /{x}/y"]', {"x": list("abcdef")}, tmp_path)
    assert len({one.path for one in found}) > 4
    pairs = zip(found[::2], found[1::2], strict=True)
    assert all(two.path == f"{one.path}/y" for one, two in pairs)


def test_a_number_that_comes_once_is_left_to_who_sends_it(tmp_path: Path) -> None:
    (only,) = asked_by('[{ ask = "PUT /{unique}", json = "{unique}" }]', {}, tmp_path)
    assert (only.path, only.body) == ("/{unique}", '"{unique}"')


def test_a_content_type_of_ones_own_stays(tmp_path: Path) -> None:
    request = '[{ ask = "POST /", headers = { content-type = "a/b" }, json = 1 }]'
    (only,) = asked_by(request, {}, tmp_path)
    assert only.headers == {"content-type": "a/b"}


def test_the_same_seed_asks_the_same(tmp_path: Path) -> None:
    values = {"x": [str(number) for number in range(50)]}
    first = asked_by('["GET /{x}"]', values, tmp_path)
    assert asked_by('["GET /{x}"]', values, tmp_path) == first


def test_the_mix_has_each_by_its_share(tmp_path: Path) -> None:
    parts = {"often": 80, "seldom": 20, "never": 0}
    file = read(
        "".join(
            f'[workloads.{name}]\ntitle = "x"\nrequests = ["GET /{name}"]\n'
            f"share = {share}\n"
            for name, share in parts.items()
        ),
        tmp_path,
    )
    counts = Counter(one.path for one in mixed(file, {}, Random(1)))
    assert set(counts) == {"/often", "/seldom"}
    assert 0.7 < counts["/often"] / counts.total() < 0.9
    assert mixed(file, {}, Random(1)) == mixed(file, {}, Random(1))
    mix = mix_of(file)
    assert mix is not None
    assert not mix.steady


def test_of_one_share_there_is_no_mix(tmp_path: Path) -> None:
    assert mix_of(read(one('["GET /"]') + "share = 5\n", tmp_path)) is None


def replying(
    *bodies: Any, status: int = 200
) -> tuple[Callable[[Asked], requests.Response], list[Asked]]:
    """Something that answers with each of these in turn, and what it was asked."""
    asked: list[Asked] = []

    def send(request: Asked) -> requests.Response:
        reply = requests.Response()
        reply.status_code = status
        body = bodies[len(asked) % len(bodies)]
        reply._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked.append(request)
        return reply

    return send, asked


def values(at: str, *bodies: Any, folder: Path, status: int = 200) -> list[str]:
    text = f'[values]\nx = {{ ask = "GET /x", at = "{at}" }}\n'
    send, _ = replying(*bodies, status=status)
    file = read(one('["GET /{x}"]', text), folder)
    return [*values_of(file, "them", send)["x"]]


@pytest.mark.parametrize(
    ("at", "body", "found"),
    [
        ("/a", {"a": "b"}, ["b"]),
        ("/a", {"a": 5}, ["5"]),
        ("/a/*/b", {"a": [{"b": 1}, {}, {"b": "x"}, {"b": 1}]}, ["1", "x"]),
        ("/*", ["x", "y"], ["x", "y"]),
        ("/1", ["x", "y"], ["y"]),
        ("/a~1b/m~0n", {"a/b": {"m~n": "x"}}, ["x"]),
        # What is no line of text and no number fills no request.
        ("/*", ["x", None, True, {}, [], "a\nb", "\ud800", "\x00"], ["x"]),
    ],
)
def test_values_are_where_a_reply_has_them(
    at: str, body: Any, found: list[str], tmp_path: Path
) -> None:
    assert values(at, body, folder=tmp_path) == found


@pytest.mark.parametrize("at", ["/b", "/a/0", "/a/b", "/a/-1", "/a/*"])
def test_where_there_is_nothing_it_says_so(at: str, tmp_path: Path) -> None:
    with pytest.raises(WorkloadError) as error:
        values(at, {"a": []}, folder=tmp_path)
    assert f"them has no x: its reply to GET /x holds nothing at {at}." in str(
        error.value
    )


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [(b"<html>", 200, "gave no JSON"), ({}, 500, "answered 500"), ({}, 404, "404")],
)
def test_a_reply_without_values_says_what_to_do(
    body: Any, status: int, said: str, tmp_path: Path
) -> None:
    with pytest.raises(WorkloadError) as error:
        values("/a", body, folder=tmp_path, status=status)
    assert said in str(error.value)
    assert str(error.value).endswith("Correct either, then run again.")


def test_a_value_is_asked_with_each_of_those_above(tmp_path: Path) -> None:
    text = (
        '[values]\nwho = { of = ["ann", "bob"] }\n'
        'token = { ask = "POST /login", json = { name = "{who}" }, at = "/token" }\n'
        'slug = { ask = "GET /x", headers = { T = "{token}" }, at = "/token" }\n'
    )
    send, asked = replying({"token": "1"}, {"token": "2"}, {"token": "3"})
    found = values_of(read(one('["GET /{slug}"]', text), tmp_path), "them", send)
    assert found == {"who": ["ann", "bob"], "token": ["1", "2"], "slug": ["3", "1"]}
    assert [one.body for one in asked[:2]] == ['{"name":"ann"}', '{"name":"bob"}']
    assert [one.headers["T"] for one in asked[2:]] == ["1", "2"]


OPERATIONS: dict[str, dict[str, Any]] = {
    "listThings": {},
    "list_things": {},
    "mix": {},
    "x" * 60: {},
    "2nd": {},
    "needsToken": {"security": [{"t": []}]},
    "needsParameter": {
        "parameters": [
            {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
        ]
    },
}


def test_a_contract_alone_says_what_needs_nothing(tmp_path: Path) -> None:
    reply = {"200": {"description": "x"}}
    paths = {
        f"/p{number}": {"get": {"operationId": name, "responses": reply, **more}}
        for number, (name, more) in enumerate(OPERATIONS.items())
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "/v1"}],
        "paths": paths,
        "components": {"securitySchemes": {"t": {"type": "http", "scheme": "bearer"}}},
    }
    (tmp_path / "c.json").write_text(json.dumps(document), encoding="utf-8")
    file = derived(load_contract(tmp_path / "c.json"))
    assert file is not None
    asked = [one.ask for plan in file.workloads.values() for one in plan.requests]
    assert asked == [f"GET /v1/p{number}" for number in range(5)]
    assert all(re.fullmatch("[a-z][a-z0-9-]*", name) for name in file.workloads)
