"""A recorded body of JSON is sent as it was written, but for what it was given."""

import json
from typing import Any

import pytest

from comparison.plans.plan import Step, build
from comparison.plans.texts import sent_by
from comparison.recordings.har import Recorded
from comparison.recordings.infer import Asked, bound
from comparison.recordings.scalars import scalars
from tests.comparison.test_export_code import sent as exported

JSON = (("Content-Type", "application/json"),)
UUID = "6f1c2a34-9d1b-4c55-8a3e-0c9d1f2e3a4b"


def recorded(body: str, reply: Any = None) -> Asked:
    answer = json.dumps(reply).encode()
    one = Recorded("POST", "http://h/notes", JSON, body.encode(), 200, JSON, answer)
    return Asked(one, "/notes", "/notes")


def steps(*bodies: str, reply: Any = None) -> list[Step]:
    found, _ = bound([recorded("{}", reply), *map(recorded, bodies)])
    return list(found[1:])


@pytest.mark.parametrize(
    "body",
    [
        '{"n": 1e400}',
        '{"n": 1.10, "k":12345678901234567890.5, "z": 1.0, "e": 1E+2}',
        '{ "é": "\\u00e9\\ud800", "b": -0.0 }\n',
        '\ufeff{"a": 1}',
        '{"a": "${x}", "${b}": [true, null]}',
        "[]",
        '"text"',
        '{"a": {"b": ["c", {"d": "e"}]}, "f": [[1, [2]], {}]}',
        '{"a": 1, "a": 2}',
        "{no json",
    ],
)
def test_what_is_not_bound_is_sent_byte_by_byte(body: str) -> None:
    (step,) = steps(body)
    assert build(step, {}, "h", "").body == body.encode()


def test_a_value_that_was_given_is_all_that_is_replaced() -> None:
    body = f'{{"n": 1.10,  "ref": "{UUID}", "big": 12345678, "s": "see {UUID}!"}}'
    (step,) = steps(body, reply={"id": UUID, "big": 12345678})
    assert step.text == (
        '{"n": 1.10,  "ref": ${json r0.id}, "big": ${json r0.big},'
        ' "s": "see ${inner r0.id}!"}'
    )
    values = {"r0": {"id": 'a"b', "big": "9007199254740993"}}
    assert build(step, values, "h", "").body == (
        b'{"n": 1.10,  "ref": "a\\"b", "big": "9007199254740993", "s": "see a\\"b!"}'
    )
    other = {"r0": {"id": 7, "big": 9007199254740993}}
    assert b'"ref": 7, "big": 9007199254740993' in (
        build(step, other, "h", "").body or b""
    )


def test_scalars_are_found_with_their_keys() -> None:
    text = '{"a": [1, {"b": "x:{"}], "c": {"d": null}, "e": -1.5e3}'
    assert [(text[s.start : s.end], s.keys) for s in scalars(text)] == [
        ("1", ("a",)),
        ('"x:{"', ("a", "b")),
        ("null", ("c", "d")),
        ("-1.5e3", ("e",)),
    ]
    assert [one.value for one in scalars("[true, 1.5]")] == [True, 1.5]


def test_what_stands_beside_a_placeholder_was_sent_by_the_client() -> None:
    step = Step("POST /a", text='{"slug": "own-abcdefgh", "id": ${json r0.id}}')
    assert "own-abcdefgh" in sent_by([step]).texts


def test_an_exported_test_writes_it_as_json() -> None:
    world = [
        {"request": "POST /users", "save": {"alice": ""}},
        {"request": "GET /a", "identity": "alice"},
    ]
    step = Step("PUT /a", "alice", text='{"n": 1.10, "t": ${json alice.token}}')
    body = exported(step, world=world)[3]
    assert body.startswith('{"n": 1.10, "t": "eyJ')
    assert json.loads(body)["n"] == pytest.approx(1.1)
