"""A probe of the bare applications as a question to the real stacks.

Most of what a probe asks makes sense there too, on another path: the value that the
bare application echoes goes where the contract has a value of its kind.
"""

import re
from dataclasses import replace
from typing import Any

from comparison.defaults.pack import Probe

TYPED = "Content-Type: application/json\r\n"
# The first that fits counts. Without a type the real stacks refuse a body unread.
PATHS = (
    ("/body/bytes HTTP/1.1\r\n", f"/api/users/login HTTP/1.1\r\n{TYPED}"),
    ("/body/bytes HTTP/1.0\r\n", f"/api/users/login HTTP/1.0\r\n{TYPED}"),
    ("/query/one?v=", "/api/articles?limit="),
    ("/query/text?v=", "/api/articles?author="),
    ("/query?page=", "/api/articles?limit="),
    ("/query?integer=", "/api/articles?limit="),
    ("/query?text=", "/api/articles?author="),
    ("/path/text/", "/api/profiles/"),
    ("/static/schema.sql", "/openapi.json"),
    ("/nothing", "/api/nothing"),
    ("/header", "/api/tags"),
    ("/body/any", "/api/users/login"),
    ("/body/bytes", "/api/users/login"),
    ("/body/required", "/api/users/login"),
    ("/body", "/api/users/login"),
    ("/ping", "/api/tags"),
    ("/PING", "/API/TAGS"),
)
ONE_VALUE = re.compile(r'^\{"\w+": (.*)\}$', re.S)
LOGIN = '{{"user": {{"email": {0}, "password": "12345678"}}}}'


def on_real(probe: Probe) -> Probe | None:
    """The probe as the real stacks are asked it; None where it makes no sense."""
    if probe.real is False:
        return None
    if isinstance(probe.real, str):
        return replace(probe, ask=probe.real, raw="", steps=())
    if probe.steps:
        steps = [_step(step) for step in probe.steps]
        known = [step for step in steps if step is not None]
        return replace(probe, steps=known) if len(known) == len(steps) else None
    told = _path(probe.ask or probe.raw)
    if told is None:
        return None
    if probe.raw:
        return replace(probe, raw=told)
    return replace(probe, ask=told, json=_value(probe))


def _value(probe: Probe) -> str | None:
    """The JSON body: one value becomes the address of somebody who logs in."""
    if probe.json is None or not probe.ask.endswith("/body"):
        return probe.json
    one = ONE_VALUE.match(probe.json)
    return LOGIN.format(one[1]) if one else probe.json


def _step(step: Any) -> dict[str, Any] | None:
    """A step with the paths of the real stacks; None where it has others."""
    told = {}
    for key, value in step.items():
        if key in {"send", "ask", "again", "fresh"} and "/" in value:
            found = _path(value)
            if found is None and re.search(r"^[A-Z]+ /|^/", value):
                return None
            told[key] = value if found is None else found
        elif key == "handshake":
            return None
        else:
            told[key] = value
    return told


def _path(text: str) -> str | None:
    """`text` with the real path in place of every bare one; None if it has none."""
    for bare, real in PATHS:
        told, count = re.subn(rf"(?<![\w/.]){re.escape(bare)}", real, text)
        if count:
            return told
    return None
