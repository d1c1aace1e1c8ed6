"""Workloads made concrete: placeholders filled with what a server itself has."""

import json
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

import requests

from comparison.speed.asked import UNIQUE, Asked
from comparison.speed.workloads import (
    MIX,
    PLACEHOLDER,
    Ask,
    Value,
    WorkloadError,
    WorkloadFile,
    WorkloadPlan,
)

# So many requests of each kind, among which a server cannot keep only one in mind.
VARIANTS = 24
# Of values: more are not drawn from anyway.
MOST_VALUES = 200
MIX_LENGTH = 200
# What stands for itself in a path, and braces, of which placeholders are made.
SAFE = "!$%&'()*+,/:;=?@[]~{}"
Values = Mapping[str, Sequence[str]]
Send = Callable[[Asked], requests.Response]


def values_of(file: WorkloadFile, name: str, send: Send) -> Values:
    """All values, of which some are asked of the server `name` with `send`.

    Raises `WorkloadError` where it does not answer as the file says.
    """
    found: dict[str, Sequence[str]] = {}
    for word, value in file.values.items():
        texts = value.of or [*_asked_of(word, value, name, send, found)]
        found[word] = [*dict.fromkeys(texts)][:MOST_VALUES] if not value.of else texts
        if not texts:
            raise WorkloadError(
                f"{name} has no {word}: its reply to {value.ask} holds nothing at"
                f" {value.at}. Fill it, or correct [values] of workloads.toml."
            )
    return found


def _asked_of(
    word: str, value: Value, name: str, send: Send, found: Values
) -> Iterator[str]:
    ask = value.asks
    used = [one for one in found if one in ask.words]
    # Asked once for each of the first value that it names.
    turns = len(found[used[0]]) if used else 1
    for turn in range(turns):
        chosen = {one: found[one][turn % len(found[one])] for one in used}
        request = asked(ask, chosen)
        reply = _ask(request, word, name, send)
        yield from _at(reply, (value.at or "").split("/")[1:])


def _ask(request: Asked, word: str, name: str, send: Send) -> Any:
    try:
        reply = send(request)
        if reply.ok:
            return reply.json()
        what = f"answered {reply.status_code}"
    except (requests.RequestException, ValueError) as error:
        what = f"gave no JSON: {error}"
    raise WorkloadError(
        f"{name} {what} to {request.method} {request.path}, from which the values"
        f" {word!r} of workloads.toml are taken. Correct either, then run again."
    )


def _at(value: Any, way: Sequence[str]) -> Iterator[str]:
    """Lines and numbers where a JSON pointer leads; `*` is every item of a list."""
    if not way:
        # Whatever else is there is nothing that a request is filled with.
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number or (isinstance(value, str) and value.isprintable()):
            yield str(value)
        return
    name = way[0].replace("~1", "/").replace("~0", "~")
    if isinstance(value, list):
        number = int(name) if name.isdecimal() else len(value)
        for one in value if name == "*" else value[number:][:1]:
            yield from _at(one, way[1:])
    elif isinstance(value, Mapping) and name in value:
        yield from _at(value[name], way[1:])


def concrete(plan: WorkloadPlan, values: Values, random: Random) -> list[Asked]:
    """The requests of a workload; those of one variant use the same values."""
    wanted = {word for ask in plan.requests for word in ask.words}
    wanted.discard(UNIQUE.strip("{}"))
    turns = VARIANTS if wanted else 1
    found = []
    for _ in range(turns):
        chosen = {name: random.choice(values[name]) for name in sorted(wanted)}
        found += [asked(ask, chosen) for ask in plan.requests]
    return found


def mixed(file: WorkloadFile, values: Values, random: Random) -> list[Asked]:
    """Requests of all workloads by their shares, in any order."""
    shared = [plan for plan in file.workloads.values() if plan.share]
    pools = [concrete(plan, values, random) for plan in shared]
    weights = [plan.share for plan in shared]
    chosen = random.choices(pools, weights, k=MIX_LENGTH) if pools else []
    return [random.choice(pool) for pool in chosen]


def mix_of(file: WorkloadFile) -> WorkloadPlan | None:
    """The mix as a workload; None where none has a share."""
    shared = [plan for plan in file.workloads.values() if plan.share]
    if len(shared) <= 1:
        return None
    changes = any(plan.changes for plan in shared)
    asks = [ask for plan in shared for ask in plan.requests]
    return WorkloadPlan(
        title=f"{MIX}: all of these by their shares",
        requests=asks,
        changes=changes,
        varies=True,
        quick=True,
    )


def asked(ask: Ask, chosen: Mapping[str, str]) -> Asked:
    """A request with its placeholders filled; in a path they are quoted."""
    method, path = ask.ask.split(" ", 1)
    quoted = {name: urllib.parse.quote(text, safe="") for name, text in chosen.items()}
    headers = {name: _filled(text, chosen) for name, text in ask.headers.items()}
    body = None
    if ask.json_body is not None:
        body = json.dumps(_filled_json(ask.json_body, chosen), separators=(",", ":"))
        if "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = "application/json"
    path = _filled(urllib.parse.quote(path, SAFE), quoted)
    return Asked(method, path, headers, body, ask.status)


def _filled(text: str, chosen: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda at: chosen.get(at[1], at[0]), text)


def _filled_json(value: Any, chosen: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _filled(value, chosen)
    if isinstance(value, list):
        return [_filled_json(one, chosen) for one in value]
    if isinstance(value, dict):
        return {name: _filled_json(one, chosen) for name, one in value.items()}
    return value
