"""Findings run again on fresh stacks: do they repeat, is it noise, how small are they?

What shows a finding is run twice, each time in the first state. What does not repeat
is unstable; where a stack differs from itself between the two, it is noise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comparison.configuration.severity import SEVERITIES, default_severity
from comparison.contracts.contract import SAFE
from comparison.findings.cluster import (
    Cluster,
    Clusters,
    Signature,
    differences,
)
from comparison.findings.look import Look
from comparison.findings.noise import Sight, differs_from_itself
from comparison.findings.smaller import make_small
from comparison.plans.plan import WORLD, Plan
from comparison.tally import Tally

# How many steps of before a plan are tried with it, the fewest first.
HISTORIES = (5, 20, 80)
# Longer than a tick of any clock that counts milliseconds.
PAUSE = 0.005


@dataclass
class Confirmation:
    """Confirms all clusters of a run, as far as there is time to `look` at them."""

    look: Look
    clusters: Clusters
    watch: Callable[[Tally], None] = lambda _: None

    def run(self) -> None:
        """Mark what is unstable, noisy or unconfirmed; make the rest small."""
        found = sorted(self.clusters.by_signature.values(), key=_rank)
        # It costs a time limit or a stack to see a breakdown again: once will do.
        found = [one for one in found if one.signature.kind != "broken"]
        if not found:
            return
        first = self._pass(found, "confirming")
        again = [one for one in found if one.signature in first]
        second = self._pass(again, "once more")
        for cluster in found:
            self._judge(cluster, first, second)
        sure = [one for one in found if one.stable and one.confirmed]
        for number, cluster in enumerate(sure):
            if self.look.late:
                return
            self._show("shrinking", number, len(sure))
            make_small(self.look, self.clusters, cluster, len(sure) - number)

    def _show(self, part: str, done: int, total: int) -> None:
        self.watch(
            Tally(
                stage="confirming",
                part=part,
                done=done,
                total=total,
                noun="differences",
                until=self.look.until,
                more=part != "shrinking",
            )
        )

    def _pass(self, clusters: Sequence[Cluster], part: str) -> dict[Signature, Sight]:
        """Run what shows each of them, from the first state; gives those that show."""
        self._show(part, 0, len(clusters))
        self.look.session.reset()
        sights = {}
        for number, cluster in enumerate(clusters):
            if self.look.late:
                break
            self._show(part, number, len(clusters))
            if self.look.session.quick:
                # Else all have one beginning, and what comes first may help the next.
                self.look.session.reset()
            plan = self.clusters.load(cluster).plan
            sight = self._sight(cluster, plan)
            # Two moments that are a tick apart will be so again, or never mattered.
            timely = cluster.signature.kind == "time"
            if sight is None and not timely:
                sight = self._another(cluster)
            if sight is not None:
                sights[cluster.signature] = sight
        return sights

    def _another(self, cluster: Cluster) -> Sight | None:
        """Look at it from the first state: what was run before may have hidden it.

        Its own plan first, others that showed it, then its own with more and more of
        what was before it.
        """
        best = self.clusters.load(cluster)
        plans = [best.plan, *(one.plan for one in self.clusters.others(cluster))]
        lengths = [n for n in HISTORIES if n < len(best.history)]
        plans += [best.whole(n) for n in [*lengths, len(best.history)] if n]
        for plan in plans:
            if self.look.late or not self.look.session.reset():
                return None
            if sight := self._sight(cluster, plan):
                return sight
        return None

    def _sight(self, cluster: Cluster, plan: Plan) -> Sight | None:
        # Two moments must not be one by chance.
        pause = PAUSE if cluster.signature.kind == "time" else 0.0
        trace = self.look.run(plan, pause)
        for signature, evidence in differences(trace):
            if signature == cluster.signature:
                if plan.id != WORLD:
                    self.clusters.improve(cluster, evidence)
                return Sight(evidence.taken.views, evidence.split, trace.unique)
        return None

    def _judge(
        self,
        cluster: Cluster,
        first: dict[Signature, Sight],
        second: dict[Signature, Sight],
    ) -> None:
        signature = cluster.signature
        sights = [one[signature] for one in (first, second) if signature in one]
        if len(sights) == 2:  # noqa: PLR2004 - it showed both times
            if self._noisy(signature, *sights):
                # What was asked before it was not the same in both passes.
                self._judge_noise(cluster)
        elif not self.look.session.resettable:
            # Without a fresh start the same request may rightly be refused now.
            cluster.confirmed = False
        else:
            cluster.stable = False
            cluster.confirmed = not (self.look.late or self.look.session.exhausted)
        unsure = not (cluster.stable and cluster.confirmed)
        moment = signature.kind == "time"
        if unsure and (moment or (cluster.tainted and not self.look.late)):
            # The states had parted for another reason, which is a finding of its own;
            # or two moments fell into one tick of the clock on one stack only.
            self.clusters.drop(cluster)

    def _judge_noise(self, cluster: Cluster) -> None:
        """Settle by two looks at the same state whether a stack differs from itself.

        That is the first one; where it cannot be had, a plan that changes nothing
        leaves it as it was, and any other says nothing of noise.
        """
        plan, session = self.clusters.load(cluster).plan, self.look.session
        if not session.resettable and any(
            step.method not in SAFE for step in plan.steps
        ):
            return
        sights = []
        for _ in range(2):
            if session.resettable and not session.reset():
                # No time is left: it did show twice, and may be noise all the same.
                cluster.stable = cluster.confirmed = False
                return
            sight = self._sight(cluster, plan)
            if sight is None:
                cluster.stable = False
                return
            sights.append(sight)
        cluster.noisy = self._noisy(cluster.signature, *sights)
        cluster.stable = not cluster.noisy

    def _noisy(self, signature: Signature, one: Sight, other: Sight) -> list[str]:
        """The stacks that differ from themselves where the finding is."""
        names = [stack.name for stack in self.look.session.running]
        loose = self.look.session.team.looseness(signature.place)
        pairs = zip(names, one.views, other.views, strict=True)
        return [
            name
            for name, before, after in pairs
            if differs_from_itself(before, one, after, other, loose)
        ]


def _rank(cluster: Cluster) -> int:
    """The worst first: there may not be time for all."""
    signature = cluster.signature
    severity = default_severity(signature.kind, signature.where)
    return -SEVERITIES.index(severity)
