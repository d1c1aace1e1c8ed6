"""Steps of a plan as Python code: requests, and what is kept of their replies."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.export.code import (
    Code,
    call,
    literal,
    names_in,
    quoted,
    statement,
    template,
    variable,
)
from comparison.export.parts import minted
from comparison.plans.identity import OTHER_SCHEME, is_user
from comparison.plans.plan import OUTSIDE, Step

# httpx writes these itself, and refuses other ones.
_OWN = frozenset({"host", "content-length", "transfer-encoding"})
_NOT_MINTED = frozenset({"anonymous", "malformed", "other-scheme"})


class ExportError(Exception):
    """A finding cannot be shown by a test; the text says why and what to do."""


@dataclass(frozen=True)
class StepCode:
    """How steps are written: `header` is that of the run, `user` one of the world."""

    header: Mapping[str, Any]
    user: str | None = None

    def used(self, steps: Iterable[Step]) -> set[str]:
        """The names of all values that steps need."""
        found: set[str] = set()
        for step in steps:
            found |= set(names_in([step.request, step.headers, step.json, step.text]))
            if is_user(step.identity):
                found.add(f"{step.identity}.token")
            elif step.identity not in _NOT_MINTED and self.user:
                found.add(f"{self.user}.token")
        return found

    def lines(self, step: Step, later: set[str], look: str = "") -> list[str]:
        """The lines of a request, and of the values that later ones take of its reply.

        `look`: "reply" where something else looks at it, "success" where it must be.
        """
        kept = list(dict.fromkeys(_kept(step, sorted(later))))
        arguments: list[Code] = [
            quoted(step.method),
            template(self.target(step), in_target=True),
        ]
        headers, body = self._headers(step), _body(step)
        if headers or body is not None:
            arguments.append(literal(headers, code))
        arguments += [] if body is None else [body]
        before = "reply = " if kept or look else ""
        lines = [statement(before, call("send", *arguments))]
        if kept or look == "success":
            lines.append("    assert reply.is_success, reply.text")
        return lines + [f"    {line}" for line in kept]

    def target(self, step: Step) -> str:
        if step.target.startswith(OUTSIDE):
            return step.target[1:]
        return str(self.header.get("base", "")) + step.target

    def _headers(self, step: Step) -> dict[str, str | None]:
        """Names and code of the headers that a step sends beside the usual ones."""
        found: dict[str, str | None] = {}
        if (code := self._credentials(step.identity)) is not None:
            how = self.header.get("credentials") or {}
            found[str(how.get("header", "Authorization"))] = code
        for name, value in step.headers.items():
            if name.lower() in _OWN:
                raise ExportError(
                    f"The request sets {name}, which httpx writes itself; use the curl"
                    " line of the report."
                )
            found = {k: v for k, v in found.items() if k.lower() != name.lower()}
            found[name] = None if value is None else "\0" + _header(value)
        return found

    def _credentials(self, identity: str) -> str | None:
        how = self.header.get("credentials") or {}
        form = str(how.get("format", "Bearer {token}"))
        if identity == "anonymous":
            return None
        if identity == "other-scheme":
            return "\0" + quoted(OTHER_SCHEME)
        if identity == "wrong-scheme":
            if self.user is None:
                raise ExportError(
                    "The request bears somebody's token, and the run knows no user; use"
                    " the curl line of the report."
                )
            return "\0" + template(f"Digest ${{{self.user}.token}}")
        if identity == "malformed":
            return "\0" + quoted(form.replace("{token}", "not.a.token"))
        if is_user(identity):
            return "\0" + template(form.replace("{token}", f"${{{identity}.token}}"))
        before, _, after = form.partition("{token}")
        token = None if self.user is None else variable(f"{self.user}.token")
        parts = (
            before and quoted(before),
            minted(identity, token),
            after and quoted(after),
        )
        return "\0" + " + ".join(part for part in parts if part)


def _kept(step: Step, later: Sequence[str]) -> Iterator[str]:
    """Assignments of what later steps need of a reply."""
    for name in later:
        for saved, source in step.save.items():
            if name == saved or name.startswith(f"{saved}."):
                rest = name[len(saved) + 1 :]
                yield f"{variable(name)} = {_source(source, rest)}"


def _source(source: str, rest: str) -> str:
    kind, colon, what = source.partition(":")
    if colon and kind == "cookie":
        return f"reply.cookies[{quoted(what)}]"
    if colon and kind == "header":
        name, slash, at = what.partition("/")
        return f"reply.headers[{quoted(name)}]" + (
            f'.split("/")[{at}]' if slash else ""
        )
    parts = [*source.split("/")[1:], *(rest.split(".") if rest else [])]
    keys = (f"[{part if part.isdigit() else quoted(part)}]" for part in parts)
    return "reply.json()" + "".join(keys)


def _body(step: Step) -> Code | None:
    if step.json:
        return call("json.dumps", literal(step.json[0], template))
    if step.hex is not None:
        return call("bytes.fromhex", quoted(step.hex))
    if step.text is None:
        return None
    if re.search(r"[\ud800-\udfff]", step.text):
        return call(
            "bytes.fromhex", quoted(step.text.encode("utf-8", "surrogatepass").hex())
        )
    text = template(step.text)
    return f"str({text})" if text.isidentifier() else text


def _header(value: str) -> str:
    if value.isascii():
        return template(value)
    return "b" + quoted(value.encode("latin-1", "replace").decode("latin-1"))


def code(text: str) -> str:
    """A text as a literal, or what follows a NUL as code."""
    return text[1:] if text.startswith("\0") else quoted(text)
