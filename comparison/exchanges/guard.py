"""What must not be sent: operations that are never asked, and writing to strangers."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.configuration.never import Never
from comparison.contracts.contract import SAFE


@dataclass(frozen=True)
class Guard:
    """Asked before every request; `read_only` are servers that get safe methods alone.

    What is outside of the contract's base path counts by the whole of its path.
    """

    never: Never | None = None
    read_only: Sequence[str] = ()

    def refusal(self, method: str, path: str) -> str:
        """Why a request must not be sent; empty where it may. `path` is below base."""
        glob = self.never.forbids(method, path) if self.never else None
        if glob is not None:
            return f"{method} {path} is never to be sent (never = {glob!r})"
        if self.read_only and method not in SAFE:
            names = ", ".join(dict.fromkeys(self.read_only))
            return f"{method} may change {names}: --allow-remote sends it"
        return ""
