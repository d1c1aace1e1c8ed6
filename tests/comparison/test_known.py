"""Known differences: reading the list, and what it covers."""

from pathlib import Path

import pytest

from comparison.findings.known import (
    MOST_PLACES,
    Known,
    KnownError,
    load_known,
    read_known,
    reason,
    stale,
)
from comparison.stacks import ROOT
from tests.comparison.sample import finding

PATH = Path("known.toml")
ENTRY = """\
[[difference]]
operation = "getItem"
kind = "value"
where = "/title"
reason = "A title is shown as it was typed."
"""


def entry(operation: str = "*", kind: str = "*", where: str = "*") -> Known:
    return Known(operation, kind, where, "by design")


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert load_known(tmp_path / "none.toml") == ()


def test_entries_are_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.write_text(f'# why\n{ENTRY}\n{ENTRY}stacks = ["right"]\n')
    first, second = load_known(file)
    assert first == Known(
        "getItem", "value", "/title", "A title is shown as it was typed."
    )
    assert first.stacks == ()
    assert second.stacks == ("right",)


def test_the_list_of_this_repository_can_be_read() -> None:
    assert all(
        one.reason for one in load_known(ROOT / "contract" / "known_differences.toml")
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[difference]\n", "known.toml is not TOML"),
        ("[[diference]]\n", "every entry begins with [[difference]]"),
        ("difference = 1\n", "every entry begins with [[difference]]"),
        ("difference = [{}]\n", "must begin with a line [[difference]]"),
        (f"{ENTRY}\n\n[[difference]]\n", "line 8: an entry has operation, kind, where"),
        (f"{ENTRY}why = 1\n", "line 1: an entry has"),
        (ENTRY.replace('"/title"', "1"), "line 1: operation, kind, where, reason must"),
        (ENTRY.replace('"value"', '""'), "line 1: kind is empty"),
        (f'{ENTRY}stacks = "right"\n', "line 1: stacks must be a list of names"),
    ],
)
def test_an_entry_that_is_not_right_is_refused_with_its_line(
    text: str, says: str
) -> None:
    with pytest.raises(KnownError) as error:
        read_known(text, PATH)
    assert says in str(error.value)


@pytest.mark.parametrize("empty", ['""', '"  "'])
def test_an_empty_reason_is_refused_with_its_line_and_what_to_write(empty: str) -> None:
    written = '"A title is shown as it was typed."'
    with pytest.raises(KnownError) as error:
        read_known(f"{ENTRY}\n{ENTRY.replace(written, empty)}", PATH)
    assert "known.toml, line 7: the reason is empty" in str(error.value)
    assert "Write why this difference is allowed" in str(error.value)


@pytest.mark.parametrize(
    ("known", "covered"),
    [
        (entry(), True),
        (entry("getItem", "value", "/items/*/title"), True),
        (entry("get*", "va*", "/items/*"), True),
        (entry("listItems"), False),
        (entry(kind="missing"), False),
        (entry(where="/items/*/id"), False),
    ],
)
def test_an_entry_covers_what_all_three_fit(known: Known, covered: bool) -> None:
    assert known.covers(finding(where="/items/*/title")) is covered


@pytest.mark.parametrize(
    ("groups", "covered"),
    [
        ([["left", "other"], ["right"]], True),
        ([["left"], ["right"], ["other"]], False),
        ([["left"], ["right", "other"]], False),
        ([["left", "right"], ["other"]], False),
    ],
)
def test_an_entry_with_stacks_covers_those_alone(
    groups: list[list[str]], covered: bool
) -> None:
    known = Known("*", "*", "*", "by design", ("right",))
    assert known.covers(finding(groups=groups)) is covered
    assert entry().covers(finding(groups=groups))


def test_an_entry_with_two_stacks_covers_each_of_them_too() -> None:
    known = Known("*", "*", "*", "by design", ("right", "other"))
    assert known.covers(finding(groups=[["left", "other"], ["right"]]))
    assert known.covers(finding(groups=[["left"], ["right"], ["other"]]))


def test_the_reason_is_that_of_the_first_entry_that_covers() -> None:
    known = [Known("x", "*", "*", "no"), Known("*", "*", "*", "yes"), entry()]
    assert reason(finding(), known) == "yes"
    assert reason(finding(), known[:1]) is None


def test_an_entry_that_covers_nothing_is_stale() -> None:
    found = stale([entry("getItem"), entry("listItems")], [finding()])
    assert [one["operation"] for one in found] == ["listItems"]
    assert "no longer occurs" in found[0]["why"]


def test_an_entry_that_covers_too_much_is_stale() -> None:
    many = [finding(where=f"/{number}") for number in range(MOST_PLACES)]
    assert stale([entry()], many) == []
    found = stale([entry()], [*many, finding(where="/one-more")])
    assert "split it" in found[0]["why"]
