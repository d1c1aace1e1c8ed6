"""The guide "From Express to FastAPI, and back", made of the pack and its recording."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from comparison.defaults.pack import FOLDERS, SIDES, Pack, PackError, Probe, Topic
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
# A table has one row of each difference, but so many at most, and at least.
MOST_ROWS, FEWEST_ROWS = 6, 3
# Of what was sent, and of what came back.
LONGEST, WIDEST = 90, 160
LAYER_TITLES = {
    "server": "The server",
    "framework": "The framework",
    "validation": "Validation",
    "language": "The language",
    "websocket": "WebSockets",
}
HEAD = """\
# From Express to FastAPI, and back

What bites a developer who moves between the two, because nobody wrote it down: \
{count} habits that differ unless you decide. Every answer here was measured on bare \
applications ([python_api/bare.py](../python_api/bare.py), \
[node_api/bare.js](../node_api/bare.js)) with default settings:

{versions}

This page is generated from the probe pack \
([comparison/defaults/pack](../comparison/defaults/pack)) and its last recording. \
`python compare.py --only defaults` measures all of it again, these and {others} more \
probes, and `--update-defaults` writes this page anew. The two stacks of this \
repository follow [one contract](../contract/README.md) instead of their defaults; \
each cure says where in them to look. To try things yourself: `uv run uvicorn \
bare:app` in `python_api`, `node bare.js` in `node_api`.

In the tables → separates what happened one after the other, and · what was looked at \
in one reply. *refused* is any status from 400 to 499, *silent* is no answer within \
three seconds, *closed* the end of the connection without one, and *lost* the end of a \
WebSocket without a close frame; *no allow* is a reply without that header. \
`<x*1000>` stands for a thousand x, and `<host>` for the server's address.
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
    others = len(list(pack)) - shown
    versions = _versions(recorded)
    parts = [HEAD.format(count=len(told), versions=versions, others=f"{others:,}")]
    parts.append(_contents([topic for topic, _ in told]))
    layer = ""
    for number, (topic, rows) in enumerate(told, 1):
        if topic.layer != layer:
            layer = topic.layer
            parts.append(f"## {LAYER_TITLES[layer]}\n")
        parts.append(_topic(number, topic, rows))
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
    lines = [
        f"- **{LAYER_TITLES[layer]}**: {' · '.join(links)}"
        for layer, links in layers.items()
    ]
    return "\n".join([*lines, ""])


def _anchor(number: int, topic: Topic) -> str:
    """As GitHub makes one of a heading."""
    heading = f"{number} {topic.title}".lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def _rows(topic: Topic, recorded: Recorded) -> list[tuple[Probe, Outcomes]]:
    """The probes that tell the most: one of each difference, then more of the same."""
    found = [
        (probe, recorded.outcomes.get(f"{topic.id}/{probe.name}", {}))
        for probe in topic.probes
    ]
    differing = [(p, o) for p, o in found if len(set(o.values())) > 1]
    first = {tuple(o.values()): p.name for p, o in reversed(differing)}
    telling = [(p, o) for p, o in differing if p.name in first.values()]
    alike = [one for one in differing if one not in telling]
    chosen = telling[:MOST_ROWS] + alike[: max(FEWEST_ROWS - len(telling), 0)]
    return [one for one in differing if one in chosen]


def _topic(number: int, topic: Topic, rows: list[tuple[Probe, Outcomes]]) -> str:
    return "\n".join(
        [
            f"### {number} {topic.title}",
            "",
            _prose(topic.why),
            "",
            "| asked | FastAPI | Express |",
            "|---|---|---|",
            *(_row(_asked(probe), outcomes) for probe, outcomes in rows),
            "",
            f"**Why.** {_prose(topic.cause)}",
            "",
            "**Cure.**",
            "",
            *_cures(topic),
            *_rules(topic),
        ]
    )


def _row(asked: str, outcomes: Outcomes) -> str:
    cells = [asked, *(_code(outcomes[side] or "nothing") for side in SIDES)]
    return f"| {' | '.join(cells)} |"


def _asked(probe: Probe, topic: Topic | None = None) -> str:
    """How a probe is called, and what it sends where that is short enough to read."""
    parts = [probe.ask, *probe.headers]
    bodies = {"JSON": probe.json, "form": probe.form, "body": probe.body}
    parts += [f"{kind} {text}" for kind, text in bodies.items() if text is not None]
    sent = " · ".join(parts) if probe.ask else ""
    if not sent:
        named = (step.get("handshake") or step.get("ask") for step in probe.steps)
        sent = next((asked for asked in named if asked), "")
    name = probe.name if topic is None else f"{topic.title}: {probe.name}"
    name = _prose(name).replace("|", "\\|")
    return f"{name}: {_code(sent)}" if 0 < len(sent) <= LONGEST else name


def _code(text: str) -> str:
    """`text` as code in a cell, of which no character means anything else."""
    # A line end, of a body for example, would be the end of the row.
    said = printable(text, keep="").strip()
    said = said if len(said) <= WIDEST else f"{said[: WIDEST - 1]}…"
    said = said.replace("|", "\\|")
    mark = "``" if "`" in said else "`"
    space = " " if said.startswith("`") or said.endswith("`") else ""
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
    return f" Here: [{label}](../{path})."


def _rules(topic: Topic) -> list[str]:
    if not topic.rules:
        return []
    named = f"rule{'s' * (len(topic.rules) > 1)} {', '.join(topic.rules)}"
    return [f"[The contract](../contract/README.md) decides: {named}.", ""]
