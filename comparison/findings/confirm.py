"""Findings run again on fresh stacks: do they repeat, is it noise, how small are they?

What shows a finding is run twice, each time in the first state. What does not repeat
is unstable; where a stack differs from itself between the two, it is noise.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comparison.configuration.severity import SEVERITIES, default_severity
from comparison.contracts.contract import SAFE
from comparison.exchanges.trace import Trace
from comparison.findings.blame import concerns
from comparison.findings.cluster import (
    Cluster,
    Clusters,
    Evidence,
    Signature,
    differences,
)
from comparison.findings.noise import Sight, differs_from_itself
from comparison.findings.shrink import Budget, shrink
from comparison.plans.plan import WORLD, Plan
from comparison.session import Session

SHRINK_RUNS = 150
LEAST_SECONDS = 3.0
# How many steps of before a plan are tried with it, the fewest first.
HISTORIES = (5, 20, 80)
# Longer than a tick of any clock that counts milliseconds.
PAUSE = 0.005


@dataclass
class Confirmation:
    """Confirms all clusters of a run, as far as it gets `until` (monotonic seconds)."""

    session: Session
    clusters: Clusters
    until: float
    watch: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Mark what is unstable, noisy or unconfirmed; make the rest small."""
        found = sorted(self.clusters.by_signature.values(), key=_rank)
        # It costs a time limit or a stack to see a breakdown again: once will do.
        found = [one for one in found if one.signature.kind != "broken"]
        if not found:
            return
        first = self._pass(found)
        second = self._pass([one for one in found if one.signature in first])
        for cluster in found:
            self._judge(cluster, first, second)
        sure = [one for one in found if one.stable and one.confirmed]
        for number, cluster in enumerate(sure):
            if self._late():
                return
            self._make_small(cluster, len(sure) - number)
            self.watch()

    def _pass(self, clusters: Iterable[Cluster]) -> dict[Signature, Sight]:
        """Run what shows each of them, from the first state; gives those that show."""
        self.session.reset()
        sights = {}
        for cluster in clusters:
            if self._late():
                break
            self.watch()
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
            if self._late() or not self.session.reset():
                return None
            if sight := self._sight(cluster, plan):
                return sight
        return None

    def _sight(self, cluster: Cluster, plan: Plan) -> Sight | None:
        # Two moments must not be one by chance.
        pause = PAUSE if cluster.signature.kind == "time" else 0.0
        trace = self._run(plan, pause)
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
                cluster.noisy = self._noisy_afresh(cluster)
            cluster.stable = not cluster.noisy
        elif not self.session.resettable:
            # Without a fresh start the same request may rightly be refused now.
            cluster.confirmed = False
        else:
            cluster.stable = False
            cluster.confirmed = not (self._late() or self.session.exhausted)
        unsure = not (cluster.stable and cluster.confirmed)
        moment = signature.kind == "time"
        if unsure and (moment or (cluster.tainted and not self._late())):
            # The states had parted for another reason, which is a finding of its own;
            # or two moments fell into one tick of the clock on one stack only.
            self.clusters.drop(cluster)

    def _noisy_afresh(self, cluster: Cluster) -> list[str]:
        """The noisy stacks, by two looks at the same state.

        That is the first one; where it cannot be had, a plan that changes nothing
        leaves it as it was, and any other says nothing of noise.
        """
        plan, session = self.clusters.load(cluster).plan, self.session
        if not session.resettable and any(
            step.method not in SAFE for step in plan.steps
        ):
            return []
        sights = [
            sight
            for _ in range(2)
            if (not session.resettable or session.reset())
            and (sight := self._sight(cluster, plan))
        ]
        if len(sights) < 2:  # noqa: PLR2004
            return []  # No time is left, or another thing is wrong; it did show twice.
        return self._noisy(cluster.signature, *sights)

    def _noisy(self, signature: Signature, one: Sight, other: Sight) -> list[str]:
        """The stacks that differ from themselves where the finding is."""
        names = [stack.name for stack in self.session.running]
        loose = self.session.team.looseness(signature.place)
        pairs = zip(names, one.views, other.views, strict=True)
        return [
            name
            for name, before, after in pairs
            if differs_from_itself(before, one, after, other, loose)
        ]

    def _make_small(self, cluster: Cluster, left: int) -> None:
        """Shrink what shows it, as one of so many that are `left`.

        Every try is made in whatever state the last one has left, or, where that is
        quick, in the first one. If what comes of it shows nothing once all is new, some
        state had a part in it; then it is tried again, and every success once more from
        a new start.
        """
        evidence = self.clusters.load(cluster)
        whole = self.afresh(evidence.plan, cluster.signature)
        if evidence.plan.id == WORLD or whole is None:
            return
        until = self._until(left)
        for carefully in (False, True):
            search = _Smaller(self, cluster.signature, whole, carefully)
            budget = Budget(SHRINK_RUNS, until)
            plan = shrink(evidence.plan, evidence.step, search.shows, budget)
            trace = self.afresh(plan, cluster.signature, whole=True)
            if trace is not None:
                self.clusters.improve(cluster, _evidence(trace, cluster.signature))
                return

    def _until(self, left: int) -> float:
        """Until when one finding may be made small; its share may be had twice."""
        now = time.monotonic()
        share = 2 * (self.until - now) / left
        return min(self.until, now + max(share, LEAST_SECONDS))

    def afresh(
        self, plan: Plan, signature: Signature, *, whole: bool = False
    ) -> Trace | None:
        """The trace of a plan in the first state; where there is none, in any.

        With `whole` the stacks are started again for it, if they can be.
        """
        if self.session.resettable and not self.session.reset(whole=whole):
            return None
        return self.shows(plan, signature)

    def shows(self, plan: Plan, signature: Signature) -> Trace | None:
        """The trace of a plan, if it shows a difference of this signature."""
        trace = self._run(plan)
        found = any(found == signature for found, _ in differences(trace))
        return trace if found else None

    def _run(self, plan: Plan, pause: float = 0.0) -> Trace:
        if plan.id == WORLD:
            return self.session.world
        return self.session.run(plan, pause)

    def _late(self) -> bool:
        return time.monotonic() > self.until


@dataclass(frozen=True)
class _Smaller:
    """Whether a smaller plan still shows what the `whole` trace does."""

    confirmation: Confirmation
    signature: Signature
    whole: Trace
    carefully: bool

    def shows(self, plan: Plan) -> bool:
        """Whether it does, and the same side is wrong."""
        one, signature = self.confirmation, self.signature
        quick = one.session.restorable
        trace = (one.afresh if quick else one.shows)(plan, signature)
        if trace is not None and self.carefully:
            trace = one.afresh(plan, signature, whole=True)
        # A smaller request may be wrong in itself, and what was written of the whole
        # one then untrue of both stacks: that would blame the wrong side.
        return (
            trace is not None
            and _breaches(trace) <= _breaches(self.whole)
            and _blamed(trace, signature) == _blamed(self.whole, signature)
        )


def _rank(cluster: Cluster) -> int:
    """The worst first: there may not be time for all."""
    signature = cluster.signature
    severity = default_severity(signature.kind, signature.where)
    return -SEVERITIES.index(severity)


def _evidence(trace: Trace, signature: Signature) -> Evidence:
    return next(e for found, e in differences(trace) if found == signature)


def _breaches(trace: Trace) -> set[tuple[int, str, str, str]]:
    """What is wrong in a trace: lane, operation, kind and place."""
    return {
        (lane, step.place, breach.kind, breach.where)
        for step in trace.taken
        for lane, breaches in enumerate(step.breaches)
        for breach in breaches
    }


def _blamed(trace: Trace, signature: Signature) -> set[int]:
    """The lanes that break the contract where the difference is."""
    return {
        lane
        for found, evidence in differences(trace)
        if found == signature
        for lane, breaches in enumerate(evidence.taken.breaches)
        if any(concerns(breach, evidence.split) for breach in breaches)
    }
