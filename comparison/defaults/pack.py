"""The probe pack: every probe, with why it matters, what causes it and what cures it.

The pack is TOML, one file per layer in `pack/`. A topic is one habit of an ecosystem;
its probes share its reasons:

    [[topic]]
    id = "head"
    title = "HEAD where only GET is written"
    severity = "breaking"            # breaking, visible, cosmetic
    why = "…"                        # what a client suffers
    cause = "…"                      # why the two part; needed where they do
    cure = { fastapi = "…", express = "…" }
    rules = ["P6"]                   # of the contract, where it takes a side
    see = { fastapi = "protocol.py:ContractRoute", express = "app.js" }
    guide = true                     # whether the guide tells it
    probes = [
      { name = "head", ask = "HEAD /ping", look = ["status", "allow"] },
    ]

A probe asks in one of three ways: `ask` ("METHOD target", with `headers`, and `json`,
`body` or `form` as its body), `raw` (bytes as they are, each character one byte), or
`steps` (see `play`). `<x*1000>` stands for a thousand x, `<host>` for the server's
address. `look` names what counts: status, body (of a success), error (the body of
anything else), value (the body of a success, or that it is refused), reason, version,
headers (their names), size, leak (what an error tells of its cause), the name of a
header, or with a question mark whether there is one.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "pack"
LAYERS = ("server", "framework", "validation", "language", "websocket")
SEVERITIES = ("breaking", "visible", "cosmetic")
SIDES = ("fastapi", "express")
FOLDERS = {"fastapi": "python_api", "express": "node_api"}
LOOK = ("status", "body")
# What `play` and `frames` know, and what stands beside it in a step.
STEPS = frozenset(
    (
        *("send", "ask", "read", "wait", "again", "open", "half", "fresh"),
        *("connect", "signal", "exit", "close", "handshake", "text", "binary"),
        *("ping", "pong", "end", "opcode", "receive"),
    )
)
BESIDE = frozenset(
    (
        *("headers", "body", "look", "patience", "without", "method"),
        *("fin", "mask", "part", "reason"),
    )
)


class PackError(Exception):
    """The pack is not as it should be; says where and what is missing."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One question. `real` is how the real stacks are asked, or why they are not.

    `alone` needs a process of its own, which may die of it; `slow` takes over 5 s.
    `known` says why the real stacks may differ nevertheless.
    """

    name: str
    ask: str = ""
    raw: str = ""
    steps: Sequence[Mapping[str, Any]] = ()
    headers: Sequence[str] = ()
    json: str | None = None
    body: str | None = None
    form: str | None = None
    look: Sequence[str] = LOOK
    real: str | bool = True
    known: str = ""
    alone: bool = False
    slow: bool = False


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One habit of an ecosystem, and the probes that show it."""

    id: str
    layer: str
    title: str
    why: str
    severity: str
    probes: Sequence[Probe]
    cause: str = ""
    cure: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[str] = ()
    see: Mapping[str, str] = field(default_factory=dict)
    guide: bool = False


@dataclass(frozen=True)
class Pack:
    """All topics, in the order of the layers and of their files."""

    topics: Sequence[Topic]

    def __iter__(self) -> Iterator[tuple[str, Topic, Probe]]:
        """Every probe with its id (`topic/name`) and its topic."""
        for topic in self.topics:
            for probe in topic.probes:
                yield f"{topic.id}/{probe.name}", topic, probe

    def only(self, select: Sequence[str], ignore: Sequence[str] = ()) -> "Pack":
        """The probes whose id, topic, layer, severity or rule fits a glob."""

        def takes(topic: Topic, probe: Probe) -> bool:
            name = f"{topic.id}/{probe.name}"
            names = (name, topic.id, topic.layer, topic.severity, *topic.rules)

            def fits(globs: Sequence[str]) -> bool:
                return any(fnmatchcase(one, glob) for glob in globs for one in names)

            return (not select or fits(select)) and not fits(ignore)

        topics = []
        for topic in self.topics:
            probes = [probe for probe in topic.probes if takes(topic, probe)]
            if probes:
                topics.append(replace(topic, probes=probes))
        return Pack(topics)


def load_pack(folder: Path = FOLDER) -> Pack:
    """Read every layer. Raises `PackError`."""
    topics = [topic for layer in LAYERS for topic in _layer(folder, layer)]
    names = [topic.id for topic in topics]
    if twice := {name for name in names if names.count(name) > 1}:
        raise PackError(f"The pack has two topics {', '.join(sorted(twice))}.")
    return Pack(topics)


def _layer(folder: Path, layer: str) -> Iterator[Topic]:
    path = folder / f"{layer}.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{path} is not TOML: {error}.") from None
    for entry in document.get("topic", []):
        where = f"{path.name}, topic {entry.get('id', '?')!r}"
        try:
            probes = [Probe(**one) for one in entry.pop("probes")]
            topic = Topic(**entry, layer=layer, probes=probes)
        except (KeyError, TypeError) as error:
            raise PackError(f"{where}: {error}.") from None
        _check(topic, where)
        yield topic


def _check(topic: Topic, where: str) -> None:
    if topic.severity not in SEVERITIES:
        raise PackError(f"{where}: severity is one of {', '.join(SEVERITIES)}.")
    if unknown := set(topic.cure) - set(SIDES) or set(topic.see) - set(SIDES):
        raise PackError(f"{where}: there is no side {', '.join(sorted(unknown))}.")
    names = [probe.name for probe in topic.probes]
    if len(set(names)) < len(names):
        raise PackError(f"{where}: two probes have one name.")
    for probe in topic.probes:
        ways = [bool(probe.ask), bool(probe.raw), bool(probe.steps)]
        if sum(ways) != 1:
            raise PackError(
                f"{where}, probe {probe.name!r}: it has one of ask, raw and steps."
            )
        if probe.known and probe.real is False:
            raise PackError(
                f"{where}, probe {probe.name!r}: known of whom, if it is not asked?"
            )
        for step in probe.steps:
            if len(STEPS & {*step}) != 1 or not {*step} <= STEPS | BESIDE:
                raise PackError(
                    f"{where}, probe {probe.name!r}: {dict(step)} is no step."
                )
