"""Operations that are never to be sent, under no spelling of their path."""

import posixpath
import urllib.parse
from collections.abc import Iterable, Sequence

from comparison.configuration.checks import nearest
from comparison.configuration.globs import fits, operation_names
from comparison.contracts.contract import Operation
from comparison.contracts.template import Template


class Never:
    """The globs of `never`, each on an operationId, `METHOD /path` or `tag:TAG`.

    Servers are lenient: `//users/1/` may mean `/users/1`, and HEAD is answered by the
    code for GET. Which of two paths that fit is meant they decide in ways of their own.
    So a request is judged by every operation that it may be taken for.
    """

    def __init__(self, globs: Sequence[str], operations: Iterable[Operation]) -> None:
        self._globs = globs
        self._operations = [(Template(one.path.lower()), one) for one in operations]

    def forbids(self, method: str, path: str) -> str | None:
        """The glob that forbids a request; `path` is below the base, query or not."""
        if not self._globs:
            return None
        methods = {method.upper(), "GET"} if method.upper() == "HEAD" else {method}
        for one in methods:
            for spelling in _spellings(path.partition("?")[0]):
                if glob := self._forbids(one.upper(), spelling):
                    return glob
        return None

    def _forbids(self, method: str, path: str) -> str | None:
        names: tuple[str, ...] = (f"{method} {path}",)
        for template, one in self._operations:
            if one.method == method and template.fits(path.lower()):
                names += operation_names(one)
        return next((g for g in self._globs for name in names if fits(g, name)), None)


def unmatched(globs: Iterable[str], operations: Sequence[Operation]) -> list[str]:
    """What is wrong with globs that fit no operation: a slip would send it."""
    names = [name for one in operations for name in operation_names(one)]
    return [
        f"never: {glob!r} fits no operation of the contract{nearest(glob, names)}"
        " Write an operationId, METHOD /path or tag:TAG, or remove it."
        for glob in globs
        if not any(fits(glob, name) for name in names)
    ]


def _spellings(path: str) -> set[str]:
    """The path as written, and what a lenient server makes of it."""
    decoded = urllib.parse.unquote(path)
    tidied = ("/" + posixpath.normpath(one).lstrip("/") for one in (path, decoded))
    return {path, decoded, *tidied}
