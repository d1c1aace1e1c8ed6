"""Violations that a listed difference explains: one place, one reason."""

from collections.abc import Iterable
from dataclasses import replace

from comparison.exchanges.conformance import Breach
from comparison.exchanges.partition import Split
from comparison.findings.blame import concerns
from comparison.findings.results import Finding, Violation


def listed(violation: Violation, findings: Iterable[Finding]) -> Violation:
    """The violation, with the reason of a known difference at its place if any is.

    Where stacks may differ one of them may be wrong, and the list has no other word
    for that.
    """
    breach = Breach(violation.kind, violation.where, violation.message, violation.rule)
    for finding in findings:
        here = finding.operation == violation.operation
        compared = here and violation.stack in finding.stacks
        split = Split(finding.kind, finding.where, (), ())
        if finding.known is not None and compared and concerns(breach, split):
            return replace(violation, known=finding.known)
    return violation
