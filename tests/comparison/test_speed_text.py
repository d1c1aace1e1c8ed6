"""The speed for a terminal and for programs: what is certain, and what is not."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from rich.cells import cell_len

from comparison import report
from comparison.printable import COLOURS, ORDERS
from comparison.report import speed as chapter
from comparison.report import speed_json
from comparison.report.paint import ansi
from comparison.report.speed_figures import (
    figure,
    inverse,
    share,
    spread,
    times,
    within,
)
from comparison.report.speed_reading import Reading
from comparison.report.speed_words import compared, first_line, verdict
from comparison.run import RunError, RunFile, read_run
from tests.comparison import speed_sample
from tests.comparison.hostile import HOSTILE
from tests.comparison.speed_sample import sample

SCHEMA = json.loads(Path(report.__file__).with_name("speed.schema.json").read_bytes())
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
EVERY: Mapping[str, Callable[[], dict[str, Any]]] = {
    "full": sample,
    "two stacks alone": speed_sample.two_stacks_alone,
    "one stack": speed_sample.one_stack,
    "hostile": lambda: speed_sample.hostile(HOSTILE),
}


def flat(text: str) -> str:
    """A text as one line, however it was wrapped."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", EVERY)
def test_it_is_as_its_schema_says(name: str) -> None:
    text = speed_json.render(EVERY[name]())
    whole = json.loads(text)
    VALIDATOR.validate(whole)
    assert whole == EVERY[name]()
    assert not ORDERS.search(text)


def _objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [one for item in schema for one in _objects(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [one for item in schema.values() for one in _objects(item)]


def test_the_schema_lets_nothing_else_in() -> None:
    found = _objects(SCHEMA)
    named = [one for one in found if "properties" in one]
    assert len(named) > 10
    assert all(one["additionalProperties"] is False for one in named)
    mistakes: list[dict[str, Any]] = [{"form": "long"}, {"subjects": []}]
    for wrong in (*mistakes, {"extra": 1}, {"margin": -1}):
        with pytest.raises(jsonschema_rs.ValidationError):
            VALIDATOR.validate(sample() | wrong)


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", EVERY)
def test_it_fits_80_columns_and_is_the_same_without_colour(
    name: str, verbose: bool
) -> None:
    text = chapter.render(EVERY[name](), verbose=verbose)
    assert text.replace("\n", "").isprintable()
    assert not ORDERS.search(text)
    # What was made harmless afterwards is longer.
    lines = [line for line in text.splitlines() if "\\x" not in line]
    assert max(map(cell_len, lines)) <= 80
    coloured = chapter.render(EVERY[name](), ansi, verbose)
    assert COLOURS.sub("", coloured) == text


def test_nobody_is_praised() -> None:
    coloured = chapter.render(sample(), ansi, verbose=True)
    assert {*COLOURS.findall(coloured)} == {"\x1b[1m", "\x1b[0m"}
    for word in ("win", "best", "fastest", "beats", "🏆", "✓"):
        assert word not in coloured


def test_a_ratio_cannot_be_misread() -> None:
    text = flat(chapter.render(sample()))
    for said in (
        "express answers 2.67 (2.62 to 2.73) times as many requests/s as fastapi",
        "fastapi answers 1.20 (1.17 to 1.22) times as many requests/s as express",
        "no clear difference: express to fastapi 1.023 (1.003 to 1.048)",
        "express answers at least 3.17 (3.11 to 3.25) times as many",
        "express is void: status 500 instead of 201, first in request 3,214",
    ):
        assert said in text
    assert "favourite fastapi 981 ± 29 979 ± 18 express void –" in text  # noqa: RUF001


@pytest.mark.parametrize(
    "said",
    [
        "FastAPI on Uvicorn against itself: no clear difference in 12 of 12 workloads",
        "one article 70 % (69 to 72) 34 % (34 to 35)",
        "its server is ASGI on Uvicorn its server list page, 20 of 10,000 21 % (20 to",
        "express answers 1.82 (1.80 to 1.84) times as many requests per second as",
        "list page, 20 of 10,000; geometric mean 1.004 (0.994 to 1.016)",
        "fastapi 1 78 96 812 ± 39 (5×)",  # noqa: RUF001
        "bare-fastapi 1 – – –",  # noqa: RUF001
        "keeps up with 1,600 requests per second: p50 12.5 (11.9 to 13.2) ms",
        "keeps up with at least 600 requests per second",
        "kept up with none of the rates that were asked",
        "as the generator was late: 1 of 7 points",
        "at least 1.42 (1.39 to 1.45) with 2 workers instead of 1",
        "1.053 (1.032 to 1.078) with 1,000 (replies 0.6 times as long), 0.950 (0.931"
        " to 0.973) with 100,000, 0.902 (0.884 to 0.924) with 1,000,000 articles",
        "storage 105 21 % 41.4 22 %",
        "tokens 25.1 5 % –",  # noqa: RUF001
        "No profile of list page, 20 of 10,000, express: no profiler could be",
        "24,100 (23,600 to 24,700) requests per second from a server that does nothing",
        "processors: 2",
        "! The processor's frequency could not be held still.",
        "12 workloads, 9 clearly different, 2 with no clear difference, 1 void, 112 s",
    ],
)
def test_all_of_a_measurement_is_told(said: str) -> None:
    assert said in flat(chapter.render(sample()))


def test_what_was_not_measured_is_not_told() -> None:
    text = chapter.render(speed_sample.two_stacks_alone())
    assert "No stack was measured against itself." in text
    for word in (
        "Memory",
        "Latency at",
        "Growth",
        "µs of one",
        "share of what",
        "None",
    ):
        assert word not in text
    alone = chapter.render(speed_sample.one_stack())
    assert alone.endswith("\n1 workload, 112 s\n")


def test_of_points_that_are_all_disturbed_nothing_is_said() -> None:
    speed = sample()
    for point in speed["curves"][0]["points"]:
        point["disturbed"] = True
    text = flat(chapter.render(speed))
    assert "Nothing is known of FastAPI on Uvicorn: the generator was late" in text


def test_figures_are_whole_whatever_names_are_long() -> None:
    speed = json.loads(
        json.dumps(sample()).replace('"fastapi"', '"a-stack-with-a-long-name"')
    )
    lines = chapter.render(speed).splitlines()
    [row] = [line for line in lines if line.startswith("  one article  ")]
    assert flat(row) == "one article a-stack-with-a-… 1,910 ± 57 502 ± 9.0"


def test_verbose_has_every_figure() -> None:
    speed, text = sample(), flat(chapter.render(sample(), verbose=True))
    for workload in speed["workloads"]:
        for one in workload["measures"]:
            if not one["void"]:
                assert spread(one["throughput"]) in text
                assert all(figure(ms) in text for ms in one["latency"].values())
            assert f"{one['subject']} {one['requests']:,} in 6 rounds" in text
        for one in workload["ratios"]:
            either = (times(one["ratio"]), times(inverse(one["ratio"])))
            assert any(said in text for said in either)
    for curve in speed["curves"]:
        assert all(spread(point["p99"]) in text for point in curve["points"])
    for growth in speed["growths"]:
        assert all(spread(step["throughput"]) in text for step in growth["steps"])
    assert "4.0 % storage: function 2 a/file/fastapi2" in text


def test_a_bound_turns_with_its_ratio() -> None:
    reading = Reading(sample())
    tags = next(one for one in sample()["workloads"] if one["name"] == "tags")
    told = reading.ratio(tags, "express", "fastapi")
    turned = reading.ratio(tags, "fastapi", "express")
    assert told
    assert turned
    assert (told.bound, turned.bound) == ("at least", "at most")
    assert (told.verdict, turned.verdict) == ("faster", "slower")
    assert compared(turned, str) == compared(told, str)
    both = {**tags, "measures": [{**m, "at_least": True} for m in tags["measures"]]}
    neither = reading.ratio(both, "express", "fastapi")
    assert neither
    assert compared(neither, str).startswith("both reached the ceiling")
    assert verdict(neither).startswith("both reached the ceiling")
    cost = reading.ratio(tags, "express", "fastapi", "cpu")
    assert cost
    assert (cost.bound, verdict(cost)) == ("", "less")


def test_the_first_screen_has_a_line_that_ranks_nobody() -> None:
    assert first_line(sample()) == (
        "list page, 20 of 10,000: FastAPI on Uvicorn 812 ± 24, Express on Node"
        " 1,530 ± 46 requests per second"
    )
    speed = speed_sample.two_stacks_alone()
    for workload in speed["workloads"]:
        workload["measures"][0] |= {"void": "a reason", "throughput": None}
    assert first_line(speed) == ""
    assert "a reason" in chapter.render(speed)


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1912.4, 1861.0, 1969.9, ("1,910 ± 58", "1,910 (1,860 to 1,970)")),
        (99.96, 99.0, 101.2, ("100 ± 1.2", "100 (99.0 to 101)")),
        (0.0412, 0.04, 0.05, ("0.0412 ± 0.0088", "0.0412 (0.0400 to 0.0500)")),
        (0.0, 0.0, 0.0, ("0 ± 0", "0 (0 to 0)")),
    ],
)
def test_no_more_digits_than_there_are(
    value: float, low: float, high: float, said: tuple[str, str]
) -> None:
    one = {"value": value, "low": low, "high": high}
    assert (within(one), spread(one)) == said


@pytest.mark.parametrize(
    ("value", "low", "high", "said", "part"),
    [
        (1.002, 0.99, 1.012, "1.002 (0.990 to 1.012)", "100 % (99 to 101)"),
        (2.671, 2.58, 2.76, "2.67 (2.58 to 2.76)", "267 % (258 to 276)"),
        (31.21, 30, 32, "31.2 (30.0 to 32.0)", "3121 % (3000 to 3200)"),
        (0.5, 0, 1, "0.50 (0.00 to 1.00)", "50 % (0 to 100)"),
    ],
)
def test_ratios_and_shares(
    value: float, low: float, high: float, said: str, part: str
) -> None:
    one = {"value": value, "low": low, "high": high}
    assert (times(one), share(one)) == (said, part)
    assert times(inverse(one))


def test_a_run_file_may_hold_it(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with RunFile(path, {}) as file:
        file.add_speed(sample())
        file.finish({"seconds": 1})
    assert read_run(path).speed == sample()
    with RunFile(path, {}) as file:
        file.finish({"seconds": 1})
    assert read_run(path).speed is None


@pytest.mark.parametrize(
    ("speed", "said"), [(None, "damaged"), ({"version": 0}, "of another version")]
)
def test_a_run_file_holds_no_other(tmp_path: Path, speed: Any, said: str) -> None:
    path = tmp_path / "run.jsonl"
    with RunFile(path, {}) as file:
        file.add_speed(speed)
        file.finish({"seconds": 1})
    with pytest.raises(RunError, match=said):
        read_run(path)
