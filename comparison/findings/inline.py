"""Placeholders that stand for what every stack gives alike: written as they are."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from comparison.cases.seen import quoted
from comparison.exchanges.normalise import SUFFIX, UUID
from comparison.exchanges.trace import Trace
from comparison.plans.plan import PLACEHOLDER, Plan, Step, Unbound, literal, lookup

LONGEST = 60


def inlined(trace: Trace) -> Plan:
    """The plan of a trace, in whose targets names stand instead of placeholders.

    A name, such as that of a user, is the same on every stack and in every world. An
    id may be so too, but only by chance: what is minted stays a placeholder.
    """
    counts = Counter(name for step in trace.plan.steps for name in step.save)

    def told(at: re.Match[str]) -> str:
        name = at["name"]
        saved_once = [s for s in counts if name and f"{name}.".startswith(f"{s}.")]
        if len(saved_once) != 1 or counts[saved_once[0]] > 1:
            return at[0]
        return _written(trace, name) or at[0]

    return replace(
        trace.plan, steps=tuple(_with(step, told) for step in trace.plan.steps)
    )


def _with(step: Step, told: Callable[[re.Match[str]], str]) -> Step:
    return replace(step, request=PLACEHOLDER.sub(told, step.request))


def _written(trace: Trace, name: str) -> str | None:
    """The value of a placeholder as it stands in a target, if it is a name."""
    try:
        values = [lookup(name, values) for values in trace.values]
    except Unbound:
        return None
    value = values[0]
    if not isinstance(value, str) or any(other != value for other in values):
        return None
    minted = value.isdigit() or UUID.search(value) or SUFFIX.fullmatch(value)
    if minted or not 0 < len(value) <= LONGEST:
        return None
    # The text that only this run had is another one in the next.
    return quoted(literal(value).replace(trace.unique, "${unique}"))
