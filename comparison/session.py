"""The stacks of one measurement: started, populated, started afresh, and ended."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from comparison.contract import Contract
from comparison.client import TIME_LIMIT
from comparison.exchange import Failure
from comparison.execute import Team
from comparison.plan import WORLD, Plan
from comparison.results import Breakdown
from comparison.running import RunningStack
from comparison.scenarios import Scenarios
from comparison.stacks import Stack, start_all
from comparison.trace import Trace

# Starting afresh takes seconds; a run whose every plan parts the stacks must end.
MOST_RESETS = 12
MOST_BREAKDOWNS = 3


class BrokenDownError(Exception):
    """The stacks have broken down so often that nothing more can be learnt."""


@dataclass(frozen=True)
class Setting:
    """What a session is made of; `stacks` are our own, or run already."""

    stacks: Sequence[Stack | RunningStack]
    contract: Contract
    scenarios: Scenarios
    logs: Path
    limit: float = TIME_LIMIT
    say: Callable[[str], None] = lambda _: None


class Session:
    """Running stacks in a known state. Used in a `with` statement, which ends them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.running: list[RunningStack] = []
        self.breakdowns: list[Breakdown] = []
        self.parted = False
        self.world = Trace(Plan(WORLD, ()))
        self._team: Team | None = None
        self._resets = 0
        self._runs = 0
        self._over = False
        self._stamp = ""

    @property
    def team(self) -> Team:
        """The running stacks as they are asked. Only within the `with` statement."""
        if self._team is None:
            raise RuntimeError("the session has not begun")
        return self._team

    @property
    def resettable(self) -> bool:
        """Whether every stack is ours to start afresh."""
        return all(isinstance(stack, Stack) for stack in self.setting.stacks)

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def run(self, plan: Plan) -> Trace:
        """Run a plan, on fresh stacks if the last one has parted them.

        A stack that breaks down is written down in `breakdowns` and started again.
        Raises `BrokenDownError` when that has happened too often.
        """
        if self._over:
            raise BrokenDownError(self.breakdowns[-1].stack)
        if self.parted:
            self.reset()
        self._runs += 1
        trace = self.team.run(plan, f"u{self._stamp}{self._runs:04}")
        self._look(trace)
        return trace

    def reset(self) -> bool:
        """Bring all stacks into the first state; false if that cannot be had.

        What is ours is started afresh, in the rest a new world is made.
        """
        self.parted = False
        if self._resets >= MOST_RESETS or self._over:
            return False
        self._resets += 1
        if self.resettable:
            self._end()
            self._start()
        else:
            self._populate()
        return self.resettable

    def _start(self) -> None:
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
        self._team = Team(self.running, setting.contract, setting.limit)
        self._populate()

    def _populate(self) -> None:
        # Names must be new on a server that has seen other runs, and are the same in
        # every run of stacks that begin empty.
        self._stamp = "0000" if self.resettable else secrets.token_hex(2)
        run = "w" if self.resettable else f"w{self._stamp}"
        self.world = self.team.populate(self.setting.scenarios.world, run)
        self._look(self.world)

    def _look(self, trace: Trace) -> None:
        """Notice what a plan has left behind: parted states, broken stacks."""
        self.parted = self.parted or trace.parted
        for taken in trace.taken:
            for stack, request, answer in zip(
                self.running, taken.requests, taken.answers, strict=True
            ):
                if isinstance(answer, Failure):
                    self._note(stack, answer, trace.plan.id, request.shown())

    def _note(
        self, stack: RunningStack, failure: Failure, plan: str, asked: str
    ) -> None:
        if stack.process is not None and failure.kind in {"closed", "refused"}:
            stack.settle()
        code = None if stack.process is None else stack.process.poll()
        what = failure.text if code is None else f"ended with exit code {code}"
        where = stack.log or "the terminal where it was started"
        self.breakdowns.append(
            Breakdown(
                stack=stack.name,
                what=what,
                plan=plan,
                request=asked,
                tail=stack.tail(),
                advice=f"its whole log: {where}",
            )
        )
        # One that is not ours and is gone cannot be brought back.
        gone = stack.process is None and failure.kind == "refused"
        if gone or len(self.breakdowns) >= MOST_BREAKDOWNS or plan == WORLD:
            self._over = True

    def _end(self) -> None:
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
