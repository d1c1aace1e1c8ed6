"""What must not be sent: operations that are never asked, and writing to strangers."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.contract import SAFE, Operation
from comparison.globs import fits, operation_names


@dataclass(frozen=True)
class Guard:
    """Asked before every request.

    `never` are globs on what operations are called; `read_only` names the hosts that
    get safe methods alone.
    """

    never: Sequence[str] = ()
    read_only: Sequence[str] = ()

    def refusal(self, method: str, operation: Operation | None, place: str) -> str:
        """Why a request must not be sent; empty where it may be."""
        names = (place,) if operation is None else operation_names(operation)
        if any(fits(glob, name) for glob in self.never for name in names):
            return f"{place} is never to be sent (`never` of the configuration)"
        if self.read_only and method not in SAFE:
            hosts = ", ".join(dict.fromkeys(self.read_only))
            return f"{method} may change {hosts}: --allow-remote sends it"
        return ""
