"""The stacks of a session as processes and servers: started, reset in place, ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comparison.configuration.config import Config
from comparison.contracts.contract import Contract
from comparison.exchanges.execute import Team, Terms
from comparison.mask import Mask
from comparison.plans.plan import Step
from comparison.reset import WAYS, Means
from comparison.running import RunningStack
from comparison.stacks import Stack, start_all


@dataclass(frozen=True)
class Setting:
    """What a session is made of; `stacks` are our own, or run already.

    The first stack is the reference. `world` is what every plan finds; `config` says
    how each stack comes into its first state, and what only one of them is sent;
    `mask` learns what users are given.
    """

    stacks: Sequence[Stack | RunningStack]
    contract: Contract
    logs: Path
    world: Sequence[Step] = ()
    terms: Terms = field(default_factory=Terms)
    config: Config = field(default_factory=Config)
    mask: Mask = field(default_factory=Mask)
    say: Callable[[str], None] = lambda _: None


class Fleet:
    """All stacks of a setting; `running` once they are started."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.running: list[RunningStack] = []
        self._team: Team | None = None

    @property
    def team(self) -> Team:
        """The running stacks as they are asked. Only between start and end."""
        if self._team is None:
            raise RuntimeError("the stacks have not been started")
        return self._team

    @property
    def ways(self) -> set[str]:
        """How the stacks come into their first state: all ways that there are."""
        return {self._way(stack) for stack in self.setting.stacks}

    def start(self) -> None:
        """Start what is ours, and look for what runs already. Raises `StackError`."""
        setting = self.setting
        ours = [stack for stack in setting.stacks if isinstance(stack, Stack)]
        for stack in setting.stacks:
            if isinstance(stack, RunningStack):
                stack.knock()
        started = iter(start_all(ours, log_folder=setting.logs, say=setting.say))
        self.running = [
            next(started) if isinstance(stack, Stack) else stack
            for stack in setting.stacks
        ]
        for one in self.running:
            own = setting.config.settings(one.name)
            one.headers = own.headers
            one.users = {user: {"token": t} for user, t in own.tokens.items()}
            one.secret = own.secret or one.secret
        self._team = Team(self.running, setting.contract, setting.terms)

    def reset_in_place(self) -> None:
        """Reset what is not started again. Raises `StackError`."""
        setting, terms = self.setting, self.setting.terms
        means = Means(terms.guard, setting.world, terms.values, setting.mask)
        for lane, stack in zip(self.team.lanes, setting.stacks, strict=True):
            if way := WAYS.get(self._way(stack)):
                way(setting.config.reset_of(stack.name), lane, means)

    def end(self) -> None:
        """End what is ours, and every connection."""
        try:
            if self._team is not None:
                self._team.close()
            # All are told to end before any is waited for.
            for stack in self.running:
                stack.terminate()
            for stack in self.running:
                stack.stop()
        finally:
            # Also where an interruption came while they were waited for.
            for stack in self.running:
                stack.kill()
            self._team = None
            self.running = []

    def _way(self, stack: Stack | RunningStack) -> str:
        """restart, command, request or none."""
        how = self.setting.config.reset_of(stack.name).how
        if isinstance(stack, RunningStack) and self.setting.terms.guard.spares(stack):
            # What is only read needs no reset, and one would change it.
            return "none"
        if how != "default":
            return how
        return "restart" if isinstance(stack, Stack) else "none"
