"""What the benchmark reads out of the reports of both tools, and what it concludes."""

import json

import pytest

from tests.comparison.benchmark import (
    GENERATING,
    RIVAL,
    SAVED,
    Timing,
    cases_of_report,
    cases_of_run,
    ratios,
    spread,
    verdict,
)


def measured(generating: float, saved: float) -> dict[str, list[Timing]]:
    """Three repetitions in which ours are so many times as fast as the rival."""
    return {
        RIVAL: [Timing(100, 10.0)] * 3,
        GENERATING: [Timing(200, 20.0 / generating)] * 3,
        SAVED: [Timing(200, 20.0 / saved)] * 3,
    }


def test_the_cases_of_st_run_are_those_that_it_generated() -> None:
    report = {"complete": True, "test_cases": {"generated": 7, "errored": 1}}
    assert cases_of_report(json.dumps(report)) == 7


def test_a_run_that_ended_early_counts_for_neither() -> None:
    report = {"complete": False, "stop_reason": "max_time", "test_cases": {}}
    with pytest.raises(ValueError, match="max_time"):
        cases_of_report(json.dumps(report))
    with pytest.raises(ValueError, match="early"):
        cases_of_run('{"type": "plan"}\n')


def test_our_cases_are_the_requests_to_each_stack() -> None:
    footer = {"type": "footer", "exchanges": 5}
    assert cases_of_run(f'{{"type": "header"}}\n{json.dumps(footer)}\n') == 5


def test_a_ratio_is_taken_within_a_repetition() -> None:
    ours = [Timing(100, 1.0), Timing(100, 4.0)]
    theirs = [Timing(100, 2.0), Timing(100, 10.0)]
    assert ratios(ours, theirs) == [2.0, 2.5]
    assert str(spread([2.0, 2.5, 9.0])) == "2.5 (2.0 to 9.0)"


@pytest.mark.parametrize(
    ("generating", "saved", "kept"),
    [(1.0, 3.0, True), (0.9, 3.0, False), (1.0, 2.9, False), (5.0, 20.0, True)],
)
def test_every_promise_must_be_kept(
    generating: float, saved: float, kept: bool
) -> None:
    lines, found = verdict(measured(generating, saved))
    assert found == kept
    assert ("not at least" in "\n".join(lines)) == (not kept)


def test_the_table_has_a_line_for_each_variant() -> None:
    lines, _ = verdict(measured(2.0, 4.0))
    assert lines[1].startswith(RIVAL)
    assert lines[1].split()[-6:] == ["100", "10.0", "10.0", "(10.0", "to", "10.0)"]
    assert lines[3].endswith("4.0 (4.0 to 4.0), at least 3")
