"""Secrets in plans: whole values are replaced, never what decides what is asked.

A plan is kept to be asked again. Where a path or a key were damaged it would ask for
something else; what holds the mask cannot be asked again at all, see `is_damaged`.
"""

import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from comparison.known_secrets import HIDDEN, KnownSecrets

# A text within JSON, and whether it is a key.
_TEXT = re.compile(r'("(?:[^"\\\n]|\\.)*")(\s*:)?')
_FORM = re.compile(r"[^=&\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*")


def is_damaged(plan: Mapping[str, Any]) -> bool:
    """Whether a plan as JSON lacks what the mask has hidden."""
    return HIDDEN in json.dumps(plan.get("steps", []))


def left_out(what: str, use: str) -> str:
    """Why a plan, or what else it is, is of no `use`, and what to do."""
    return (
        f"{what} holds secrets that the mask has hidden ({HIDDEN}), and cannot be"
        f" {use}: run the same with --show-secrets first."
    )


def hidden_plan(value: Any, known: KnownSecrets) -> Any:
    """A plan, a step, or several steps."""
    if isinstance(value, list | tuple):
        return [_step(step, known) for step in value]
    if "steps" in value:
        return {**value, "steps": hidden_plan(value["steps"], known)}
    return _step(value, known)


def _step(step: Mapping[str, Any], known: KnownSecrets) -> dict[str, Any]:
    found = dict(step)
    for name in ("headers", "json", "holds", "sends"):
        if name in found:
            found[name] = _within(found[name], known)
    if "request" in found:
        found["request"] = _request(found["request"], known)
    if found.get("text") is not None:
        found["text"] = _body(found["text"], known)
    return found


def _within(value: Any, known: KnownSecrets) -> Any:
    """A JSON value; its keys stay as they are."""
    if isinstance(value, str):
        return known.hidden_value(value)
    if isinstance(value, list | tuple):
        return [_within(item, known) for item in value]
    if isinstance(value, Mapping):
        return {key: _within(item, known) for key, item in value.items()}
    return value


def _request(request: str, known: KnownSecrets) -> str:
    target, mark, query = request.partition("?")
    parts = []
    for raw in target.split("/"):
        part = urllib.parse.unquote(raw)
        hidden = known.hidden_segment(part)
        parts.append(raw if hidden == part else hidden)
    return "/".join(parts) + mark + _pairs(query, known)


def _body(text: str, known: KnownSecrets) -> str:
    if text.lstrip()[:1] in {"{", "[", '"'}:
        return _TEXT.sub(lambda at: at[0] if at[2] else _literal(at[1], known), text)
    return _pairs(text, known) if _FORM.fullmatch(text) else known.hidden_value(text)


def _literal(written: str, known: KnownSecrets) -> str:
    try:
        value = json.loads(written, strict=False)
    except ValueError:
        return written
    hidden = known.hidden_value(value)
    return written if hidden == value else json.dumps(hidden)


def _pairs(text: str, known: KnownSecrets) -> str:
    """A query or a form."""
    done = []
    for pair in text.split("&"):
        name, equals, raw = pair.partition("=")
        value = urllib.parse.unquote_plus(raw)
        hidden = known.hidden_value(value)
        done.append(name + equals + (raw if hidden == value else _quoted(hidden)))
    return "&".join(done)


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="*${}")
