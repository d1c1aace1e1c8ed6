"""The guide "From Express to FastAPI, and back", made of the pack and its recording."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from comparison.defaults.pack import SIDES, Pack, PackError, Probe, Topic
from comparison.defaults.recorded import Recorded
from comparison.defaults.results import Outcomes
from comparison.output import replace_file
from comparison.printable import printable

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = ROOT / "docs" / "from-express-to-fastapi-and-back.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- measured defaults -->", "<!-- /measured defaults -->"
IN_README = (
    *("sigterm/a request in flight", "head-size/a header of 17 kB"),
    *("head/of a route", "wrong-method/DELETE", "options/of a route"),
    *("trailing-slash/one", "path-case/all", "path-escapes/escaped slash"),
    *("path-escapes/not UTF-8", "exception/what it tells", "failure-later/in a timer"),
    *("body-size/one byte more", "valid-boolean-query/false"),
    *("valid-number-empty/empty", "lang-json-not-a-number/NaN", "media-type/JSON"),
)
TITLES = {"fastapi": "FastAPI", "express": "Express"}
FOLDERS = {"fastapi": "python_api", "express": "node_api"}
MOST_ROWS = 6
LONGEST = 90
HEAD = """\
# From Express to FastAPI, and back

What a developer who moves between the two is bitten by, because nobody wrote it down: \
{count} habits that differ when you decide nothing. Every answer here was measured on \
bare applications ([python_api/bare.py](../python_api/bare.py), \
[node_api/bare.js](../node_api/bare.js)) with default settings:

{versions}

This page is generated from the probe pack \
([comparison/defaults/pack](../comparison/defaults/pack)) and its last recording; \
`python compare.py --only defaults` measures all of it again, these and {others} \
probes more, and `--update-defaults` writes this page anew. An arrow (→) parts what \
happened one after the other, a dot (·) what was looked at in one reply; \
`<x*1000>` stands for a thousand x. The two \
stacks of this repository follow [one contract](../contract/README.md) instead of \
their defaults; the cure says where to look.
"""


def write_guide(pack: Pack, recorded: Recorded) -> None:
    """Write the guide, and the table of the README, in place of those there are."""
    replace_file(GUIDE, guide(pack, recorded))
    before, begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PackError(f"{README} has no place for the table: {BEGIN} and {END}.")
    table = f"{BEGIN}\n{readme_table(pack, recorded)}\n{END}"
    replace_file(README, f"{before}{table}{after}")


def readme_table(pack: Pack, recorded: Recorded) -> str:
    """The few probes that the README shows, as a table of Markdown."""
    lines = ["| asked | FastAPI | Express | rule |", "|---|---|---|---|"]
    for name, topic, probe in pack:
        if name in IN_README:
            row = _row(_asked(probe, topic), recorded.outcomes[name])
            lines.append(f"{row} {', '.join(topic.rules)} |")
    return "\n".join(lines)


def guide(pack: Pack, recorded: Recorded) -> str:
    """The guide as Markdown that ends with a newline."""
    topics = [topic for topic in pack.topics if topic.guide]
    told = [(topic, _rows(topic, recorded)) for topic in topics]
    told = [(topic, rows) for topic, rows in told if rows]
    shown = sum(len(rows) for _, rows in told)
    parts = [
        HEAD.format(
            count=len(told),
            versions=_versions(recorded),
            others=len(list(pack)) - shown,
        ),
        _contents([topic for topic, _ in told]),
        *(_topic(n, topic, rows) for n, (topic, rows) in enumerate(told, 1)),
    ]
    return "\n".join(parts)


def _versions(recorded: Recorded) -> str:
    lines = []
    for side in SIDES:
        found = recorded.versions.get(side, {})
        said = ", ".join(f"{name} {version}" for name, version in found.items())
        lines.append(f"- **{TITLES[side]}**: {said}")
    return "\n".join(lines)


def _contents(topics: list[Topic]) -> str:
    layers: dict[str, list[str]] = {}
    for number, topic in enumerate(topics, 1):
        link = f"[{topic.title}](#{_anchor(number, topic)})"
        layers.setdefault(topic.layer, []).append(link)
    lines = [f"- **{layer}**: {' · '.join(links)}" for layer, links in layers.items()]
    return "\n".join([*lines, ""])


def _anchor(number: int, topic: Topic) -> str:
    """As GitHub makes one of a heading."""
    heading = f"{number} {topic.title}".lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def _rows(topic: Topic, recorded: Recorded) -> list[tuple[Probe, Outcomes]]:
    """The probes that tell the most: those that differ, the first few."""
    found = [
        (probe, recorded.outcomes.get(f"{topic.id}/{probe.name}", {}))
        for probe in topic.probes
    ]
    differing = [(p, o) for p, o in found if len(set(o.values())) > 1]
    return differing[:MOST_ROWS]


def _topic(number: int, topic: Topic, rows: list[tuple[Probe, Outcomes]]) -> str:
    return "\n".join(
        [
            f"## {number} {topic.title}",
            "",
            _prose(topic.why),
            "",
            "| asked | FastAPI | Express |",
            "|---|---|---|",
            *(_row(_asked(probe), outcomes) for probe, outcomes in rows),
            "",
            f"**Why.** {_prose(topic.cause)}",
            "",
            *_cures(topic),
            *_rules(topic),
        ]
    )


def _row(asked: str, outcomes: Outcomes) -> str:
    cells = [asked, *(_code(outcomes[side] or "nothing") for side in SIDES)]
    return f"| {' | '.join(cells)} |"


def _asked(probe: Probe, topic: Topic | None = None) -> str:
    """What was sent, where that is short enough to be read; else how it is called."""
    parts = [probe.ask, *probe.headers]
    parts += [text for text in (probe.json, probe.form, probe.body) if text is not None]
    said = " · ".join(parts)
    if probe.ask and len(said) <= LONGEST:
        return _code(said)
    name = probe.name if topic is None else f"{topic.title}: {probe.name}"
    named = (step.get("handshake") or step.get("ask") for step in probe.steps)
    first = next((asked for asked in named if asked), "")
    where = f" ({_code(first)})" if first and topic is None else ""
    return _prose(name).replace("|", "\\|") + where


def _code(text: str) -> str:
    """`text` as code in a cell, of which no character means anything else."""
    # A line end, of a body for example, would be the end of the row.
    said = printable(text, keep="")
    said = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    said = said.replace("|", "\\|")
    mark = "``" if "`" in said else "`"
    space = " " if said.startswith(("`", " ")) or said.endswith(("`", " ")) else ""
    return f"{mark}{space}{said}{space}{mark}"


def _prose(text: str) -> str:
    """Text of which nothing but what stands in backticks means anything to Markdown."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def _cures(topic: Topic) -> Iterator[str]:
    for side in SIDES:
        if side in topic.cure:
            where = _where(side, topic.see)
            yield f"- **{TITLES[side]}**: {_prose(topic.cure[side])}{where}"
    yield ""


def _where(side: str, see: Mapping[str, str]) -> str:
    if side not in see:
        return ""
    file, _, name = see[side].partition(":")
    path = f"{FOLDERS[side]}/{file}"
    label = f"`{name}` in {path}" if name else path
    return f" See [{label}](../{path})."


def _rules(topic: Topic) -> list[str]:
    if not topic.rules:
        return []
    named = ", ".join(topic.rules)
    return [f"Here: rule {named} of [the contract](../contract/README.md).", ""]
