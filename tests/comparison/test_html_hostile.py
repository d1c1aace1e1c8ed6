"""The page: whatever others wrote, in any place, makes no element and no attribute."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from comparison.defaults.pack import Probe, Topic
from comparison.defaults.results import Probed
from comparison.report.page import page
from comparison.report.page.appendix import Appendix, Habit
from comparison.report.page.backticks import prose
from tests.comparison import hostile
from tests.comparison.parsed_page import parsed


def source(name: str, file: str, text: str, language: str) -> dict[str, Any]:
    lines = {"line": 1, "first": 1, "last": text.count("\n") + 1}
    kind = {"name": name, "kind": "handler", "file": file, "language": language}
    return {**kind, **lines, "text": text}


def code(say: Callable[[int], str]) -> dict[str, Any]:
    """The chapter of the code, of which `say` makes every text."""
    both = {
        "left": source(say(0), say(1), say(2), "python"),
        "right": source(say(3), say(4), say(5), "none"),
    }
    alone = {"left": [both["left"]], "right": []}
    shared = [{"name": say(6), "sources": {"right": {**both["right"], "line": 9}}}]
    return {
        "sides": ["left", "right"],
        "operations": [
            {"name": name, "sources": both, "request": say(7), "lacking": say(8)}
            for name in ("getItem", "listItems")
        ],
        "parts": [
            {"name": say(9), "files": {"a": say(1)}, "shared": shared, "alone": alone}
        ],
        "notes": [say(4)],
    }


def drift(say: Callable[[int], str]) -> list[dict[str, Any]]:
    """The chapter of the drift, of which `say` makes every text."""
    kinds = ("missing", "beyond", "against")
    drifts = [
        {"where": [say(n), say(n + 1)], "kind": kind, "limit": n == 1}
        | {"contract": say(n + 2), "document": say(n + 3), "operations": ["getItem"]}
        for n, kind in enumerate(kinds)
    ]
    names = {"contract": say(0), "document": say(1)}
    group = {"operations": [say(2)], "places": [say(3)], "drifts": drifts}
    groups = [
        {"about": "schema", "schema": names, **group},
        {"about": "responses", "schema": None, **group},
    ]
    found = {"compared": 3, "left": 2, "whole": False, "groups": groups}
    return [{"stack": say(4), "source": say(5), "note": say(6), **found}]


def told(say: Callable[[int], str]) -> Appendix:
    """An appendix of which `say` makes every text."""
    topic = Topic(
        id=say(1),
        layer=say(2),
        title=say(3),
        why=say(4),
        severity=say(5),
        cause=say(6),
        cure={say(0): say(1)},
        probes=[Probe(name="a")],
    )
    outcomes = {"fastapi": say(7), "express": say(8)}
    probes = [Probed(f"a/{say(0)}", say(1), say(2), say(3), say(4), outcomes)]
    concepts = [[prose(say(n)) for n in (0, 1, 2)] for _ in range(2)]
    return Appendix(
        [Habit(topic, probes)], say(0), {say(0): {say(1): say(2)}}, concepts
    )


def bad_run(texts: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a run that consists of these texts."""
    monkeypatch.setattr(hostile, "HOSTILE", texts)
    run = hostile.hostile_run()

    def say(number: int) -> str:
        return texts[number % len(texts)][:300]

    run.header |= {"code": code(say), "drift": drift(say)}
    run.header["contract_rules"] = {text: text[:300] for text in texts}
    run.header |= {"config": texts[0], "machine": {texts[1]: texts[2]}}
    run.header["rules"] = [
        dict.fromkeys(("rule", "operation", "where", "reason"), text) for text in texts
    ]
    return page.render(run, None, told(say))


def _tree(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The elements without what colours and marks a text."""
    for tag, attributes in parsed(text).elements:
        kinds = attributes.get("class", "")
        if tag not in {"mark", "code", "span"} or "command" in kinds:
            yield tag, tuple(attributes)


def test_hostile_texts_make_no_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = hostile.HOSTILE
    bad = bad_run(texts, monkeypatch)
    plain = [f"word{number} and another" for number in range(len(texts))]
    assert [*_tree(bad)] == [*_tree(bad_run(plain, monkeypatch))]
    inner = parsed(bad)
    assert len(inner.all("script")) == len(inner.all("style")) == 1
    assert "<img src=x onerror=alert(1)>" in inner.text
    assert "&lt;b&gt; &#x3c;script&#62;" in inner.text
    for _, attributes in inner.elements:
        assert "alert(1)" not in " ".join(attributes.values())
