"""Globs, rules that loosen the comparison, and severities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.configuration.globs import fits
from comparison.configuration.rules import Ignore, Regrade, Rules, Tolerance, Unordered
from comparison.configuration.severity import (
    COSMETIC_HEADERS,
    KINDS,
    SEVERITIES,
    FailOn,
    Severity,
    default_severity,
    fails,
)
from comparison.contracts.contract import Operation

WHY = "by design"


# Globs


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("*", "", True),
        ("*", "any/thing at\nall", True),
        ("/items/*/score", "/items/*/score", True),
        ("/items/*/score", "/items/*/parts/*/score", True),
        ("/items/*/score", "/items//score", False),
        ("/items/*", "/items", False),
        ("/items/*", "/items/", False),
        ("/a[0]?", "/a[0]?", True),
        ("/a[0]?", "/a0x", False),
        ("get*", "get", False),
        ("get*", "getArticle", True),
        ("get*", "GetArticle", False),
        ("/a", "/a/b", False),
        ("a.c", "abc", False),
    ],
)
def test_a_star_stands_for_one_or_more_characters(
    glob: str, text: str, expected: bool
) -> None:
    assert fits(glob, text) is expected


@given(st.text(), st.text(), st.text(min_size=1))
def test_a_text_fits_itself_and_itself_with_a_part_starred(
    start: str, end: str, middle: str
) -> None:
    text = start + middle + end
    assert fits(text, text)
    assert fits(f"{start}*{end}", text)


# Ignoring


def ignoring(rule: Ignore) -> Rules:
    return Rules(ignores=(rule,))


def test_without_rules_nothing_is_loosened() -> None:
    rules = Rules()
    assert rules.ignored("getArticle", "value", "/title") is None
    assert not rules.is_unordered("getArticle", "/tags")
    assert rules.tolerance("getArticle", "/score") is None
    assert rules.severity("getArticle", "value", "/title", "visible") == "visible"


def test_a_difference_is_ignored_where_operation_kind_and_place_fit() -> None:
    rule = Ignore("/items/*/updated", WHY, operation="list*", kind="value")
    rules = ignoring(rule)
    assert rules.ignored("listItems", "value", "/items/*/updated") is rule
    assert rules.ignored("getItem", "value", "/items/*/updated") is None
    assert rules.ignored("listItems", "missing", "/items/*/updated") is None
    assert rules.ignored("listItems", "value", "/items/*/created") is None


def test_of_several_rules_the_first_that_fits_counts() -> None:
    first, second = Ignore("/a", "first"), Ignore("/*", "second")
    rules = Rules(ignores=(first, second))
    assert rules.ignored("x", "value", "/a") is first
    assert rules.ignored("x", "value", "/b") is second


def test_names_of_headers_come_in_any_case_keys_of_a_body_in_one() -> None:
    assert ignoring(Ignore("X-Request-Id", WHY)).ignored("x", "header", "x-request-id")
    assert ignoring(Ignore("*-Id", WHY)).ignored("x", "header", "x-request-id")
    assert not ignoring(Ignore("/Id", WHY)).ignored("x", "value", "/id")
    assert ignoring(Ignore("*At", WHY)).ignored("x", "value", "/user/createdAt")
    assert not ignoring(Ignore("*at", WHY)).ignored("x", "value", "/user/createdAt")


def test_the_whole_body_is_a_place_too() -> None:
    assert ignoring(Ignore("", WHY)).ignored("x", "type", "")
    assert not ignoring(Ignore("", WHY)).ignored("x", "type", "/a")


def test_an_operation_is_found_by_method_and_path_and_by_tag() -> None:
    operation = Operation("getItem", "GET", "/items/{id}", {}, ("stock",))
    for glob in ("getItem", "GET /items/*", "tag:stock"):
        rules = ignoring(Ignore("/a", WHY, operation=glob)).knowing([operation])
        assert rules.ignored("getItem", "value", "/a"), glob
        assert not rules.ignored("getOther", "value", "/a"), glob
    rules = ignoring(Ignore("allow", WHY, operation="HEAD *")).knowing([operation])
    assert rules.ignored("HEAD /items/{id}", "header", "allow")


# Order and tolerance


def test_the_order_of_an_array_says_nothing_where_a_rule_says_so() -> None:
    rules = Rules(unordered=(Unordered("/tags", WHY, operation="listTags"),))
    assert rules.is_unordered("listTags", "/tags")
    assert not rules.is_unordered("listTags", "/items")
    assert not rules.is_unordered("getArticle", "/tags")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0.3, 0.301, True),
        (0.301, 0.3, True),
        (0.3, 0.3011, False),
        (-5, -5.001, True),
        (1, 1.0, True),
        (10**400, 10**400, True),
        (10**400, 10**400 + 1, False),
        (float("inf"), 1e308, False),
        (float("inf"), float("inf"), True),
        pytest.param(10**5000, 10**5000 + 1, False, id="unreadable"),
        (True, 1, False),
        ("1", 1, False),
        (None, None, False),
    ],
)
def test_numbers_may_be_apart_by_an_absolute_amount(
    first: object, second: object, expected: bool
) -> None:
    assert Tolerance("/x", WHY, absolute=0.001).equal(first, second) is expected


def test_numbers_may_be_apart_by_a_part_of_the_greater_one() -> None:
    tolerance = Tolerance("/x", WHY, relative=0.01)
    assert tolerance.equal(99, 100)
    assert tolerance.equal(-100, -99)
    assert not tolerance.equal(98.9, 100)
    assert not tolerance.equal(-1, 1)
    either = Tolerance("/x", WHY, relative=0.01, absolute=3)
    assert either.equal(97, 100)


def test_the_tolerance_of_a_place_is_that_of_its_first_rule() -> None:
    rule = Tolerance("/items/*/score", WHY, absolute=1)
    rules = Rules(tolerances=(rule, Tolerance("/*", WHY, absolute=2)))
    assert rules.tolerance("x", "/items/*/score") is rule
    found = rules.tolerance("x", "/total")
    assert found is not None
    assert found.absolute == 2
    assert rules.tolerance("x", "age") is None


# Severity


def test_a_severity_of_ones_own_stands_before_the_default() -> None:
    rules = Rules(regrades=(Regrade("server", "breaking", kind="header"),))
    assert rules.severity("x", "header", "server", "cosmetic") == "breaking"
    assert rules.severity("x", "header", "location", "visible") == "visible"


def test_severities_by_default() -> None:
    assert default_severity("status", "status") == "breaking"
    assert default_severity("missing", "/a") == "breaking"
    assert default_severity("value", "/a") == "visible"
    assert default_severity("value", "/server") == "visible"
    assert default_severity("header", "location") == "visible"
    assert default_severity("a kind of tomorrow", "body") == "visible"
    for header in COSMETIC_HEADERS:
        assert default_severity("header", header.title()) == "cosmetic"
    assert set(KINDS.values()) <= set(SEVERITIES)


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [
        ("cosmetic", ["cosmetic", "visible", "breaking"]),
        ("visible", ["visible", "breaking"]),
        ("breaking", ["breaking"]),
        ("never", []),
    ],
)
def test_a_run_fails_from_a_severity_on(
    fail_on: FailOn, failing: list[Severity]
) -> None:
    assert [one for one in SEVERITIES if fails(one, fail_on)] == failing
