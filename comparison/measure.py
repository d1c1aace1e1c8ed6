"""The whole measurement: every plan run, differences confirmed, shrunk and judged."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from comparison.blame import concerns
from comparison.cluster import Cluster, Clusters, Signature, differences
from comparison.conformance import Breach
from comparison.known import Known, reason, stale
from comparison.plan import WORLD, Plan
from comparison.results import Checked, Finding, Result, Violation
from comparison.run import RunFile
from comparison.session import BrokenDownError, Session
from comparison.shrink import Budget, shrink
from comparison.trace import Taken, Trace
from comparison.verdict import blamed_by_others, finding

SHRINK_RUNS = 40
SHRINK_SECONDS = 15.0


@dataclass
class Tally:
    """What has been done so far, for the progress display."""

    plans: int
    done: int = 0
    exchanges: int = 0
    differences: int = 0
    stage: str = "comparing"


@dataclass(frozen=True)
class Order:
    """What to measure. `partial` where not everything is asked."""

    plans: Sequence[Plan]
    known: Sequence[Known] = ()
    partial: bool = False
    first_only: bool = False
    watch: Callable[[Tally], None] = lambda _: None


def measure(order: Order, session: Session, file: RunFile) -> None:
    """Run all plans of `order` in `session` and write what was found to `file`."""
    _Measurement(order, session, file, Tally(len(order.plans))).run()


@dataclass
class _Measurement:
    order: Order
    session: Session
    file: RunFile
    tally: Tally
    clusters: Clusters = field(default_factory=Clusters)
    violations: dict[tuple[str, ...], Violation] = field(default_factory=dict)

    def run(self) -> None:
        began = time.monotonic()
        complete = True
        try:
            self._compare()
            self._confirm()
        except BrokenDownError:
            complete = False
        self._write(complete)
        unasked = self.tally.plans - self.tally.done
        self.file.finish(
            {
                "seconds": round(time.monotonic() - began, 1),
                "exchanges": self.tally.exchanges,
                "plans": self.tally.done,
                "unasked": unasked,
                "partial": self.order.partial or not complete or unasked > 0,
            }
        )

    def _compare(self) -> None:
        self._take(self.session.world)
        for plan in self.order.plans:
            self._take(self.session.run(plan))
            self.tally.done += 1
            self.order.watch(self.tally)
            if self.order.first_only and self.tally.differences:
                return

    def _take(self, trace: Trace) -> None:
        new = self.clusters.add(trace)
        for step in trace.taken:
            for lane, breaches in enumerate(step.breaches):
                for breach in breaches:
                    self._violated(lane, step, breach, trace.plan.id)
        checked = _checked(trace)
        self.file.add(checked)
        self.tally.exchanges += sum(checked.exchanges.values())
        self.tally.differences = len(self.clusters.by_signature)
        # Values that differ after a change would show again in every list.
        if new and any(step.changes for step in trace.taken):
            self.session.parted = True

    def _violated(self, lane: int, step: Taken, breach: Breach, plan: str) -> None:
        # What broke down is told with the tail of its log instead.
        if breach.kind == "broken":
            return
        stack = self.session.running[lane].name
        key = (stack, step.place, breach.kind, breach.where, breach.rule)
        before = self.violations.get(key)
        self.violations[key] = (
            replace(before, count=before.count + 1)
            if before
            else Violation(
                stack=stack,
                operation=step.place,
                **vars(breach),
                plan=plan,
                request=step.requests[lane].shown(),
                count=1,
            )
        )

    def _confirm(self) -> None:
        """Run what shows each finding again on fresh stacks; then make it small."""
        self.tally.stage = "confirming"
        until = time.monotonic() + SHRINK_SECONDS
        if self.clusters.by_signature:
            self.session.reset()
        for cluster in self.clusters.by_signature.values():
            self.order.watch(self.tally)
            # It costs a time limit or a stack to see a breakdown again: once will do.
            if cluster.difference.kind == "broken":
                continue
            if trace := self._repeats(cluster):
                if cluster.plan.id != WORLD:
                    self._make_small(cluster, trace, until)
            else:
                # Without a fresh start the same request may rightly be refused now.
                cluster.stable = not self.session.resettable

    def _repeats(self, cluster: Cluster) -> Trace | None:
        if trace := self._shows(cluster.plan, cluster.signature):
            return trace
        if self.session.reset():
            return self._shows(cluster.plan, cluster.signature)
        # What was asked before may be why it did not show: nobody knows.
        cluster.confirmed = not self.session.resettable
        return None

    def _make_small(self, cluster: Cluster, whole: Trace, until: float) -> None:
        wrong, blamed = _breaches(whole), _blamed(whole, cluster.signature)

        def shows(plan: Plan) -> bool:
            # A smaller request may be wrong in itself, and what was written of the
            # whole one then untrue of both stacks: that would blame the wrong side.
            trace = self._shows(plan, cluster.signature)
            return (
                trace is not None
                and _breaches(trace) <= wrong
                and _blamed(trace, cluster.signature) == blamed
            )

        plan = shrink(cluster.plan, cluster.step, shows, Budget(SHRINK_RUNS, until))
        trace = self._shows(plan, cluster.signature)
        if trace is None:
            return
        for step, taken, signature, difference in differences(trace):
            if signature == cluster.signature:
                cluster.plan, cluster.step = plan, step
                cluster.taken, cluster.difference = taken, difference
                return

    def _shows(self, plan: Plan, signature: Signature) -> Trace | None:
        """The trace of a plan, if it shows a difference of this signature."""
        trace = self.session.world if plan.id == WORLD else self.session.run(plan)
        found = any(found == signature for _, _, found, _ in differences(trace))
        return trace if found else None

    def _write(self, complete: bool) -> None:
        known = self.order.known
        findings: list[Finding] = []
        for cluster in self.clusters.by_signature.values():
            found = finding(cluster, self.session.setting.stacks)
            found = blamed_by_others(found, self.violations.values())
            findings.append(replace(found, known=reason(found, known)))
        results: tuple[Result, ...] = (
            *findings,
            *self.violations.values(),
            *self.session.breakdowns,
        )
        for result in results:
            self.file.add(result)
        if complete and not self.order.partial and not self.order.first_only:
            for entry in stale(known, findings):
                self.file.add_stale(entry)


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
        for _, taken, found, difference in differences(trace)
        if found == signature
        for lane in (0, signature.lane)
        if any(concerns(breach, difference) for breach in taken.breaches[lane])
    }


def _checked(trace: Trace) -> Checked:
    places: dict[str, int] = {}
    for step in trace.taken:
        places[step.place] = places.get(step.place, 0) + 1
    kinds = {
        d.kind for step in trace.taken for found in step.differences for d in found
    }
    verdict = "differs" if kinds else "same" if trace.taken else "not-checked"
    verdict = "broken" if "broken" in kinds else verdict
    return Checked(trace.plan.id, verdict, places, trace.stopped)
