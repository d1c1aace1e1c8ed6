"""The probe pack: every probe can be asked, and every difference is explained."""

import re
from pathlib import Path

import pytest

from comparison.defaults.pack import FOLDER, FOLDERS, Pack, PackError, Topic, load_pack
from comparison.defaults.real import on_real
from comparison.defaults.recorded import load_recorded
from comparison.stacks import ROOT

PACK = load_pack()
RECORDED = load_recorded()
RULES = (ROOT / "contract" / "README.md").read_text(encoding="utf-8")


def _differing(topic: Topic) -> list[str]:
    names = [f"{topic.id}/{probe.name}" for probe in topic.probes]
    return [
        name for name in names if len(set(RECORDED.outcomes.get(name, {}).values())) > 1
    ]


def test_it_is_as_large_as_it_is_said_to_be() -> None:
    names = [name for name, _, _ in PACK]
    assert len(names) >= 300
    assert len(set(names)) == len(names)
    assert sum(len(_differing(topic)) for topic in PACK.topics) >= 120


def test_every_probe_is_recorded() -> None:
    recorded = [name for name, _, _ in PACK if name in RECORDED.outcomes]
    assert recorded == [name for name, _, _ in PACK]
    assert [*RECORDED.outcomes] == recorded


@pytest.mark.parametrize("topic", PACK.topics, ids=lambda topic: topic.id)
def test_a_difference_has_its_cause_and_its_cure(topic: Topic) -> None:
    assert topic.why
    if _differing(topic):
        assert topic.cause, f"{topic.id} differs, and nothing says why"
        assert {"fastapi", "express"} == set(topic.cure)
    else:
        assert not topic.guide, f"{topic.id} does not differ: the guide cannot tell it"


@pytest.mark.parametrize("topic", PACK.topics, ids=lambda topic: topic.id)
def test_what_it_refers_to_is_there(topic: Topic) -> None:
    for rule in topic.rules:
        assert f"| **{rule}** |" in RULES, f"there is no rule {rule}"
    for side, where in topic.see.items():
        file, _, name = where.partition(":")
        text = (ROOT / FOLDERS[side] / file).read_text(encoding="utf-8")
        assert re.search(rf"\b{re.escape(name)}\b", text), f"{file} has no {name}"


def test_most_probes_are_asked_of_the_real_stacks_too() -> None:
    asked = [probe for _, _, probe in PACK if on_real(probe) is not None]
    assert len(asked) >= len(list(PACK)) / 3


def _pack_of(tmp_path: Path, text: str) -> Pack:
    for layer in FOLDER.glob("*.toml"):
        (tmp_path / layer.name).write_text("")
    (tmp_path / "server.toml").write_text(text)
    return load_pack(tmp_path)


TOPIC = """
[[topic]]
id = "a"
title = "A"
why = "B"
severity = "breaking"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{TOPIC}probes = [", "not TOML"),
        (TOPIC, "topic 'a': 'probes'"),
        (f'{TOPIC}probes = [{{ name = "x" }}]', "one of ask, raw and steps"),
        (
            f'{TOPIC}probes = [{{ name = "x", ask = "GET /", raw = "x" }}]',
            "one of ask, raw and steps",
        ),
        (
            f'{TOPIC}probes = [{{ name = "x", ask = "GET /" }}, '
            '{ name = "x", ask = "GET /" }]',
            "two probes have one name",
        ),
        (f'{TOPIC}probes = [{{ name = "x", aks = "GET /" }}]', "aks"),
        (f'{TOPIC}probes = []\ncure = {{ django = "x" }}', "no side django"),
        (f"{TOPIC.replace('breaking', 'bad')}probes = []", "severity is one of"),
        (f"{TOPIC}probes = []{TOPIC}probes = []", "two topics a"),
        (f'{TOPIC}probes = [{{ name = "x", steps = [{{ sned = "a" }}] }}]', "sned"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(PackError, match=re.escape(message)):
        _pack_of(tmp_path, text)


def test_a_folder_without_a_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read"):
        load_pack(tmp_path)


def test_probes_are_selected_by_id_topic_layer_severity_and_rule(
    tmp_path: Path,
) -> None:
    pack = _pack_of(
        tmp_path,
        f'{TOPIC}rules = ["P1"]\nprobes = [{{ name = "x", ask = "GET /" }}, '
        '{ name = "y", ask = "GET /" }]',
    )

    def names(select: list[str], ignore: list[str] | None = None) -> list[str]:
        return [name for name, _, _ in pack.only(select, ignore or [])]

    assert names([]) == ["a/x", "a/y"]
    assert names(["a/x"]) == ["a/x"]
    assert names(["a"], ["*/x"]) == ["a/y"]
    for glob in ("server", "breaking", "P1"):
        assert len(names([glob])) == 2
    assert names(["cosmetic"]) == []
