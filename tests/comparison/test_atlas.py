"""The atlas: both pairs are asked, what is news is told, what is wrong is found."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from rich.cells import cell_len

from comparison.defaults import atlas as measuring
from comparison.defaults.atlas_file import is_atlas, read_atlas, write_atlas
from comparison.defaults.pack import Pack, PackError, Probe, Topic
from comparison.defaults.real import on_real
from comparison.defaults.recorded import Recorded, load_recorded, record
from comparison.defaults.results import Atlas, Probed
from comparison.report import defaults as text_report
from comparison.report import defaults_json as json_report
from comparison.report.layout import WIDTH
from comparison.run import RunError
from comparison.stacks import Stacks, load_stacks

TOY = Path(__file__).parent / "toy"
SCHEMA = Path(json_report.__file__).parent / "defaults.schema.json"
SAME = {"fastapi": "200", "express": "200"}
OTHER = {"fastapi": "200", "express": "404"}


def probed(name: str = "a/x", **more: object) -> Probed:
    given = {"bare": SAME, "layer": "server", "topic": "a", "title": "A"}
    return Probed(**{"id": name, "severity": "breaking", **given, **more})  # type: ignore[arg-type]


def atlas(*probes: Probed) -> Atlas:
    header = {
        "started": "2026-11-28T11:00:00+00:00",
        "slow": False,
        "versions": {"fastapi": {"fastapi": "2"}, "express": {"express": "5"}},
        "recorded_versions": {"fastapi": {"fastapi": "1"}},
        "machine": {},
        "probes": [one.id for one in probes],
    }
    return Atlas(header, probes, 1.5)


def toy(**names: str) -> Stacks:
    """The four servers of a measurement, each a toy with a fault, or without."""
    stacks = load_stacks(TOY / "stacks.toml")
    place = {"bare_fastapi": "right", "bare_express": "right"}
    place |= {"fastapi": "right", "express": "right", **names}
    by_name = {
        name.replace("_", "-"): dataclasses.replace(
            stacks.get(fault), name=name.replace("_", "-")
        )
        for name, fault in place.items()
    }
    return Stacks((), by_name)


def topic(*probes: Probe) -> Topic:
    return Topic(
        id="a",
        layer="server",
        title="A",
        why="B",
        severity="breaking",
        probes=probes,
    )


# Nobody in particular asks, which the toy refuses: with another status if it is wrong.
CREATE = Probe(
    name="create",
    ask="POST /v1/notes",
    json="{}",
    look=["status"],
    real="POST /v1/notes",
)
HEALTH = Probe(name="health", ask="GET /health", real="GET /health")


@pytest.mark.parametrize(
    ("names", "known", "differs", "failing"),
    [
        ({}, "", False, 0),
        ({"bare_express": "status"}, "", True, 0),
        ({"express": "status"}, "", False, 1),
        ({"express": "status"}, "It may.", False, 0),
        ({}, "It may.", False, 1),
    ],
    ids=["same", "bare differs", "real differs", "listed", "stale"],
)
def test_a_fault_is_found_on_the_pair_that_has_it(
    tmp_path: Path, names: dict[str, str], known: str, differs: bool, failing: int
) -> None:
    probe = dataclasses.replace(CREATE, known=known)
    pack = Pack([topic(probe, HEALTH)])
    means = measuring.Means(toy(**names), tmp_path)
    [create, health] = measuring.measure(pack, Recorded(), means)
    assert create.differs is differs
    found = atlas(create, health)
    assert [one.id for one in found.failures] == ["a/create"] * failing
    assert health.bare["fastapi"] == health.bare["express"]


def test_slow_probes_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    slow = dataclasses.replace(HEALTH, name="slow", slow=True)
    pack = Pack([topic(HEALTH, slow)])
    for wanted, names in ((False, ["a/health"]), (True, ["a/health", "a/slow"])):
        means = measuring.Means(toy(), tmp_path, slow=wanted)
        found = measuring.measure(pack, Recorded(), means)
        assert [one.id for one in found] == names


def test_a_probe_alone_may_end_its_process(tmp_path: Path) -> None:
    steps: list[dict[str, Any]]
    steps = [{"signal": "KILL"}, {"exit": 5}, {"fresh": "/health"}]
    alone = Probe(name="alone", alone=True, steps=steps, real=False)
    pack = Pack([topic(alone, HEALTH)])
    [found, health] = measuring.measure(
        pack, Recorded(), measuring.Means(toy(), tmp_path)
    )
    told = "ended by SIGKILL → a new connection is refused"
    assert found.bare == {"fastapi": told, "express": told}
    assert not found.real
    assert health.bare["fastapi"].startswith("200")


def test_another_outcome_than_the_recorded_one_is_news(tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    record(atlas(probed("a/x"), probed("a/y", bare=OTHER)), file)
    recorded = load_recorded(file)
    assert recorded.outcomes == {"a/x": SAME, "a/y": OTHER}
    news = probed("a/y", recorded=recorded.outcomes["a/y"])
    assert news.changed
    assert not probed("a/new").changed
    text = text_report.render(atlas(news, probed()))
    assert "changed since: 1 probe" in text
    assert "express  was 404" in text
    assert "is  200" in text
    assert "fastapi 1 → 2" in text
    assert "1 changed since" in text
    assert not atlas(news).failures, "news fail no run"


def test_what_was_not_asked_keeps_its_record(tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    record(atlas(probed("a/x"), probed("a/y"), probed("a/gone")), file)
    partly = atlas(probed("a/x", bare=OTHER), probed("a/y"))
    record(Atlas(partly.header, partly.probes[:1], 1), file)
    assert load_recorded(file).outcomes == {"a/x": OTHER, "a/y": SAME}


def test_a_damaged_record_is_told_with_what_writes_it_anew(tmp_path: Path) -> None:
    file = tmp_path / "recorded.json"
    assert load_recorded(file) == Recorded()
    file.write_text("{")
    with pytest.raises(PackError, match="--update-defaults"):
        load_recorded(file)


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "defaults.jsonl"
    written = atlas(probed(), probed("a/y", bare=OTHER, real=OTHER, known="So."))
    write_atlas(file, written)
    assert is_atlas(file)
    assert read_atlas(file) == dataclasses.replace(written, probes=[*written.probes])
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    with pytest.raises(RunError, match="cut short"):
        read_atlas(file)
    file.write_text("".join([lines[0], '{"type": "probed"}\n', lines[-1]]))
    with pytest.raises(RunError, match="another version"):
        read_atlas(file)


def test_the_report_for_programs_is_as_its_schema_says() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    text = json_report.render(atlas(probed(), probed("a/y", bare=OTHER, real=OTHER)))
    report = json.loads(text)
    jsonschema_rs.validate(schema, report)
    assert report["failed"] is True
    assert report["summary"]["layers"]["server"] == {"probes": 2, "differing": 1}
    assert report["probes"][1]["unlisted"] is True


def test_the_report_for_a_terminal_keeps_to_its_width_and_obeys_nobody() -> None:
    outcomes = {"fastapi": "x" * 300, "express": "\x1b[2J 日本語 " * 20}
    hostile = probed("a/" + "y" * 99, bare=outcomes, real=outcomes, title="T" * 70)
    text = text_report.render(atlas(hostile, probed("a/z", bare=OTHER)))
    assert "\x1b" not in text
    table = text.split("The real stacks")[0].splitlines()
    assert max(cell_len(line) for line in table) <= WIDTH
    assert max(len(line) for line in text.splitlines() if "compare.py" not in line) <= (
        WIDTH
    )
    assert "python compare.py --only defaults --case" in text


def test_a_failure_names_the_rule_and_the_places() -> None:
    see = {"fastapi": "main.py", "express": "protocol.js:STRICT"}
    wrong = probed("a/wrong", real=OTHER, rules=["P5"], see=see)
    text = text_report.render(atlas(wrong))
    assert "rules P5 of contract/README.md" in text
    assert "fastapi  python_api/main.py" in text
    assert "express  node_api/protocol.js:STRICT" in text


def test_what_was_never_recorded_is_counted() -> None:
    assert "1 never recorded" in text_report.last(atlas(probed()))
    recorded = probed(recorded=SAME)
    assert "never recorded" not in text_report.last(atlas(recorded))
    told = text_report.render(atlas(recorded))
    assert "Other versions than the recorded ones do the same" in told


def test_what_agrees_is_told_where_all_is_wanted() -> None:
    found = atlas(probed("a/agreed"), probed("a/parted", bare=OTHER))
    assert "agreed" not in text_report.render(found)
    assert "= agreed" in text_report.render(found, verbose=True)


@pytest.mark.parametrize(
    ("probe", "asked"),
    [
        (Probe(name="x", ask="GET /ping"), "GET /api/tags"),
        (Probe(name="x", ask="GET /PING/"), "GET /API/TAGS/"),
        (Probe(name="x", ask="GET /query/one?v=1e3"), "GET /api/articles?limit=1e3"),
        (Probe(name="x", ask="GET /path/text/a%2Fb"), "GET /api/profiles/a%2Fb"),
        (Probe(name="x", ask="GET /ping", real="GET /x"), "GET /x"),
        (Probe(name="x", ask="GET /ping", real=False), None),
        (Probe(name="x", ask="GET /socket/ping"), None),
        (Probe(name="x", ask="POST /form", form="a=1"), None),
    ],
)
def test_a_probe_is_asked_of_the_real_stacks_where_that_makes_sense(
    probe: Probe, asked: str | None
) -> None:
    found = on_real(probe)
    assert (found and found.ask) == asked


def test_a_value_goes_where_the_contract_has_one_of_its_kind() -> None:
    one = on_real(Probe(name="x", ask="POST /body", json='{"name": "a\\u0000"}'))
    assert one is not None
    assert one.ask == "POST /api/users/login"
    assert json.loads(one.json or "") == {
        "user": {"email": "a\0", "password": "12345678"}
    }
    broken = on_real(Probe(name="x", ask="POST /body/any", json="[1,"))
    assert broken is not None
    assert broken.json == "[1,"


def test_a_body_of_bytes_is_read_by_the_real_stacks_too() -> None:
    head = "POST /body/bytes HTTP/1.1\r\nHost: a\r\n\r\n"
    told = "POST /api/users/login HTTP/1.1\r\nContent-Type: application/json\r\n"
    found = on_real(Probe(name="x", raw=head))
    assert found is not None
    assert found.raw == f"{told}Host: a\r\n\r\n"


def test_steps_are_asked_on_other_paths_or_not_at_all() -> None:
    steps = [{"send": "GET /ping HTTP/1.1\r\n\r\n"}, {"again": "/ping"}]
    found = on_real(Probe(name="x", steps=steps))
    assert found is not None
    assert found.steps == [
        {"send": "GET /api/tags HTTP/1.1\r\n\r\n"},
        {"again": "/api/tags"},
    ]
    assert on_real(Probe(name="x", steps=[{"ask": "GET /slow"}])) is None
    assert on_real(Probe(name="x", steps=[{"handshake": "/socket/echo"}])) is None
