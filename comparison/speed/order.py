"""What a measurement is told: who, what, how much, and where its files go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from comparison.contracts.contract import Contract
from comparison.running import RunningStack
from comparison.speed.asked import Asked
from comparison.speed.forms import Form
from comparison.speed.workloads import WorkloadFile
from comparison.stacks import Stack


@dataclass(frozen=True)
class Order:
    """A measurement; the first of the stacks is what the others are held against.

    `family` are the entries of stacks.toml that belong to one of them: references, and
    those that start several processes. `watch` hears what goes on, `say` what stays.
    """

    contract: Contract
    stacks: Sequence[Stack | RunningStack]
    family: Sequence[Stack]
    workloads: WorkloadFile
    form: Form
    seed: int
    cache: Path
    logs: Path
    say: Callable[[str], None] = lambda _: None
    watch: Callable[[str], None] = lambda _: None

    @property
    def ours(self) -> list[Stack]:
        """The stacks that are started here, with a database of their own."""
        return [stack for stack in self.stacks if isinstance(stack, Stack)]

    def operation(self, asked: Asked) -> str | None:
        """The operationId of a request, where the contract has it."""
        path = asked.path.partition("?")[0].removeprefix(self.contract.base)
        found = self.contract.find(asked.method, path)
        return None if found is None else found.id
