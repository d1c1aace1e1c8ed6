"""What must not be sent: operations that are never asked, and writing to strangers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from comparison.configuration.never import Never
from comparison.contracts.contract import SAFE
from comparison.running import RunningStack

# TRACE changes nothing, but strangers did not agree to tell what they are sent.
READS = SAFE - {"TRACE"}


@dataclass(frozen=True)
class Guard:
    """Asked before every request; `read_only` are servers that are only read.

    What is outside of the contract's base path counts by the whole of its path.
    """

    never: Never | None = None
    read_only: Sequence[str] = ()

    def refusal(self, method: str, path: str) -> str:
        """Why a request must not be sent; empty where it may. `path` is below base."""
        glob = self.never.forbids(method, path) if self.never else None
        if glob is not None:
            return f"{method} {path} is never to be sent (never = {glob!r})"
        if self.read_only and method not in READS:
            names = ", ".join(dict.fromkeys(self.read_only))
            return f"{method} is not sent to {names} without --allow-remote"
        return ""

    def of(self, stack: RunningStack) -> "Guard":
        """The guard of one stack: what is only read does not bind the others."""
        return self if self.spares(stack) else replace(self, read_only=())

    def spares(self, stack: RunningStack) -> bool:
        """Whether a stack is one of those that may not be changed."""
        return stack.url in self.read_only
