"""The whole measurement: every plan run, differences confirmed, shrunk and judged."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comparison.breakdowns import BrokenDownError
from comparison.exchanges.conformance import Breach
from comparison.exchanges.trace import Taken, Trace
from comparison.findings.cluster import Cluster, Clusters
from comparison.findings.confirm import Confirmation
from comparison.findings.known import Known, reason, stale
from comparison.findings.look import Look
from comparison.findings.results import Checked, Finding, Result, Violation
from comparison.findings.verdict import blamed_by_others, finding
from comparison.mask import Mask
from comparison.plans.schedule import Schedule
from comparison.run import RunFile
from comparison.session import Session
from comparison.tally import Tally

# Confirming and shrinking may take this share of the comparison's time, and this many
# seconds in any case.
CONFIRM_SHARE = 0.5
CONFIRM_SECONDS = 30.0
MOST_VIOLATIONS = 5000
# So often one finding may have the stacks made fresh, to see where it comes from.
MOST_RESTARTS = 4


@dataclass(frozen=True)
class Order:
    """What to measure. `partial` where not everything is asked."""

    schedule: Schedule
    known: Sequence[Known] = ()
    mask: Mask = field(default_factory=Mask)
    partial: bool = False
    first_only: bool = False
    watch: Callable[[Tally], None] = lambda _: None


def measure(order: Order, session: Session, file: RunFile) -> dict[str, Any]:
    """Run the plans of `order` in `session` and write what was found to `file`.

    Gives the footer, with which the file is finished.
    """
    measurement = _Measurement(order, session, file)
    try:
        return measurement.run()
    finally:
        measurement.clusters.close()


@dataclass
class _Measurement:
    order: Order
    session: Session
    file: RunFile
    plans: int = 0
    exchanges: int = 0
    clusters: Clusters = field(default_factory=Clusters)
    violations: dict[tuple[str, ...], Violation] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    digest: Any = field(default_factory=hashlib.sha256)

    def run(self) -> dict[str, Any]:
        ended = True
        try:
            self._compare()
            self._confirm()
        except BrokenDownError:
            ended = False
        schedule = self.order.schedule
        partial = self.order.partial or not ended or not schedule.complete
        self._write(partial)
        return {
            "seconds": round(time.monotonic() - self.began, 1),
            "exchanges": self.exchanges,
            "plans": self.plans,
            # Two runs that asked the same have the same here.
            "plans_sha256": self.digest.hexdigest(),
            "unasked": schedule.left,
            "forbidden": schedule.forbidden,
            "unlisted": self.clusters.unlisted,
            "partial": partial,
        }

    def _compare(self) -> None:
        self._take(self.session.world)
        schedule = self.order.schedule
        for plan in schedule.plans():
            self.digest.update(json.dumps(plan.as_json(), sort_keys=True).encode())
            trace = self.session.run(plan)
            schedule.learn(trace)
            self._take(trace)
            self.plans += 1
            self._show()
            if self.order.first_only and self._serious():
                return

    def _serious(self) -> bool:
        return any(
            not cluster.tainted for cluster in self.clusters.by_signature.values()
        )

    def _show(self) -> None:
        schedule = self.order.schedule
        part, differences = schedule.round, len(self.clusters.by_signature)
        self.order.watch(
            Tally(
                stage="comparing",
                part=part.name,
                done=part.done,
                total=part.total,
                noun="plans",
                differences=differences,
                until=schedule.until,
                timed=schedule.timed,
                more=part.more,
            )
        )

    def _take(self, trace: Trace) -> None:
        shown = self.clusters.add(trace)
        for step in trace.taken:
            for lane, breaches in enumerate(step.breaches):
                for breach in breaches:
                    self._violated(lane, step, breach, trace.plan.id)
        checked = _checked(trace, self.order.mask)
        self.file.add(checked)
        self.exchanges += sum(checked.exchanges.values())
        for cluster in shown:
            self._see_afresh(cluster, trace)

    def _see_afresh(self, cluster: Cluster, trace: Trace) -> None:
        """Have the stacks made fresh where what was before may have a part in it.

        States that have parted unseen would show in every list, and hide the cause.
        """
        caused = any(step.changes for step in trace.taken)
        unsure = cluster.before > 0 and cluster.restarts < MOST_RESTARTS
        if unsure or (caused and not cluster.restarts):
            cluster.restarts += 1
            self.session.parted = True

    def _violated(self, lane: int, step: Taken, breach: Breach, plan: str) -> None:
        # What broke down is told with the tail of its log instead.
        if breach.kind == "broken":
            return
        rules = self.session.setting.terms.rules
        if rules.ignored(step.place, breach.kind, breach.where):
            return
        stack = self.session.running[lane].name
        key = (stack, step.place, breach.kind, breach.where, breach.rule)
        before = self.violations.get(key)
        if before is not None:
            self.violations[key] = replace(before, count=before.count + 1)
            return
        if len(self.violations) >= MOST_VIOLATIONS:
            self.clusters.unlisted += 1
            return
        mask = self.order.mask
        severity = rules.severity(step.place, breach.kind, breach.where, "breaking")
        self.violations[key] = Violation(
            stack=stack,
            operation=step.place,
            kind=breach.kind,
            where=breach.where,
            message=mask.text(breach.message),
            rule=breach.rule,
            plan=plan,
            request=mask.text(step.requests[lane].shown()),
            count=1,
            severity=severity,
        )

    def _confirm(self) -> None:
        """Run what shows each finding again on fresh stacks; then make it small."""
        spent = time.monotonic() - self.began
        seconds = max(CONFIRM_SECONDS, CONFIRM_SHARE * spent)
        until = time.monotonic() + seconds
        look = Look(self.session, until)
        Confirmation(look, self.clusters, self.order.watch).run()

    def _write(self, partial: bool) -> None:
        findings = self._findings()
        results: tuple[Result, ...] = (
            *findings,
            *self.violations.values(),
            *(
                replace(one, tail=self.order.mask.text(one.tail))
                for one in self.session.breakdowns.found
            ),
        )
        for result in results:
            self.file.add(result)
        if not partial and not self.order.first_only:
            for entry in stale(self.order.known, findings):
                self.file.add_stale(entry)

    def _findings(self) -> list[Finding]:
        setting, mask = self.session.setting, self.order.mask
        rules, findings = setting.terms.rules, []
        for cluster in self.clusters.by_signature.values():
            evidence = self.clusters.load(cluster)
            found = finding(cluster, evidence, setting.stacks, rules, mask)
            found = blamed_by_others(found, self.violations.values())
            findings.append(replace(found, known=reason(found, self.order.known)))
        return findings


def _checked(trace: Trace, mask: Mask) -> Checked:
    places: dict[str, int] = {}
    for step in trace.taken:
        places[step.place] = places.get(step.place, 0) + 1
    kinds = {split.kind for step in trace.taken for split in step.splits}
    verdict = "differs" if kinds else "same" if trace.taken else "not-checked"
    verdict = "broken" if "broken" in kinds else verdict
    stopped = "" if trace.plan.drawn else trace.stopped
    plan = mask.plan(trace.plan.as_json())
    return Checked(trace.plan.id, verdict, places, stopped, plan)
