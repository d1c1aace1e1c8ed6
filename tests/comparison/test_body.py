"""A body as JSON: what RFC 8259 allows, and nothing else."""

from typing import Any

import pytest

from comparison.exchanges.body import MOST_LEVELS, Broken, parsed
from comparison.exchanges.exchange import Reply
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.view import compare, view

PLAIN = b'{"a": "\xc3\xa9"}'
BEYOND = MOST_LEVELS + 1


def nested(opening: bytes, closing: bytes, levels: int, within: bytes = b"") -> bytes:
    return opening * levels + within + closing * levels


def kinds(first: bytes, second: bytes) -> list[tuple[str, str]]:
    one, other = (view(Reply(200, (), body), Normaliser()) for body in (first, second))
    return [(found.kind, found.where) for found in compare(one, other)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"{", "not JSON"),
        (b"NaN", "not JSON"),
        (b'{"a": 1, "a": 1}', "duplicate key a"),
        (b"\xef\xbb\xbf" + PLAIN, "JSON after a byte order mark"),
        (PLAIN.decode().encode("utf-16"), "not UTF-8"),
        (PLAIN.decode().encode("utf-16-le"), "not UTF-8"),
        (PLAIN.decode().encode("utf-32"), "not UTF-8"),
        (b'{"a": "\xe9"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (nested(b"[", b"]", BEYOND), f"nested deeper than {MOST_LEVELS} levels"),
        (nested(b'{"a":', b"}", BEYOND, b"1"), "nested deeper than 200 levels"),
        (nested(b"[", b"]", 100_000), "nested deeper than 200 levels"),
        (b"1e99999", "not JSON"),
        (b"1e999999999999999999999999", "not JSON"),
    ],
)
def test_what_is_no_json_between_systems_is_told(body: bytes, reason: str) -> None:
    assert parsed(body) == Broken(reason)
    if body:
        assert kinds(body, PLAIN)[0][0] in {"not-json", "duplicate-key"}
    assert kinds(body, body) == []


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\ud800"', "\ud800"),
        (b"1.5e3", 1500.0),
        (b"1e-400", 0.0),
        (b"1e400", 10**400),
        (b"-1.5e400", -15 * 10**399),
    ],
)
def test_values(body: bytes, value: Any) -> None:
    found = parsed(body)
    assert (found, type(found)) == (value, type(value))


def test_numbers_that_no_float_holds_are_told_apart() -> None:
    assert kinds(b'{"a": 1e400}', b'{"a": 1e400}') == []
    assert kinds(b'{"a": 1e400}', b'{"a": 1e999}') == [("value", "/a")]
    assert kinds(b'{"a": 1e400}', b'{"a": 1.5}') != []


def test_deep_bodies_are_compared_as_bytes() -> None:
    first, second = (nested(b"[", b"]", BEYOND, one) for one in (b"1", b"2"))
    assert kinds(first, second) == [("value", "body")]


@pytest.mark.parametrize(
    ("opening", "closing", "step"), [(b'{"a":', b"}", "/a"), (b"[", b"]", "/*")]
)
def test_what_is_nested_as_deep_as_may_be_is_compared(
    opening: bytes, closing: bytes, step: str
) -> None:
    first, second = (nested(opening, closing, MOST_LEVELS, one) for one in (b"1", b"2"))
    assert kinds(first, second) == [("value", step * MOST_LEVELS)]
