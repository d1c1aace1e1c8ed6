"""Several answers to one request, and the groups that they fall into."""

import pytest

from comparison.exchanges.exchange import Failure, Reply
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.partition import ELSEWHERE, Split, splits
from comparison.exchanges.view import View, view


def _views(*bodies: bytes) -> list[View]:
    headers = (("Content-Type", "application/json"),)
    return [view(Reply(200, headers, body), Normaliser()) for body in bodies]


def test_equal_answers_are_not_split() -> None:
    assert splits(_views(b'{"a": 1}', b'{ "a":1 }', b'{"a":1}')) == []
    assert splits(_views(b"1")) == []


@pytest.mark.parametrize(
    ("bodies", "values", "groups"),
    [
        ("1 1 2", ("1", "1", "2"), ((0, 1), (2,))),
        ("1 2 1", ("1", "2", "1"), ((0, 2), (1,))),
        ("1 2 2", ("1", "2", "2"), ((0,), (1, 2))),
        ("1 2 3", ("1", "2", "3"), ((0,), (1,), (2,))),
        ('1 "1" 2', ("1", '"1"', "2"), ((0,), (1,), (2,))),
    ],
)
def test_who_stands_with_whom(
    bodies: str, values: tuple[str, ...], groups: tuple[tuple[int, ...], ...]
) -> None:
    texts = [f'{{"a": {text}}}'.encode() for text in bodies.split()]
    [split] = splits(_views(*texts))
    assert (split.where, split.values, split.groups) == ("/a", values, groups)


def test_each_place_has_its_own_groups() -> None:
    found = splits(_views(b'{"a": 1, "b": 1}', b'{"a": 2, "b": 1}', b'{"a": 1}'))
    assert found == [
        Split("value", "/a", ("1", "2", "1"), ((0, 2), (1,))),
        Split("missing", "/b", ("1", "1", "(absent)"), ((0, 1), (2,))),
    ]


def test_a_failure_stands_apart() -> None:
    views = [*_views(b"1", b"1"), View(Failure("time-out", "no reply"))]
    assert splits(views) == [
        Split("broken", "connection", ("200", "200", "time-out"), ((0, 1), (2,)))
    ]


class _Loose:
    """Ignores `/a`, takes every array as a set, and numbers within 1."""

    def ignored(self, _kind: str, where: str) -> bool:
        return where == "/a"

    def unordered(self, _where: str) -> bool:
        return True

    def near(self, _where: str, first: float, second: float) -> bool:
        return abs(first - second) <= 1


def _loosely(*bodies: bytes) -> list[Split]:
    loose = _Loose()
    views = [view(Reply(200, (), body), Normaliser(), loose) for body in bodies]
    return splits(views, loose)


def test_what_need_not_be_equal_is_not_split() -> None:
    assert _loosely(b'{"a": 1, "b": [1, 5]}', b'{"a": "x", "b": [5, 2]}') == []
    assert [one.where for one in _loosely(b'{"b": [1, 5]}', b'{"b": [5, 3]}')] == [
        "/b/*"
    ]


def test_minted_values_of_an_unordered_array_keep_their_places() -> None:
    one = b'{"items": [{"id": 7, "n": "x"}, {"id": 8, "n": "y"}], "item": {"id": 7}}'
    other = b'{"items": [{"id": 3, "n": "y"}, {"id": 2, "n": "x"}], "item": {"id": 2}}'
    assert _loosely(one, other) == []
    wrong = other.replace(b'"item": {"id": 2}', b'"item": {"id": 3}')
    assert [split.where for split in _loosely(one, wrong)] != []


def test_those_that_differ_from_the_reference_are_compared_too() -> None:
    missing = view(Reply(404, (), b"{}"), Normaliser())
    found = splits([missing, *_views(b'{"a": 1}', b'{"a": 2}', b'{"a": 1}')])
    assert [(one.kind, one.where, one.groups) for one in found] == [
        ("status", "status", ((0,), (1, 2, 3))),
        ("value", "/a", ((0,), (1, 3), (2,))),
    ]
    assert found[1].values == (ELSEWHERE, "1", "2", "1")


def test_two_kinds_at_one_place_are_two_splits() -> None:
    found = splits(_views(b'[{"x": null}, {"x": 1}]', b'[{"x": 5}, {"x": 2}]'))
    assert [(one.kind, one.where) for one in found] == [
        ("null", "/*/x"),
        ("value", "/*/x"),
    ]
