"""Values that a step keeps of a reply, for the steps after it."""

import urllib.parse
from collections.abc import Mapping
from typing import Any

from comparison.exchanges.body import Broken
from comparison.exchanges.exchange import Answer, Reply
from comparison.plans.plan import Step, Unbound, pointed

HEADER = "header:"
COOKIE = "cookie:"


def save(step: Step, answer: Answer, values: dict[str, Any]) -> None:
    """Keep in `values` what the step names; what the reply lacks stays unbound.

    A source is a JSON pointer into the body, `header:NAME` for the value of a header,
    or `header:NAME/-1` for the last segment of the path in it (-2, ...: before that),
    or `cookie:NAME` for what Set-Cookie gives it.
    A dotted name, `alice.token`, is a key of what stands at the first part.
    """
    if not step.save or not isinstance(answer, Reply):
        return
    body = answer.json
    for name, source in step.save.items():
        try:
            if source.startswith(COOKIE):
                cookie = source.removeprefix(COOKIE)
                _keep(values, name, _of_cookie(cookie, answer))
            elif source.startswith(HEADER):
                _keep(values, name, _of_header(source.removeprefix(HEADER), answer))
            else:
                _keep(values, name, _of_body(source, body))
        except Unbound:
            values.pop(name, None)


def _keep(values: dict[str, Any], name: str, value: Any) -> None:
    first, dot, rest = name.partition(".")
    if not dot:
        values[name] = value
        return
    before = values.get(first)
    values[first] = {**(before if isinstance(before, Mapping) else {}), rest: value}


def _of_body(pointer: str, body: Any) -> Any:
    if isinstance(body, Broken):
        raise Unbound(pointer)
    return pointed(body, pointer)


def _of_cookie(name: str, reply: Reply) -> str:
    """The last one counts, as in a browser."""
    found = None
    for header, text in reply.headers:
        if header.lower() == "set-cookie":
            key, _, value = text.partition(";")[0].partition("=")
            found = value.strip() if key.strip() == name else found
    if found is None:
        raise Unbound(name)
    return found


def _of_header(source: str, reply: Reply) -> str:
    name, _, segment = source.partition("/")
    value = reply.header(name)
    if value is None:
        raise Unbound(name)
    if not segment:
        return value
    parts = [part for part in urllib.parse.urlsplit(value).path.split("/") if part]
    try:
        return urllib.parse.unquote(parts[int(segment)])
    except (ValueError, IndexError):
        raise Unbound(source) from None
