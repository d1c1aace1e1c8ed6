"""A measurement of speed as the engine would write it down, for tests of what reads it.

Its figures are invented: nothing here was measured.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from comparison.speed.record import (
    Curve,
    Generator,
    Growth,
    Interval,
    Measure,
    Point,
    Ratio,
    Resources,
    Speed,
    Step,
    Subject,
    Verdict,
    Workload,
)

MARGIN = 0.03
SUBJECTS = (
    Subject("fastapi", "FastAPI on Uvicorn", "stack"),
    Subject("express", "Express on Node", "stack"),
    Subject("fastapi-again", "FastAPI on Uvicorn, again", "control", "fastapi"),
    Subject("express-again", "Express on Node, again", "control", "express"),
    Subject("bare-fastapi", "FastAPI", "reference", "fastapi", "framework"),
    Subject("starlette", "Starlette", "reference", "fastapi", "toolkit"),
    Subject("asgi", "ASGI on Uvicorn", "reference", "fastapi", "server"),
    Subject("bare-express", "Express", "reference", "express", "framework"),
    Subject("node-http", "node:http", "reference", "express", "server"),
)
# How many times as fast as its stack each reference is, and a second process of it.
BESIDE = {
    "fastapi-again": ("fastapi", 1.004),
    "express-again": ("express", 0.991),
    "bare-fastapi": ("fastapi", 1.42),
    "starlette": ("fastapi", 2.9),
    "asgi": ("fastapi", 4.8),
    "bare-express": ("express", 1.31),
    "node-http": ("express", 2.4),
}


MEASURED = [one.name for one in SUBJECTS if one.role != "reference"]
REFERENCES = [one.name for one in SUBJECTS if one.role == "reference"]


class Kind(NamedTuple):
    """A workload: what either stack answers per second, and whether it writes."""

    name: str
    title: str
    operations: Sequence[str]
    fastapi: float
    express: float
    writes: bool = False


KINDS = (
    Kind("list", "list page, 20 of 10,000", ["listArticles"], 812, 1530),
    Kind("tagged", "list page by tag", ["listArticles"], 790, 1498),
    Kind("feed", "feed of a user", ["getFeed"], 640, 655),
    Kind("article", "one article", ["getArticle"], 1912, 5104),
    Kind("tags", "tags", ["listTags"], 2650, 8410),
    Kind(
        "comments",
        "article with comments",
        ["getArticle", "listComments"],
        1544,
        3920,
    ),
    Kind("create", "create an article", ["createArticle"], 702, 688, True),
    Kind("favourite", "favourite", ["favoriteArticle"], 981, 1204, True),
    Kind("login", "login", ["login"], 21.4, 17.9),
    Kind("missing", "an article that is not there", ["getArticle"], 2304, 7702),
    Kind("invalid", "an article that is not valid", ["createArticle"], 2410, 6120),
    Kind("mix", "mix of a reading public", ["listArticles", "getArticle"], 1120, 2470),
)
VOID = "status 500 instead of 201, first in request 3,214"


def sample(**other: Any) -> dict[str, Any]:
    """A whole measurement, in which every field is used, as read from a file."""
    given: dict[str, Any] = {
        "form": "full",
        "started": "2026-01-31T12:00:00+00:00",
        "seconds": 112.4,
        "seed": 1,
        "confidence": 0.95,
        "margin": MARGIN,
        "machine": {
            "system": "Linux-6.1-x86_64",
            "processor": "A processor of some kind",
            "processors": 2,
            "governor": None,
        },
        "rows": {"articles": 10000, "users": 1000, "comments": 25000},
        "generator": Generator("loadgen", "1.2.3", 32, _around(24100, 0.02)),
        "subjects": SUBJECTS,
        "workloads": [_workload(kind, MEASURED) for kind in KINDS],
        "overall": [*_means()],
        "references": [
            _workload(kind, ["fastapi", "express", *REFERENCES])
            for kind in KINDS
            if kind.name in {"list", "article"}
        ],
        "curves": [*_curves()],
        "resources": [*_resources()],
        "growths": [*_growths()],
        "breakdowns": [*_breakdowns()],
        "notes": ["The processor's frequency could not be held still."],
    }
    read: dict[str, Any] = json.loads(json.dumps(Speed(**given | other).as_json()))
    return read


def two_stacks_alone() -> dict[str, Any]:
    """The least that can be measured: no controls, no references, nothing beside."""
    kinds = [kind for kind in KINDS if kind.name in {"list", "article"}]
    workloads = [_workload(kind, ["fastapi", "express"]) for kind in kinds]
    return sample(
        form="quick",
        subjects=SUBJECTS[:2],
        workloads=workloads,
        rows={},
        machine={},
        **dict.fromkeys(("overall", "references", "curves", "resources"), ()),
        **dict.fromkeys(("growths", "breakdowns", "notes"), ()),
    )


def one_stack() -> dict[str, Any]:
    """A stack that was measured alone."""
    alone = dict.fromkeys(("overall", "references", "curves", "growths"), ())
    workloads = [_workload(KINDS[3], ["fastapi"])]
    return sample(subjects=SUBJECTS[:1], workloads=workloads, **alone)


def retold(value: Any, say: Callable[[str], str]) -> Any:
    """The same, in which every text of others is what `say` makes of it."""
    if isinstance(value, str):
        return say(value)
    if isinstance(value, list):
        return [retold(one, say) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        (say(key) if key in FREE else key): one if key in KEPT else retold(one, say)
        for key, one in value.items()
    }


# What is of our own making, and what a page finds its own operations by.
KEPT = {
    *("form", "started", "role", "layer", "verdict", "quantity", "over"),
    "operations",
}
# Of a machine and of the rows the names are free, too.
FREE = {"system", "users"}


def hostile(texts: Sequence[str]) -> dict[str, Any]:
    """A measurement whose every name, title and note is one of these texts."""
    given: dict[str, str] = {}

    def say(text: str) -> str:
        number = len(given)
        return given.setdefault(text, f"{texts[number % len(texts)][:2000]}{number}")

    told: dict[str, Any] = retold(sample(), say)
    return told


def _around(value: float, part: float = 0.025) -> Interval:
    """An interval that is a little wider above than below."""
    return Interval(value, value * (1 - part), value * (1 + part * 1.2))


def _rate(kind: Kind, name: str) -> float:
    base, times = BESIDE.get(name, (name, 1.0))
    return times * (kind.fastapi if base == "fastapi" else kind.express)


def _workload(kind: Kind, names: Sequence[str]) -> Workload:
    measures = [_measure(kind, name) for name in names]
    bad = {one.subject for one in measures if one.void}
    pairs = [pair for pair in _pairs(names) if not bad & {*pair}]
    ratios = [ratio for pair in pairs for ratio in _ratios(kind, *pair)]
    return Workload(
        name=kind.name,
        title=kind.title,
        operations=kind.operations,
        writes=kind.writes,
        ceiling=None if kind.writes else 11_900.0,
        measures=measures,
        ratios=ratios,
    )


def _measure(kind: Kind, name: str) -> Measure:
    rate = _rate(kind, name)
    bad = kind.name == "favourite" and name == "express"
    return Measure(
        subject=name,
        requests=int(rate * 6),
        rounds=6,
        throughput=None if bad else _around(rate),
        at_least=kind.name == "tags" and name == "express",
        latency={}
        if bad
        else {"p50": 2.8e4 / rate, "p90": 4e4 / rate, "p99": 9e4 / rate},
        cpu=None if bad or kind.name == "mix" else _around(0.96e6 / rate, 0.015),
        void=VOID if bad else None,
    )


def _pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each stack to the first, each control to its stack, each stack to references."""
    if "express" in names:
        yield "express", "fastapi"
    for name in names:
        if name in BESIDE:
            base = BESIDE[name][0]
            yield (name, base) if name.endswith("again") else (base, name)


def _ratios(kind: Kind, name: str, to: str) -> Iterator[Ratio]:
    ratio = _rate(kind, name) / _rate(kind, to)
    yield Ratio(name, to, "throughput", _around(ratio, 0.02), _verdict(ratio))
    if kind.name != "mix":
        cost = _around(1 / ratio, 0.012)
        yield Ratio(name, to, "cpu", cost, _verdict(ratio))


def _means() -> Iterator[Ratio]:
    for name, to, mean in (
        ("express", "fastapi", 1.82),
        ("fastapi-again", "fastapi", 1.004),
        ("express-again", "express", 0.991),
    ):
        yield Ratio(name, to, "throughput", _around(mean, 0.01), _verdict(mean))
        yield Ratio(name, to, "cpu", _around(1 / mean, 0.01), _verdict(mean))


def _verdict(ratio: float) -> Verdict:
    if abs(ratio - 1) <= MARGIN:
        return "no clear difference"
    return "faster" if ratio > 1 else "slower"


def _curves() -> Iterator[Curve]:
    for name, knee in (("fastapi", 1600.0), ("express", 4800.0)):
        shares = (0.125, 0.25, 0.5, 0.75, 1, 1.2, 1.4)
        points = [_point(knee, share, name) for share in shares]
        yield Curve("article", name, points, knee)
    points = [_point(600, share, "fastapi") for share in (0.25, 0.5, 1)]
    yield Curve("list", "fastapi", points, 600.0)
    yield Curve("list", "express", points[2:], None)


def _point(knee: float, share: float, name: str) -> Point:
    rate = knee * share
    kept = min(rate, knee * 1.03)
    wait = 1e3 / knee / max(0.03, 1.05 - share) if share < 1.1 else 90 * share
    disturbed = name == "express" and share == 0.75
    return Point(
        rate=rate,
        achieved=kept,
        p50=_around(wait, 0.05),
        p99=_around(wait * 3.2, 0.2),
        lag=3.4 if disturbed else 0.2,
        disturbed=disturbed,
    )


def _resources() -> Iterator[Resources]:
    yield Resources("fastapi", 78.2, 96.4, _around(812, 0.04), 5, 1)
    yield Resources("express", 61.0, 143.5, _around(298, 0.06), 5, 1)
    yield Resources("bare-fastapi", None, None, None, 0, 1)


def _growths() -> Iterator[Growth]:
    short = "Only two cores are there, and the load generator takes of them, too."
    for name, gain in (("fastapi", 1.42), ("express", 1.21)):
        steps = [_step(1, 1900, 1), _step(2, 1900, gain)]
        yield Growth("workers", "article", name, 1, steps, short)
    for name, loss in (("fastapi", 0.99), ("express", 0.95)):
        sizes = (1_000, 10_000, 100_000, 1_000_000)
        steps = [_step(at, 800, loss ** (n - 1)) for n, at in enumerate(sizes)]
        yield Growth("articles", "list", name, 10_000, steps)


def _step(at: int, first: float, ratio: float) -> Step:
    cpu = None if at == 2 else _around(0.96e6 / first / ratio, 0.02)
    reply = 4_210 if at == 1_000 else 6_840
    return Step(
        at, _around(first * ratio), _around(ratio, 0.02), cpu, reply, ratio > 1.4
    )


SHARES: Mapping[str, Mapping[str, float]] = {
    "fastapi": {
        "server": 0.12,
        "framework": 0.24,
        "validation": 0.09,
        "serialisation": 0.11,
        "storage": 0.21,
        "tokens": 0.05,
        "handlers": 0.06,
        "runtime": 0.1,
        "other": 0.02,
    },
    "express": {
        "server": 0.31,
        "framework": 0.14,
        "validation": 0.04,
        "serialisation": 0.08,
        "storage": 0.22,
        "handlers": 0.05,
        "runtime": 0.16,
    },
}


def _breakdowns() -> Iterator[Mapping[str, Any]]:
    for name, cost in (("fastapi", 502.0), ("express", 188.0)):
        yield {
            "subject": name,
            "workload": "article",
            "profiler": f"a profiler of {name} 0.4",
            "samples": 4210,
            "requests": 8000,
            "us_per_request": cost,
            "layers": [
                {"layer": layer, "share": share, "us": share * cost}
                for layer, share in SHARES[name].items()
            ],
            "functions": [
                {
                    "name": f"function {number}",
                    "file": f"a/file/{name}{number}",
                    "layer": "storage",
                    "share": 0.08 / number,
                }
                for number in (1, 2, 3)
            ],
            "note": "Native code is counted with what calls it.",
        }
    note = "no profiler could be started: it may not look into another process"
    yield {"subject": "express", "workload": "list", "note": note}
