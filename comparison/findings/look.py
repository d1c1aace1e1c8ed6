"""Plans run to see whether they show a difference, as long as there is time."""

import time
from dataclasses import dataclass

from comparison.exchanges.trace import Trace
from comparison.findings.cluster import Signature, differences
from comparison.plans.plan import WORLD, Plan
from comparison.session import Session


@dataclass(frozen=True)
class Look:
    """Looks at the stacks of a session `until` (monotonic seconds)."""

    session: Session
    until: float

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.until

    def run(self, plan: Plan, pause: float = 0.0) -> Trace:
        """What becomes of a plan; the world is made by a start, and by nothing else."""
        if plan.id == WORLD:
            if self.session.restorable:
                self.session.reset(whole=True)
            return self.session.world
        return self.session.run(plan, pause)

    def shows(self, plan: Plan, signature: Signature) -> Trace | None:
        """The trace of a plan, if it shows a difference of this signature."""
        trace = self.run(plan)
        found = any(found == signature for found, _ in differences(trace))
        return trace if found else None

    def afresh(
        self, plan: Plan, signature: Signature, *, whole: bool = False
    ) -> Trace | None:
        """`shows` in the first state; where there is none, in any.

        With `whole` the stacks are started again for it, if they can be.
        """
        if self.session.resettable and not self.session.reset(whole=whole):
            return None
        return self.shows(plan, signature)
