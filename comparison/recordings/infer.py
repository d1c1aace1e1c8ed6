"""Bindings inferred from a recording: a slug returned, then requested.

A value of a request that an earlier reply gave, and that the client had not sent before
by itself, becomes a placeholder, `${r3.article.slug}`. A secret that the client brought
along becomes `${secret.1}`, and its value is kept apart. All else is written as it was.
"""

import re
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.exchanges.body import Broken, parsed
from comparison.known_secrets import JWT
from comparison.mask import is_secret
from comparison.plans.plan import Step, literal
from comparison.plans.texts import texts_of
from comparison.recordings.evidence import (
    Place,
    Source,
    enough,
    is_strong,
    path_places,
    sources,
    words,
)
from comparison.recordings.har import Recorded
from comparison.recordings.scalars import scalars, written

# Headers of the connection, of the cache, and what a browser says of itself. Origin is
# among them: whether it is allowed depends on where a stack runs, not on what it does.
NOISE = re.compile(
    r"(?i)host|content-length|connection|keep-alive|proxy-connection|te|upgrade"
    r"|transfer-encoding|accept-encoding|accept-language|user-agent|sec-.*|referer"
    r"|origin|if-none-match|if-modified-since|cache-control|pragma|dnt|priority|expect"
    r"|upgrade-insecure-requests|save-data|x-client-data|:.*"
)
_JSON = re.compile(r"(?i)[^;]*[/+]json\b")
_FORM = "application/x-www-form-urlencoded"
_TOKENS = re.compile(r"[\w.~+-]+")
_USUAL = {"accept": "*/*", "content-type": "application/json"}


@dataclass(frozen=True)
class Asked:
    """An exchange, its target as a step has it, and the path template that it fits."""

    recorded: Recorded
    target: str
    template: str | None = None


def bound(asked: Sequence[Asked]) -> tuple[tuple[Step, ...], dict[str, str]]:
    """The steps with placeholders, and the secrets: the value of `${secret.N}` by N."""
    inference = _Inference()
    for number, one in enumerate(asked):
        inference.ask(number, one)
    steps = []
    for number, step in enumerate(inference.steps):
        steps.append(Step(**{**vars(step), "save": inference.saves.get(number, {})}))
    secrets = {number: value for value, number in inference.secrets.items()}
    return tuple(steps), secrets


@dataclass
class _Inference:
    """What the replies so far gave, and what the client has sent."""

    steps: list[Step] = field(default_factory=list)
    saves: dict[int, dict[str, str]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    _given: dict[str, list[Source]] = field(default_factory=dict)
    _sent: set[str] = field(default_factory=set)

    def ask(self, number: int, asked: Asked) -> None:
        """Make the step of an exchange, then learn what its reply gives."""
        body = self._body(asked.recorded, asked)
        request = f"{asked.recorded.method} {self._target(asked)}"
        headers = self._headers(asked.recorded)
        self.steps.append(Step(request=request, headers=headers, **body))
        self._sent |= set(_sent(asked))
        for source in sources(number, asked.recorded, _resource(asked)):
            # A number is often the same by chance.
            if source.text.isdigit() or source.text not in self._sent:
                self._given.setdefault(source.text, []).append(source)

    def _bind(self, text: str, place: Place) -> str | None:
        """The placeholder for a text, if there is evidence of where it comes from."""
        found = [one for one in self._given.get(text, ()) if enough(one, place)]
        if not found:
            return None
        # The latest one, but rather what was made than what stood first in a list.
        best = max(found, key=lambda one: (one.meets(place), not one.listed, one.step))
        self.saves.setdefault(best.step, {})[best.name.partition(".")[0]] = best.origin
        return "${" + best.name + "}"

    def _value(self, text: str, place: Place) -> str:
        """A text with placeholders: for the whole of it, for parts, for a secret."""
        if whole := self._bind(text, place):
            return whole
        if text and is_secret(place.name):
            return self._secret(text)
        done, end = [], 0
        for at in _TOKENS.finditer(text):
            part = at[0]
            made = self._bind(part, Place()) if is_strong(part) else None
            if made is None and JWT.fullmatch(part):
                made = self._secret(part)
            if made is not None:
                done += [literal(text[end : at.start()]), made]
                end = at.end()
        return "".join([*done, literal(text[end:])])

    def _secret(self, text: str) -> str:
        number = self.secrets.setdefault(text, str(len(self.secrets) + 1))
        return "${secret." + number + "}"

    def _target(self, asked: Asked) -> str:
        path, mark, query = asked.target.partition("?")
        segments = path.split("/")
        places = path_places(segments, asked.template)
        done = [
            self._coded(segment, place, urllib.parse.unquote(segment))
            for segment, place in zip(segments, places, strict=True)
        ]
        return "/".join(done) + mark + self._pairs(query)

    def _pairs(self, text: str) -> str:
        """A query or a form."""
        done = []
        for pair in text.split("&"):
            name, equals, raw = pair.partition("=")
            place = Place(words(name), name=urllib.parse.unquote_plus(name))
            value = self._coded(raw, place, urllib.parse.unquote_plus(raw))
            done.append(literal(name) + equals + value)
        return "&".join(done)

    def _coded(self, raw: str, place: Place, decoded: str) -> str:
        made = self._value(decoded, place)
        return literal(raw) if made == literal(decoded) else made

    def _headers(self, recorded: Recorded) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for name, value in _joined(recorded.headers):
            if _USUAL.get(name.lower()) != value:
                found[name] = self._header(name, value)
        if recorded.body is not None and not recorded.header("content-type"):
            found["Content-Type"] = None
        return found

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "cookie":
            return "; ".join(self._cookie(pair.strip()) for pair in value.split(";"))
        scheme, blank, rest = value.partition(" ")
        if blank and is_secret(name):
            return f"{literal(scheme)} {self._value(rest, Place(name=name))}"
        return self._value(value, Place(name=name))

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        if not equals:
            return literal(pair)
        made = self._bind(value, Place(cookie=name)) or (value and self._secret(value))
        return f"{literal(name)}={made}"

    def _body(self, recorded: Recorded, asked: Asked) -> dict[str, Any]:
        content, kind = recorded.body, recorded.header("content-type")
        if content is None:
            return {}
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return {"hex": content.hex()}
        # UTF-16 can be JSON too, but then it is not this text.
        is_json = _JSON.match(kind) and "\0" not in text
        if is_json and not isinstance(parsed(content), Broken):
            return {"text": self._json(text, _resource(asked))}
        if kind.lower().startswith(_FORM):
            return {"text": self._pairs(text)}
        return {"text": self._value(text, Place())}

    def _json(self, text: str, around: frozenset[str]) -> str:
        """A text of JSON, but for its bound values as it was: 1.10 is not 1.1."""
        done, end = [], 0
        for one in scalars(text):
            name = one.keys[-1] if one.keys else ""
            about = around.union(*map(words, one.keys))
            made = self._scalar(one.value, Place(about, name=name))
            if made is not None:
                done += [literal(text[end : one.start]), made]
                end = one.end
        return "".join([*done, literal(text[end:])])

    def _scalar(self, value: Any, place: Place) -> str | None:
        """JSON with placeholders for a value; None where it stays as it is."""
        if isinstance(value, str):
            made = self._value(value, place)
            if made == literal(value):
                return None
        elif isinstance(value, bool) or not isinstance(value, int):
            return None
        else:
            made = self._bind(str(value), place) or ""
        return written(made) if made else None


def _joined(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers worth sending; one that comes several times is one with a list."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        if NOISE.fullmatch(name):
            continue
        key = name.lower()
        between = "; " if key == "cookie" else ", "
        usual = "-".join(part.capitalize() for part in key.split("-"))
        before = found[key][1] + between if key in found else ""
        found[key] = (usual, before + value)
    return list(found.values())


def _sent(asked: Asked) -> Iterator[str]:
    """Every text of a request that may come back in a reply."""
    path, _, query = asked.target.partition("?")
    yield from (urllib.parse.unquote(part) for part in path.split("/"))
    yield from (value for _, value in urllib.parse.parse_qsl(query))
    recorded = asked.recorded
    for name, value in _joined(recorded.headers):
        yield value
        if is_secret(name):
            yield from re.split(r"[\s;=]+", value)
    body = parsed(recorded.body or b"")
    if not isinstance(body, Broken):
        yield from texts_of(body)
    elif recorded.header("content-type").lower().startswith(_FORM):
        form = (recorded.body or b"").decode("utf-8", "replace")
        yield from (value for _, value in urllib.parse.parse_qsl(form))


def _resource(asked: Asked) -> frozenset[str]:
    """The last part of a path that is no parameter: what the request is about."""
    shape = asked.template or asked.target.partition("?")[0]
    parts = [p for p in shape.split("/") if p and not p.startswith("{")]
    return words(parts[-1]) if parts else frozenset()
