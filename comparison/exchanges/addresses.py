"""Addresses in replies: of the stack itself, and what is minted in their paths."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from comparison.contracts.resources import singular

_HEADERS = frozenset({"location", "content-location", "link"})
_KEYS = re.compile(
    r"(.*[_-])?(href|url|uri|links?|self|next|prev|previous|first|last|location)|.*Url"
)
_ORIGIN, _BASE = "<origin>", "/<base>"


@dataclass(frozen=True)
class Site:
    """Where a stack is: scheme, host and port as `origin`, its API's path as `base`."""

    origin: str = ""
    base: str = ""


def is_address(key: str, header: bool = False) -> bool:
    """Whether what stands at this key, or in this header, leads somewhere."""
    return key in _HEADERS if header else _KEYS.fullmatch(key) is not None


def renamed(text: str, site: Site, name: Callable[[str, str], str]) -> str:
    """An address without what only this stack has in it.

    `name` is given a segment of the path and the noun before it.
    """
    here = text
    if site.origin and here.startswith(site.origin):
        here = _ORIGIN + here.removeprefix(site.origin)
    if site.base and f"{here}/".startswith((f"{site.base}/", f"{_ORIGIN}{site.base}/")):
        here = here.replace(site.base, _BASE, 1)
    path, mark, query = here.partition("?")
    if "/" not in path:
        return here
    return "".join(_segments(path, name)) + mark + query


def _segments(path: str, name: Callable[[str, str], str]) -> Iterator[str]:
    noun = ""
    for number, segment in enumerate(path.split("/")):
        if number:
            yield "/"
        yield name(segment, noun) if segment and number else segment
        noun = singular(segment) if segment.isidentifier() else noun
