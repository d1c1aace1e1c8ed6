"""Secrets of `compare.toml`: taken from the environment, and known for the mask."""

import json
import os
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comparison.known_secrets import SHORTEST
from comparison.mask import is_secret
from comparison.plans.plan import PLACEHOLDER, Step
from comparison.plans.texts import texts_of

# Stands in any text of the file: "Bearer ${env:TOKEN}".
_VARIABLE = re.compile(r"\$\{env:([^}]*)\}")
# Where a variable is more likely an address than a secret.
_PUBLIC = frozenset({"url", "contract", "scenarios", "known", "reference"})
# Headers of other names that bear credentials: X-Auth, Ocp-Apim-Subscription-Key.
_HEADER = re.compile(r"(?:key|auth)$", re.IGNORECASE)


class MissingVariableError(Exception):
    """A variable of the environment is not set, or empty; `place` needs it."""

    def __init__(self, place: str, variable: str) -> None:
        super().__init__(place, variable)
        self.place, self.variable = place, variable


def from_environment(value: Any, secrets: set[str], place: str = "") -> Any:
    """`value` with every `${env:NAME}` replaced, in texts at any depth.

    Adds to `secrets` what it put in. Raises `MissingVariableError`.
    """
    if isinstance(value, dict):
        return {
            key: from_environment(item, secrets, f"{place}.{key}" if place else key)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            from_environment(item, secrets, f"{place}.{number}")
            for number, item in enumerate(value, 1)
        ]
    if not isinstance(value, str):
        return value
    found = {name: _variable(name, place) for name in _VARIABLE.findall(value)}
    if place.rsplit(".", 1)[-1] not in _PUBLIC:
        secrets |= {text for text in found.values() if len(text) >= SHORTEST}
    return _VARIABLE.sub(lambda at: found[at[1]], value)


def secret_headers(headers: Mapping[str, str | None]) -> set[str]:
    """The values that look like credentials, with and without their scheme."""
    found: set[str] = set()
    for name, value in headers.items():
        if value is not None and (is_secret(name) or _HEADER.search(name)):
            cookies = (one.partition("=")[2] for one in value.split(";"))
            found |= {value, value.partition(" ")[2], *cookies}
    return _worth_hiding(found)


def secrets_of(steps: Iterable[Step]) -> set[str]:
    """Passwords, tokens and their like that steps send."""
    found: set[str] = set()
    for step in steps:
        found |= secret_headers(step.headers)
        query = urllib.parse.urlsplit(step.target).query
        for body in (*step.json, _parsed(step.text or ""), _pairs(query)):
            found |= _worth_hiding(_within(body))
    return found


def _variable(name: str, place: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise MissingVariableError(place, name)
    return value


def _within(value: Any) -> Iterator[str]:
    """The texts below every key that tells a secret."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if is_secret(key):
                yield from texts_of(item)
            else:
                yield from _within(item)
    elif isinstance(value, list):
        for item in value:
            yield from _within(item)


def _parsed(text: str) -> Any:
    """A body that was written as text: JSON or a form."""
    try:
        return json.loads(text)
    except ValueError:
        return _pairs(text)


def _pairs(text: str) -> dict[str, list[str]]:
    return urllib.parse.parse_qs(text)


def _worth_hiding(texts: Iterable[str]) -> set[str]:
    # A placeholder is no secret itself, and its value is not known here.
    return {t for t in texts if len(t) >= SHORTEST and not PLACEHOLDER.search(t)}
