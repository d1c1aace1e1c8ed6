"""What is marked in two replies: that which a difference is about, and no more."""

import json
from typing import Any

import pytest

from comparison.report.page.marked import Said, replies
from tests.comparison import sample
from tests.comparison.work import little_work

HEADERS = {
    "left": [["Date", "now"], ["content-type", "text/plain"], ["X-Only", "1"]],
    "right": [["date", "later"], ["Content-Type", "text/html"]],
}
AUTHOR = {"name": "Ann", "id": 7}
BODIES: dict[str, Any] = {
    "left": {"title": "one", "at": "10:00", "tags": ["a", "b"], "by": AUTHOR},
    "right": {"title": "two", "at": "10:01", "tags": ["a", "c"]},
}


def shown(kind: str, where: str, **bodies: Any) -> list[Said]:
    given = bodies or BODIES
    said = {
        name: {
            "status": 200 + number,
            "headers": HEADERS.get(name, []),
            "body": body,
        }
        for number, (name, body) in enumerate(given.items())
    }
    return replies(sample.finding(kind=kind, where=where, replies=said))


def marks(said: Said) -> list[str]:
    return [text for text, mark in said.pieces if mark]


@pytest.mark.parametrize(
    ("kind", "where", "left", "right"),
    [
        ("status", "status", ["200"], ["201"]),
        ("value", "/title", ["one"], ["two"]),
        ("media-type", "content-type", ["plain"], ["html"]),
        ("header", "x-only", ["X-Only: 1"], []),
        ("value", "/tags/*", ["b"], ["c"]),
        ("order", "/tags", ["b"], ["c"]),
        ("missing", "/by", ['"by": {', '"name": "Ann",', '"id": 7', "}"], []),
    ],
)
def test_what_a_difference_is_about_is_marked(
    kind: str, where: str, left: list[str], right: list[str]
) -> None:
    one, other = shown(kind, where)
    assert [marks(one), marks(other)] == [left, right]


def test_the_whole_reply_is_there() -> None:
    one, _ = shown("status", "status")
    text = "".join(text for text, _ in one.pieces)
    assert text == (
        "HTTP 200\nDate: now\ncontent-type: text/plain\nX-Only: 1\n\n{\n"
        '  "title": "one",\n  "at": "10:00",\n  "tags": [\n    "a",\n    "b"\n  ],\n'
        '  "by": {\n    "name": "Ann",\n    "id": 7\n  }\n}\n'
    )


@pytest.mark.parametrize(
    ("left", "right", "marked"),
    [
        ({"a": 1}, {"a": 1.0}, ["1", "1.0"]),
        ({"a": None}, {"a": "None"}, ["null", '"None"']),
        ("a\nb\nc", "a\nB\nc", ["b", "B"]),
        ("a b c\na b d e", "a b c\na b f e", ["d", "f"]),
        ("a", {"a": 1}, ["a", "{", '"a": 1', "}"]),
        ([], [[]], ["[]", "[", "[]", "]"]),
        # Another thing than the text differs, such as what an id stands for.
        ({"a": 1}, {"a": 1}, ["1", "1"]),
        # What one side has nothing of is in the other's way alone.
        ({"a": ""}, {"a": "x"}, ['""', "x"]),
        ({"a": "a!"}, {"a": "a!?"}, ['"a!"', "?"]),
        ({"a": "a!"}, {"a": "?a!"}, ["a", "?a"]),
    ],
)
def test_bodies_of_any_kind(left: Any, right: Any, marked: list[str]) -> None:
    where = "/a" if isinstance(left, dict) else ""
    one, other = shown("value", where, left=left, right=right)
    assert [*marks(one), *marks(other)] == marked
    # Nothing is said twice, and nothing left out.
    for said, body in ((one, left), (other, right)):
        text = "".join(text for text, _ in said.pieces).partition("\n\n")[2]
        assert text.strip("\n") == (
            body if isinstance(body, str) else json.dumps(body, indent=2)
        )


def test_each_reply_is_held_against_the_other_group() -> None:
    said: dict[str, Any] = {
        name: {"status": status, "headers": [], "body": None}
        for name, status in (("a", 200), ("b", 200), ("c", 404))
    }
    finding = sample.finding(kind="status", groups=[["a", "b"], ["c"]], replies=said)
    assert [marks(one) for one in replies(finding)] == [["200"], ["200"], ["404"]]


def test_a_difference_below_a_long_name_is_shown_in_time() -> None:
    name, many = "(" * 1_000_000, {str(number): number for number in range(390)}
    both = {side: {**many, name: side} for side in ("left", "right")}
    with little_work():
        said = shown("value", f"/{name}", **both)
    assert [marks(one) for one in said] == [[], []]


def test_a_long_reply_is_cut() -> None:
    long = {"a": ["x" * 50] * 500, "b": "y" * 10_000}
    one, other = shown("value", "/a", left=long, right={"a": []})
    assert "".join(text for text, _ in one.pieces).endswith("… and more\n")
    assert sum(len(text) for text, _ in one.pieces) < 6000
    assert marks(other) == ["[]"]
