"""The stacks of one measurement: started, populated, started afresh, and ended."""

import math
import secrets
import time
from types import TracebackType
from typing import Self

from comparison.breakdowns import Breakdowns, BrokenDownError
from comparison.contracts.contract import SAFE
from comparison.exchanges.exchange import Failure
from comparison.exchanges.execute import Team
from comparison.exchanges.trace import Trace
from comparison.fleet import Fleet, Setting
from comparison.plans.plan import WORLD, Plan, Step, settled
from comparison.running import RunningStack, StackError
from comparison.snapshot import Snapshot, snapshot
from comparison.world import given_tokens

# Resets may take this share of the time, and this many seconds in any case: a run
# whose every plan parts the stacks must end.
RESET_SHARE = 0.5
RESET_SECONDS = 30.0
QUICK_SECONDS = 0.1
# Plans that change something, until the stacks are made fresh: a start takes a second.
CHANGES_BEFORE_RESTORE = 25
CHANGES_BEFORE_RESET = 50
CHANGES_BEFORE_RESTART = 1500
MOST_HISTORY = 300


class Session:
    """Running stacks in a known state. Used in a `with` statement, which ends them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._fleet = Fleet(setting)
        self.breakdowns = Breakdowns(setting.mask)
        self.parted = False
        self._hurt = False
        self.world = Trace(Plan(WORLD, ()))
        self._snapshots: list[Snapshot] = []
        self._began = 0.0
        self._resetting = 0.0
        # How long the last reset took.
        self._took = math.inf
        self._changes = 0
        self.history: tuple[Step, ...] = ()
        self._runs = 0
        self._stamp = ""

    @property
    def team(self) -> Team:
        """The running stacks as they are asked. Only within the `with` statement."""
        return self._fleet.team

    @property
    def running(self) -> list[RunningStack]:
        """The running stacks, the reference first."""
        return self._fleet.running

    @property
    def resettable(self) -> bool:
        """Whether every stack can be brought into its first, empty state."""
        return "none" not in self._fleet.ways

    @property
    def exhausted(self) -> bool:
        """Whether resets have taken all the time that they may."""
        spent = time.monotonic() - self._began
        return self._resetting >= max(RESET_SECONDS, RESET_SHARE * spent)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        try:
            self._fleet.start()
            # Where they run already, nobody knows what they hold.
            self._fleet.reset_in_place()
            self._populate()
        except BaseException:
            self._fleet.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._fleet.end()

    def run(self, plan: Plan, pause: float = 0.0) -> Trace:
        """Run a plan, on fresh stacks if the last one has parted them.

        Every so often they are made fresh too: what plans change would become the
        world of all that follow. Between the steps are `pause` seconds.

        A stack that breaks down is written down in `breakdowns` and started again.
        Raises `BrokenDownError` when that has happened too often.
        """
        if self.breakdowns.over:
            raise BrokenDownError(self.breakdowns.found[-1].stack)
        if place := self.breakdowns.given_up(plan):
            return Trace(plan, stopped=f"{place} broke down before, and is left out")
        if self.parted or (self.resettable and self._changes >= self._patience):
            self.reset()
        tainted, history = self.parted, self.history
        self._runs += 1
        trace = self.team.run(plan, f"u{self._stamp}{self._runs:04x}", pause)
        trace.tainted, trace.history = tainted, history
        self._look(trace)
        self._remember(trace)
        return trace

    def reset(self, *, whole: bool = False) -> bool:
        """Bring all stacks into the first state; false if that cannot be had.

        Where the rows of a database can be put back, that is done instead of a new
        start, unless the `whole` state is wanted, with what a stack has in its memory.
        Where a stack cannot be reset, a new world is made in it: fresh users, who own
        nothing yet, are apart from what was before.
        """
        if self.breakdowns.over:
            return False
        if not whole and not self._hurt and self._restored():
            return True
        if self.exhausted:
            return False
        began = time.monotonic()
        try:
            if "restart" in self._fleet.ways:
                self._fleet.end()
                self._fleet.start()
            self._fleet.reset_in_place()
        except StackError as error:
            names = [stack.name for stack in self.setting.stacks]
            raise self.breakdowns.lost(error, names) from None
        self._populate()
        self._took = time.monotonic() - began
        self._resetting += self._took
        return self.resettable

    @property
    def restorable(self) -> bool:
        """Whether the first state can be had without a start of the stacks."""
        return len(self._snapshots) == len(self.setting.stacks)

    @property
    def quick(self) -> bool:
        """Whether the first state is so quickly had that every try may begin there."""
        return self.restorable or (self.resettable and self._took < QUICK_SECONDS)

    def _restored(self) -> bool:
        """Whether the rows of every stack are as they were in the first state."""
        if not self.restorable or not all(one.restore() for one in self._snapshots):
            return False
        self._begin()
        self.parted = self.world.parted
        return True

    def _populate(self) -> None:
        # Names must be new on a server that has seen other runs, and are the same in
        # every run of stacks that begin empty.
        self._stamp = "0000" if self.resettable else secrets.token_hex(2)
        run = "w" if self.resettable else f"w{self._stamp}"
        self._begin()
        self.world = self.team.populate(self.setting.world, run)
        self._look(self.world)
        alike = self._fleet.ways == {"restart"}
        found = [snapshot(one.database) for one in self.running if alike]
        self._snapshots = [one for one in found if one is not None]

    def _begin(self) -> None:
        """Nothing has happened yet in the state that the stacks are in."""
        self.parted = self._hurt = False
        self._runs = 0
        self._changes = 0
        self.history = ()

    @property
    def _patience(self) -> int:
        """After how many plans that change something the stacks are made fresh."""
        if self.restorable:
            return CHANGES_BEFORE_RESTORE
        restarted = "restart" in self._fleet.ways
        return CHANGES_BEFORE_RESTART if restarted else CHANGES_BEFORE_RESET

    def _remember(self, trace: Trace) -> None:
        """Keep what changes something: it may be why a later plan shows it."""
        steps = [taken.step for taken in trace.taken]
        if all(step.method in SAFE for step in steps):
            return
        self._changes += 1
        kept = tuple(settled(step, trace.unique) for step in steps)
        self.history = (*self.history, *kept)[-MOST_HISTORY:]

    def _look(self, trace: Trace) -> None:
        """Notice what a plan has left behind: parted states, broken stacks, tokens."""
        self.setting.mask.learn(given_tokens(trace, self.world))
        self.parted = self.parted or trace.parted
        broken = (isinstance(a, Failure) for one in trace.taken for a in one.answers)
        self._hurt = self._hurt or any(broken)
        self.breakdowns.look(trace, self.running)
