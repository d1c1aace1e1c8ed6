"""What thinks without asking anybody: names, differences, plans, known differences."""

import copy
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.contracts.contract import load_contract
from comparison.exchanges.addresses import Site
from comparison.exchanges.body import parsed
from comparison.exchanges.difference import values
from comparison.exchanges.exchange import Reply
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.view import compare, view
from comparison.findings.results import Checked
from comparison.plans.plan import (
    Step,
    Unbound,
    build,
    fill,
    plan_from_json,
    pointed,
)
from comparison.plans.scenarios import load_scenarios
from comparison.plans.selection import Selection
from comparison.plans.texts import Sent, sent_by, sent_texts
from comparison.run import RunError, RunFile, read_run
from comparison.stacks import ROOT, StackError, load_stacks

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
TIME = "2026-01-31T12:00:00.000Z"
LATER = "2026-01-31T12:00:00.001Z"
NOW = datetime.fromisoformat(TIME).timestamp()


def reply(body: Any, status: int = 200, **headers: str) -> Reply:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, pairs, json.dumps(body).encode())


def kinds(first: Reply, second: Reply) -> list[tuple[str, str]]:
    found = compare(view(first, Normaliser()), view(second, Normaliser()))
    return [(one.kind, one.where) for one in found]


# Differences


@given(JSON)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert list(values(value, copy.deepcopy(value), "")) == []


@given(JSON, JSON)
def test_differences_are_symmetric_and_found(one: Any, other: Any) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    there, back = list(values(one, other, "")), list(values(other, one, ""))
    assert bool(there) == bool(back)
    # 0.0 and -0.0 are written differently and mean the same.
    assert same <= (not there)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"a": 1}, {"a": 1.0}, [("type", "/a")]),
        ({"a": 1}, {"a": True}, [("type", "/a")]),
        ({"a": 0}, {"a": False}, [("type", "/a")]),
        ({"a": "1"}, {"a": 1}, [("type", "/a")]),
        ({"a": None}, {}, [("missing", "/a")]),
        ({}, {"a": None}, [("extra", "/a")]),
        ({"a": None}, {"a": ""}, [("null", "/a")]),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("order", "/a")]),
        ({"a": [1]}, {"a": [1, 1]}, [("length", "/a")]),
        ([{"b": 1}], [{"b": 2}], [("value", "/*/b")]),
        ({"t": TIME}, {"t": "2026-01-31T12:00:00Z"}, [("format", "/t")]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    ],
)
def test_bodies(one: Any, other: Any, found: list[tuple[str, str]]) -> None:
    assert kinds(reply(one), reply(other)) == found


def test_headers() -> None:
    plain = reply({}, Content_Length="2", Date="x", Connection="keep-alive")
    assert kinds(plain, reply({}, content_length="3", Date="y")) == []
    assert kinds(plain, reply({})) == [("header", "content-length")]
    assert kinds(reply({}), reply({}, Server="x")) == [("header", "server")]
    assert kinds(reply({}, Content_Type="a/b"), reply({})) == [
        ("media-type", "content-type")
    ]
    twice = Reply(200, (("Vary", "a"), ("Vary", "b")), b"{}")
    assert kinds(twice, reply({}, Vary="a, b")) == []


def test_the_length_of_what_is_not_sent_is_something_or_nothing() -> None:
    none, some, more = (
        Reply(200, (("Content-Length", length),), b"") for length in ("0", "345", "351")
    )
    assert kinds(none, some) == [("header", "content-length")]
    assert kinds(some, more) == []
    assert kinds(none, none) == []


def test_another_status_is_the_only_difference() -> None:
    assert kinds(reply({"a": 1}), reply({"b": 2}, 404, Server="x")) == [
        ("status", "status")
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'{"a":1,"a":1}', b"[" * 100000])
def test_bodies_that_are_no_json(body: bytes) -> None:
    broken = Reply(200, (), body)
    assert kinds(broken, broken) == []
    assert kinds(broken, reply({}))[0][0] in {"not-json", "duplicate-key"}


# Names for what is minted


def named(*bodies: Any, sent: tuple[str, ...] = ()) -> list[Any]:
    names = Normaliser(Sent(frozenset(sent)), now=NOW)
    return [names.body(body) for body in bodies]


def test_ids_are_numbered_by_first_appearance() -> None:
    assert named([{"id": 7}, {"id": 9}, {"id": 7}], {"id": 9}) == [
        [{"id": "<id#1>"}, {"id": "<id#2>"}, {"id": "<id#1>"}],
        {"id": "<id#2>"},
    ]


def test_an_id_keeps_its_type() -> None:
    assert kinds(reply({"id": 5}), reply({"id": "5"})) == [("type", "/id")]
    assert kinds(reply([{"id": 5}]), reply([{"id": "5"}])) == [("type", "/*/id")]
    assert kinds(reply({"id": "5"}), reply({"id": "6"})) == []


def test_the_order_of_keys_does_not_matter() -> None:
    assert named({"id": 1, "an_id": 2}) == named({"an_id": 5, "id": 4})


def test_what_the_client_sent_stays() -> None:
    [body] = named(
        {"bio": TIME, "slug": "how-to-abcdefgh"}, sent=(TIME, "How to Abcdefgh")
    )
    assert body == {"bio": TIME, "slug": "how-to-abcdefgh"}


def test_a_random_suffix_is_renamed() -> None:
    assert named({"slug": "same-x7k2m9qa"}) == [{"slug": "same-<random#1>"}]
    assert named({"a": "same-abcdefgh"}, sent=("Same!",)) == [{"a": "same-<random#1>"}]
    for word in ("auto-approved", "auto-rejected", "order-20241231"):
        assert named({"state": word}) == [{"state": word}]


def test_times_are_compared_by_relation() -> None:
    first, second = named(
        {"slug": "a", "createdAt": TIME, "updatedAt": TIME},
        {"slug": "a", "createdAt": TIME, "updatedAt": LATER},
    )
    shape = "0000-00-00T00:00:00.000Z"
    assert first["updatedAt"] == f"<time {shape}, as the first>"
    assert first["createdAt"] == f"<time {shape}>"
    assert second["createdAt"] == f"<time {shape}, as before>"
    assert second["updatedAt"] == f"<time {shape}, after the first, after before>"


def test_ids_of_two_kinds_are_numbered_apart() -> None:
    one = {"user": {"id": 4}, "note": {"id": 4, "userId": 4}}
    other = {"user": {"id": 4}, "note": {"id": 6, "userId": 4}}
    wrong = {"user": {"id": 4}, "note": {"id": 6, "userId": 5}}
    assert named(one) == named(other)
    assert named(one) != named(wrong)
    assert named({"id": 3}, sent=("3",)) == [{"id": "<id#1>"}]
    assert named({"memberIds": [7, 9]}) == [{"memberIds": ["<id#1>", "<id#2>"]}]


def test_a_word_or_nothing_is_no_id() -> None:
    for value in ("undefined", "", 0, -1, None, 1.5):
        assert named({"owner_id": value}) == [{"owner_id": value}]
    assert kinds(reply({"aId": "65f1c0aa"}), reply({"aId": "undefined"}))


def test_an_id_that_was_sent_stays() -> None:
    names = Normaliser(sent_by([Step("POST /", json=({"id": 5, "n": 6},))]))
    assert names.body([{"id": 5}, {"id": 6}]) == [{"id": 5}, {"id": "<id#1>"}]


def test_a_plan_knows_the_names_of_the_world() -> None:
    world = Normaliser()
    world.body([{"id": 10}, {"id": 11}])
    assert world.following(Sent()).body({"id": 11}) == {"id": "<id#2>"}


def test_addresses_of_a_stack_are_those_of_any() -> None:
    sites = [Site("http://h:1", "/v1"), Site("http://h:2", "")]
    seen = []
    for site, number in zip(sites, (5, 77), strict=True):
        names = Normaliser(site=site)
        place = f"{site.base}/items/{number}"
        body = {"id": number, "href": f"{site.origin}{place}", "next": f"{place}?n=5"}
        location = f"{site.origin}{place}"
        seen.append((names.body(body, "item"), names.header("location", location)))
    assert seen[0][0] == {
        "id": "<id#1>",
        "href": "<origin>/<base>/items/<id#1>",
        "next": "/<base>/items/<id#1>?n=5",
    }
    assert seen[1][1] == "<origin>/items/<id#1>"


def test_headers_that_are_sets() -> None:
    assert kinds(reply({}, Allow="GET, POST"), reply({}, Allow="POST,GET")) == []
    assert kinds(reply({}, Vary="a"), reply({}, Vary="a, b")) == [("header", "vary")]
    cookies = [f"sid={text}; Path=/; Expires=x" for text in ("a" * 20, "b" * 20)]
    assert kinds(*(reply({}, Set_Cookie=text) for text in cookies)) == []


def test_a_time_that_somebody_chose_is_a_value() -> None:
    for far in ("2024-02-29T21:30:00Z", "2031-02-28T23:31:07Z", "1990-13-99T00:00:00Z"):
        assert named({"due": far}) == [{"due": far}]
    month = {"due": "2026-03-02T12:00:01.5Z"}
    assert named(month) == [{"due": "<time 0000-00-00T00:00:00.0Z>"}]
    first, second = "2024-02-29T21:30:00Z", "2024-02-29T23:30:00+02:00"
    assert kinds(reply({"due": first}), reply({"due": second})) == [("format", "/due")]


def test_every_item_of_a_list_counts() -> None:
    one = [{"a": n, "b": 0} for n in range(9)]
    other = [{"a": n + 1, "b": n // 8} for n in range(9)]
    found = [(one.kind, one.where) for one in values(one, other, "")]
    assert found == [("value", "/*/a"), ("value", "/*/b")]


def test_two_other_things_differ_in_who_they_are() -> None:
    one = [{"id": "x1", "a": 1, "b": 2}]
    other = [{"id": "y2", "a": 3, "b": 4}]
    assert [d.where for d in values(one, other, "")] == ["/*/id"]


def test_tokens_are_compared_by_what_they_claim() -> None:
    secret = "a secret of thirty-two characters"
    one = jwt.encode({"sub": "1", "iat": 10, "exp": 70}, secret)
    other = jwt.encode({"sub": "2", "iat": 20, "exp": 80}, secret)
    short = jwt.encode({"sub": "2", "iat": 20, "exp": 50}, secret)
    assert named({"token": one}) == named({"token": other})
    assert named({"token": one}) != named({"token": short})
    admin = jwt.encode({"sub": "1", "iat": 10, "exp": 70, "role": "admin"}, secret)
    user = jwt.encode({"sub": "1", "iat": 10, "exp": 70, "role": "user"}, secret)
    assert named({"token": admin}) != named({"token": user})


@given(JSON)
def test_renaming_never_fails(value: Any) -> None:
    json.dumps(named(value))


# Plans


def test_placeholders() -> None:
    known = {"a": {"b": [1, {"c": "x/y"}]}, "n": 5}
    assert fill("${a.b.1.c}!", known) == "x/y!"
    assert fill({"${n}": ["${n}", "${repeat ab 3}"]}, known) == {5: [5, "ababab"]}
    with pytest.raises(Unbound):
        fill("${a.z}", known)
    assert pointed(known, "/a/b/0") == 1
    assert pointed(known, "") == known


def test_the_wire() -> None:
    step = Step(
        "PUT /a/${x}?q=%zz ü", headers={"Accept": None, "X": "${x}"}, json=(None,)
    )
    request = build(step, {"x": "ä/b"}, "h:1", "/v1", {"Authorization": "Token t"})
    assert request.target == "/v1/a/%C3%A4%2Fb?q=%zz%20%C3%BC"
    assert dict(request.headers) == {
        "Host": "h:1",
        "Content-Type": "application/json",
        "Content-Length": "4",
        "Authorization": "Token t",
        "X": "ä/b",
    }
    assert request.body == b"null"
    assert build(Step("GET ~/health"), {}, "h", "/v1").target == "/health"


def test_sent_texts() -> None:
    step = Step("GET /a/12?b=c+d", text='{"k": ["v", 3]}')
    assert set(sent_texts([step])) >= {"a", "b", "c d", "k", "v", "3"}
    assert "12" not in set(sent_texts([step]))


def test_a_plan_survives_json() -> None:
    for plan in load_scenarios(ROOT / "contract" / "scenarios.yaml").plans:
        saved = json.loads(json.dumps(plan.as_json()))
        assert plan_from_json(saved).as_json() == plan.as_json()


# Files


def test_a_run_file_without_its_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RunFile(path, {"seed": 1}) as file:
        file.add(Checked("a", "same", {"b": 1}))
        assert not path.exists()
        file.finish({"exchanges": 1})
    assert read_run(path).exchanges == {"b": 1}
    text = path.read_text()
    for cut in (0, 10, len(text) // 2, len(text) - 3):
        path.write_text(text[:cut])
        with pytest.raises(RunError):
            read_run(path)


def test_an_interrupted_run_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), RunFile(tmp_path / "run.jsonl", {}):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "default = []",
        "default = ['a']\n[stacks.b]\ntitle = 'b'",
        "x =",
        "default = 3\n[stacks]\none = 3",
    ],
)
def test_a_bad_list_of_stacks_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stacks.toml"
    path.write_text(text)
    with pytest.raises(StackError):
        load_stacks(path)


# The scenarios of the real contract


CONTRACT = load_contract(ROOT / "contract" / "openapi.yaml")
SCENARIOS = load_scenarios(ROOT / "contract" / "scenarios.yaml")
RULES = (ROOT / "contract" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("operation", [one.id for one in CONTRACT.operations])
def test_scenarios_go_through_every_operation(operation: str) -> None:
    selection = Selection([operation])
    assert any(selection.takes(plan, CONTRACT) for plan in SCENARIOS.plans)


def test_scenarios_name_rules_that_exist() -> None:
    named = {rule for plan in SCENARIOS.plans for rule in plan.rules}
    assert {rule for rule in named if f"**{rule}**" not in RULES} == set()
    assert len({plan.id for plan in SCENARIOS.plans}) == len(SCENARIOS.plans)


def test_bindings_are_of_operations_that_exist() -> None:
    known = {operation.id: operation for operation in CONTRACT.operations}
    for name, binding in SCENARIOS.bindings.items():
        for parameter in binding.path:
            assert "{" + parameter + "}" in known[name].path


def test_parsed_reads_what_json_is() -> None:
    assert parsed(b'{"a": [1, null]}') == {"a": [1, None]}
