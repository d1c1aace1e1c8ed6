"""`--update-known`: what is kept, removed and added, and how the file looks then."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.findings.known import (
    MOST_PLACES,
    Known,
    KnownError,
    load_known,
    read_known,
)
from comparison.findings.known_update import update
from comparison.findings.results import Finding
from tests.comparison.sample import finding

HEAD = "# What may differ.\n# Two lines of it.\n"
TITLE = """\
# Asked for by the shop.
[[difference]]  # since May
operation = "getItem"
kind = "value"   # not missing
where = "/title"
reason = '''
As it was typed,
# and as it was meant.
'''
"""
TOTAL = """\
# Counted later.
[[difference]]
reason = "A total is late."
where = "/total"
kind = "value"
operation = "listItems"
"""
SECTION = "# Headers"
FILE = f"{HEAD}\n{TITLE}\n{SECTION}\n\n{TOTAL}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "known.toml"
    path.write_text(FILE)
    return path


def added_to(path: Path, *findings: Finding) -> tuple[Known, ...]:
    return update(path, findings, partial=False).added


ON_TITLE = finding("getItem", where="/title")
ON_TOTAL = finding("listItems", where="/total")


def test_what_still_occurs_stays_as_it_was_written(file: Path) -> None:
    found = update(file, [ON_TITLE, ON_TOTAL], partial=False)
    assert file.read_text() == FILE
    assert [one.where for one in found.kept] == ["/title", "/total"]
    assert found.removed == ()
    assert found.added == ()


def test_what_no_longer_occurs_goes_with_its_own_comment_alone(file: Path) -> None:
    found = update(file, [ON_TOTAL], partial=False)
    assert file.read_text() == f"{HEAD}\n{SECTION}\n\n{TOTAL}"
    assert [one.where for one in found.removed] == ["/title"]
    update(file, [], partial=False)
    assert file.read_text() == f"{HEAD}\n{SECTION}\n"


def test_a_comment_that_begins_the_file_outlives_its_first_entry(
    tmp_path: Path,
) -> None:
    path = tmp_path / "known.toml"
    path.write_text(HEAD + TITLE)
    update(path, [], partial=False)
    assert path.read_text() == HEAD + TITLE.splitlines(keepends=True)[0]


def test_what_is_not_listed_is_added_without_a_reason(file: Path) -> None:
    found = update(file, [ON_TITLE, ON_TOTAL, finding(where='/"é')], partial=False)
    assert file.read_text() == (
        f"{FILE}\n[[difference]]\n"
        'operation = "getItem"\nkind = "value"\nwhere = "/\\"é"\nreason = ""\n'
    )
    assert found.added == (Known("getItem", "value", '/"é', ""),)
    with pytest.raises(KnownError, match="line 23: the reason is empty"):
        load_known(file)


def test_once_the_reasons_are_written_nothing_changes_any_more(file: Path) -> None:
    findings = [ON_TITLE, finding(where="/new"), finding("a", "header", "server")]
    update(file, findings, partial=False)
    file.write_text(file.read_text().replace('""', '"Because."'))
    before = file.read_text()
    found = update(file, findings, partial=False)
    assert file.read_text() == before
    assert len(found.kept) == 3
    assert (found.added, found.removed) == ((), ())


def test_a_missing_file_is_begun_with_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    added_to(path, finding())
    assert path.read_text().startswith("# What may differ, each entry with its reason.")
    text = path.read_text().replace('""', '"Because."')
    assert len(read_known(text, path)) == 1


def test_what_did_not_show_again_is_not_listed(tmp_path: Path) -> None:
    assert added_to(tmp_path / "known.toml", finding(stable=False)) == ()


def test_an_entry_whose_difference_comes_and_goes_is_kept(file: Path) -> None:
    unstable = finding("getItem", where="/title", stable=False)
    assert len(update(file, [unstable, ON_TOTAL], partial=False).kept) == 2


def test_what_is_on_three_operations_is_one_entry(tmp_path: Path) -> None:
    findings = [finding(name, "header", "server") for name in "abc"]
    others = [finding(name, "header", "vary") for name in "ab"]
    found = added_to(tmp_path / "known.toml", *findings, *others)
    assert [(one.operation, one.where) for one in found] == [
        ("*", "server"),
        ("a", "vary"),
        ("b", "vary"),
    ]


def test_no_entry_is_added_that_covers_too_much(tmp_path: Path) -> None:
    names = [f"operation{number}" for number in range(MOST_PLACES + 1)]
    findings = [finding(name, "header", "server") for name in names]
    found = added_to(tmp_path / "known.toml", *findings)
    assert [one.operation for one in found] == names


def test_a_place_with_too_many_differences_is_left(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    findings = [finding(trigger=str(number)) for number in range(MOST_PLACES + 1)]
    found = update(path, findings, partial=False)
    assert found.added == ()
    assert found.left == tuple(findings)
    assert not path.exists()


def test_of_three_stacks_those_are_named_that_stand_apart(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    findings = [
        finding("a", groups=[["left", "other"], ["right"]]),
        finding("a", groups=[["left"], ["right", "other"]], trigger="again"),
    ]
    found = added_to(path, *findings)
    assert [one.stacks for one in found] == [("right",), ("other", "right")]
    assert 'stacks = ["right"]' in path.read_text()
    text = path.read_text().replace('""', '"Because."')
    assert all(
        read_known(text, path)[0].covers(one) is at
        for one, at in zip(findings, (True, False), strict=True)
    )


def test_a_key_that_no_file_can_hold_is_listed_with_a_star(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    odd = finding(where="/\ud800/\x7f/\u2028/\x00")
    (one,) = added_to(path, odd)
    assert one.covers(odd)
    read = read_known(path.read_text().replace('""', '"Because."'), path)
    assert read[0].where == "/*/\x7f/\u2028/\x00"


def test_after_a_partial_run_nothing_is_written(file: Path) -> None:
    with pytest.raises(KnownError, match="not everything was asked"):
        update(file, [], partial=True)
    assert file.read_text() == FILE


@pytest.mark.parametrize(
    "text",
    [
        '[[difference]]\nreason = ""\noperation = "a"\nkind = "b"\nwhere = "c"\n',
        'difference = [{operation = "a", kind = "b", where = "c", reason = "d"}]\n',
        "[[difference\n",
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(KnownError):
        update(path, [finding()], partial=False)
    assert path.read_text() == text


PLACES = st.tuples(st.sampled_from("abcd"), st.text())


@settings(deadline=None)
@given(st.lists(PLACES, max_size=8), st.lists(PLACES, max_size=8))
def test_whatever_is_found_is_listed_afterwards(
    tmp_path_factory: pytest.TempPathFactory,
    early: list[tuple[str, str]],
    late: list[tuple[str, str]],
) -> None:
    path = tmp_path_factory.mktemp("known") / "known.toml"
    before = [finding(operation, where=f"/{where}") for operation, where in early]
    now = [finding(operation, where=f"/{where}") for operation, where in late]
    update(path, before, partial=False)
    if path.exists():
        text = path.read_text(encoding="utf-8")
        text = text.replace('reason = ""', "reason = 'Because.'  # so")
        path.write_text(f"# First\n\n{text}# Last\n", encoding="utf-8")
    done = update(path, now, partial=False)
    entries = (*done.kept, *done.added)
    assert all(any(entry.covers(one) for entry in entries) for one in now)
    assert not any(entry.covers(one) for entry in done.removed for one in now)
