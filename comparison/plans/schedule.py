"""The rounds of a comparison in their order, until the budget is spent.

Written plans; single requests in the populated world; the same bound to what recipes
make, where nobody has written how; every change, seen from all sides; accounts, then
collections; sequences; then fuzzing with more sequences. What comes later learns from
how the stacks answered.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from comparison.cases.corpus import Case
from comparison.contracts.contract import Contract
from comparison.contracts.links import Link, links
from comparison.exchanges.guard import Guard
from comparison.exchanges.trace import Trace
from comparison.plans.accounts import accounts
from comparison.plans.collections import collections
from comparison.plans.plan import Plan, Step
from comparison.plans.pool import Pool
from comparison.plans.rounds import Cast, bound, fuzzed, singles
from comparison.plans.selection import Selection, unbound
from comparison.plans.sequences import bind, sequences
from comparison.plans.transitions import transitions

# How deep what is made by recipes may lie: a project, its tasks, their comments.
DEPTH = 3
# Per chunk at most so many, and so many for each operation that has worked.
SEQUENCES = 150
SEQUENCES_EACH = 15


@dataclass(frozen=True)
class Budget:
    """When to end: fuzzed cases of each operation, and limits for everything.

    With `examples` None the fuzzing goes on until a limit is reached: `seconds`, or
    `requests` to each stack.
    """

    examples: int | None
    seconds: float
    requests: int | None = None


@dataclass
class Round:
    """Where a schedule is: how much of one of its rounds is `done`, for the display.

    `total` is None where what comes depends on the answers; `more` rounds may follow.
    """

    name: str = "cases"
    total: int | None = None
    more: bool = True
    done: int = 0

    def of(self, plans: Iterable[Plan]) -> Iterator[Plan]:
        """The plans, counted."""
        for plan in plans:
            self.done += 1
            yield plan


@dataclass
class Schedule:
    """What is asked next. `learn` must be told what came of every plan.

    `fuzz` gives the fuzzed cases of a chunk; the same seed gives the same plans as
    long as the stacks answer the same. `world` are the steps that make what all plans
    find. What the `guard` refuses is left out, and counted as `forbidden`; `asked`
    counts the requests to each stack, `left` the fixed plans not yet asked. It ends at
    `until` (monotonic seconds) at the latest.
    """

    cast: Cast
    written: Sequence[Plan]
    cases: Sequence[Case]
    fuzz: Callable[[int], Iterable[Case]]
    budget: Budget
    seed: int
    selection: Selection = field(default_factory=Selection)
    guard: Guard = field(default_factory=Guard)
    world: Sequence[Step] = ()
    written_only: bool = False
    pool: Pool = field(default_factory=Pool)
    asked: int = 0
    left: int = 0
    forbidden: int = 0
    complete: bool = False
    round: Round = field(default_factory=Round)
    until: float | None = None

    @property
    def contract(self) -> Contract:
        """The contract that it is all about."""
        return self.cast.contract

    @property
    def timed(self) -> bool:
        """Whether only the clock ends it."""
        limited = self.budget.examples is not None or self.budget.requests is not None
        return not limited and not self.written_only

    def plans(self) -> Iterator[Plan]:
        """Every plan that is selected, until the budget is spent."""
        self.until = until = time.monotonic() + self.budget.seconds
        fixed = self.fixed()
        self.left = len(fixed)
        cases = self._begun("cases", fixed, len(fixed), not self.written_only)
        for plan in self._within(cases, until):
            self.left -= 1
            yield plan
        if self.left:
            return
        self.complete = True
        if not self.written_only:
            drawn = filter(self._takes, self._drawn())
            yield from self._within(drawn, until)

    def fixed(self) -> list[Plan]:
        """The plans that are known before anybody is asked."""
        return self._fixed

    @cached_property
    def _fixed(self) -> list[Plan]:
        made = () if self.written_only else singles(self.cast, self.cases)
        return list(filter(self._takes, (*self.written, *made)))

    def learn(self, trace: Trace) -> None:
        """Take in what came of a plan."""
        self.asked += len(trace.taken)
        self.pool.learn(trace)

    def _takes(self, plan: Plan) -> bool:
        if not self.selection.takes(plan, self.contract):
            return False
        refused = any(self._refused(step) for step in plan.steps)
        self.forbidden += refused
        return not refused

    def _refused(self, step: Step) -> bool:
        return bool(self.guard.refusal(step.method, unbound(step.target)))

    def _within(self, plans: Iterable[Plan], until: float) -> Iterator[Plan]:
        for plan in plans:
            most = self.budget.requests
            if time.monotonic() > until or (most is not None and self.asked >= most):
                return
            yield plan

    def _begun(
        self,
        name: str,
        plans: Iterable[Plan],
        total: int | None = None,
        more: bool = True,
    ) -> Iterator[Plan]:
        """The plans of a round that begins now."""
        self.round = Round(name, total, more)
        return self.round.of(plans)

    def _drawn(self) -> Iterator[Plan]:
        known = links(self.contract)
        yield from self._begun("recipes", self._bound(known))
        # What has worked until now decides which there are.
        changes = [*transitions(self.contract, self.pool, self.cast.users)]
        yield from self._begun("changes", changes, len(changes))
        users = accounts(self.cast, self.pool, known, self.world)
        yield from self._begun("accounts", users)
        lists = [*collections(self.cast, self.pool, self.world)]
        yield from self._begun("collections", lists, len(lists))
        yield from self._random(known)

    def _random(self, known: Sequence[Link]) -> Iterator[Plan]:
        """Sequences and random cases in turns."""
        chunk, examples = 0, self.budget.examples
        while True:
            rng = random.Random(f"{self.seed} sequences {chunk}")  # noqa: S311
            drawn = sequences(self.contract, self.pool, known, rng, f"sequence-{chunk}")
            count = min(SEQUENCES, SEQUENCES_EACH * len(self.pool.recipes))
            more = examples is None or examples > 0
            yield from self._begun("sequences", islice(drawn, count), count, more)
            if not more:
                return
            cases = list(self.fuzz(chunk))
            if not cases:
                return
            taken, examples = _first(cases, examples)
            rng = random.Random(f"{self.seed} fuzz {chunk}")  # noqa: S311
            plans = fuzzed(self.cast, taken, chunk, rng)
            yield from self._begun("random", plans, len(taken))
            chunk += 1

    def _bound(self, known: Sequence[Link]) -> Iterator[Plan]:
        """Cases of operations whose path parameters nobody has bound, now bound."""
        open_ = [
            one
            for one in self.contract.operations
            if "{" in one.path and not self.cast.binding(one).path
        ]
        for _ in range(DEPTH):
            for operation in list(open_):
                identity = self.cast.binding(operation).identity
                binding = bind(operation, self.pool, known, identity)
                if binding is None:
                    continue
                open_.remove(operation)
                bindings = {**self.cast.bindings, operation.id: binding}
                self.cast = replace(self.cast, bindings=bindings)
                mine = [one for one in self.cases if one.operation == operation.id]
                yield from bound(self.cast, mine, binding)


def _first(
    cases: Sequence[Case], examples: int | None
) -> tuple[list[Case], int | None]:
    """At most so many cases of each operation, and how many are left for later."""
    if examples is None:
        return list(cases), None
    counts: dict[str, int] = {}
    taken = []
    for case in cases:
        counts[case.operation] = counts.get(case.operation, 0) + 1
        if counts[case.operation] <= examples:
            taken.append(case)
    return taken, max(examples - max(counts.values()), 0)
