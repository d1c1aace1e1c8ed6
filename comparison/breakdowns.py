"""What broke down in a session: which stack, where, and when it is enough."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from comparison.exchanges.exchange import Failure
from comparison.exchanges.trace import Trace
from comparison.findings.results import Breakdown
from comparison.mask import Mask
from comparison.plans.plan import WORLD, Plan
from comparison.running import RunningStack

# At one place two breakdowns tell enough, and they cost a time limit or a start each.
MOST_AT_ONE_PLACE = 2
MOST_BREAKDOWNS = 10


class BrokenDownError(Exception):
    """The stacks have broken down so often that nothing more can be learnt."""


@dataclass
class Breakdowns:
    """All breakdowns so far. `over` where nothing more can be learnt."""

    mask: Mask = field(default_factory=Mask)
    found: list[Breakdown] = field(default_factory=list)
    over: bool = False
    _places: dict[str, int] = field(default_factory=dict)

    def look(self, trace: Trace, stacks: Sequence[RunningStack]) -> None:
        """Take in what a plan has done to the stacks."""
        for taken in trace.taken:
            for stack, request, answer in zip(
                stacks, taken.requests, taken.answers, strict=True
            ):
                if isinstance(answer, Failure):
                    count = self._places.get(taken.place, 0)
                    self._places[taken.place] = count + 1
                    self._note(stack, answer, trace.plan.id, request.shown())

    def given_up(self, plan: Plan) -> str:
        """The place of a plan that has broken down so often that it is left out."""
        count = self._places.get(plan.operation or "", 0)
        return plan.operation or "" if count >= MOST_AT_ONE_PLACE else ""

    def lost(self, error: Exception, names: Sequence[str]) -> BrokenDownError:
        """What ends a session whose stacks can be reset no more."""
        self.over = True
        said = self.mask.text(str(error).splitlines()[0])
        name = next((name for name in names if name in said), names[0])
        advice = "start it again, then repeat"
        self.found.append(Breakdown(name, said, WORLD, "reset", "", advice))
        return BrokenDownError(name)

    def _note(
        self, stack: RunningStack, failure: Failure, plan: str, asked: str
    ) -> None:
        if stack.process is not None and failure.kind in {"closed", "refused"}:
            stack.settle()
        code = None if stack.process is None else stack.process.poll()
        what = failure.text if code is None else f"ended with exit code {code}"
        where = stack.log or "the terminal where it was started"
        self.found.append(
            Breakdown(
                stack=stack.name,
                what=self.mask.text(what),
                plan=plan,
                request=self.mask.text(asked),
                tail=stack.tail(),
                advice=f"its whole log: {where}",
            )
        )
        # One that is not ours and is gone cannot be brought back.
        gone = stack.process is None and failure.kind == "refused"
        if gone or len(self.found) >= MOST_BREAKDOWNS or plan == WORLD:
            self.over = True
