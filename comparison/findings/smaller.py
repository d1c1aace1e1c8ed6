"""Findings made small: what shows them is shrunk, then run once more from a start."""

import time
from dataclasses import dataclass

from comparison.exchanges.trace import Trace
from comparison.findings.blame import concerns
from comparison.findings.cluster import (
    Cluster,
    Clusters,
    Evidence,
    Signature,
    differences,
)
from comparison.findings.inline import inlined
from comparison.findings.look import Look
from comparison.findings.parts import size
from comparison.findings.shrink import Budget, shrink
from comparison.plans.plan import WORLD, Plan

SHRINK_RUNS = 150
# What a reader takes in at a glance.
SMALL = 5
ENOUGH = 2
LEAST_SECONDS = 3.0


def make_small(look: Look, clusters: Clusters, cluster: Cluster, left: int) -> None:
    """Keep the smallest plan that shows it, as one finding of so many that are `left`.

    Of all that have shown it the smallest is taken, and another one too where little
    comes of that.
    """
    evidence = clusters.load(cluster)
    if evidence.plan.id == WORLD:
        return
    known = sorted(
        (evidence, *clusters.others(cluster)), key=lambda one: size(one.plan)
    )
    until, found = _until(look, left), list[Trace]()
    for one in known:
        trace = _smallest(look, cluster.signature, one, until)
        if trace is not None:
            found.append(trace)
        if len(found) == ENOUGH or (found and size(found[-1].plan) <= SMALL):
            break
    if not found and look.session.quick and not look.late:
        # It has shown before, and does not when it is looked at once more.
        cluster.stable = False
    if found:
        best = min(found, key=lambda trace: size(trace.plan))
        clusters.improve(cluster, _evidence(best, cluster.signature))


def _smallest(
    look: Look, signature: Signature, evidence: Evidence, until: float
) -> Trace | None:
    """What became of the smallest plan found, on stacks that were started for it.

    Every try is made in whatever state the last one has left, or, where that is
    quick, in the first one. If what comes of it shows nothing once all is new, some
    state had a part in it; then it is tried again, and every success once more from
    a new start.
    """
    whole = look.afresh(evidence.plan, signature)
    if whole is None:
        return None
    for carefully in (False, True):
        search = _Smaller(look, signature, whole, carefully)
        budget = Budget(SHRINK_RUNS, until)
        begin = inlined(whole)
        if not search.shows(begin):
            begin = evidence.plan
        plan = shrink(begin, evidence.step, search.shows, budget)
        trace = look.afresh(plan, signature, whole=True)
        if trace is not None:
            return trace
    return None


def _until(look: Look, left: int) -> float:
    """Until when one finding may be made small; its share may be had twice."""
    now = time.monotonic()
    share = 2 * (look.until - now) / left
    return min(look.until, now + max(share, LEAST_SECONDS))


@dataclass(frozen=True)
class _Smaller:
    """Whether a smaller plan still shows what the `whole` trace does."""

    look: Look
    signature: Signature
    whole: Trace
    carefully: bool

    def shows(self, plan: Plan) -> bool:
        """Whether it does, and the same side is wrong."""
        look, signature = self.look, self.signature
        quick = look.session.quick
        trace = (look.afresh if quick else look.shows)(plan, signature)
        if trace is not None and self.carefully:
            trace = look.afresh(plan, signature, whole=True)
        # A smaller request may be wrong in itself, and what was written of the whole
        # one then untrue of both stacks: that would blame the wrong side.
        return (
            trace is not None
            and _breaches(trace) <= _breaches(self.whole)
            and _blamed(trace, signature) == _blamed(self.whole, signature)
        )


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
