"""A cluster as a finding: who breaks the contract, where the code is, how to see it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from comparison.code.side import Side
from comparison.configuration.rules import Rules
from comparison.configuration.severity import default_severity
from comparison.curl import curl
from comparison.exchanges.body import Broken, parsed
from comparison.exchanges.exchange import Answer, Failure
from comparison.exchanges.trace import Taken
from comparison.findings.blame import concerns
from comparison.findings.cluster import Cluster, Evidence
from comparison.findings.results import Finding, Violation
from comparison.findings.silence import missing_rule
from comparison.mask import Mask
from comparison.running import RunningStack
from comparison.stacks import Stack


def finding(
    cluster: Cluster,
    evidence: Evidence,
    stacks: Sequence[Stack | RunningStack],
    rules: Rules,
    mask: Mask,
) -> Finding:
    """All that a report needs to know of a cluster, without its secrets."""
    taken, split, signature = evidence.taken, evidence.split, cluster.signature
    place, kind, where = signature.place, signature.kind, signature.where
    names = [stack.name for stack in stacks]
    return Finding(
        id=signature.id,
        operation=place,
        theme=mask.text(signature.theme),
        kind=kind,
        where=where,
        severity=rules.severity(place, kind, where, default_severity(kind, where)),
        stacks=names,
        values=[mask.difference(kind, where, value) for value in split.values],
        groups=[[names[lane] for lane in group] for group in split.groups],
        plan=mask.plan(evidence.plan.as_json()),
        step=evidence.step,
        request=mask.text(taken.requests[0].shown(400)),
        **_judged(cluster, evidence, names, mask),
        **_looks(cluster),
        **_talks(taken, names, mask),
        handlers=handlers(place, stacks),
    )


def _looks(cluster: Cluster) -> dict[str, Any]:
    """How often it was seen, and what came of looking at it again."""
    names = ("count", "stable", "confirmed", "noisy")
    return {name: getattr(cluster, name) for name in names}


def _judged(
    cluster: Cluster, evidence: Evidence, names: Sequence[str], mask: Mask
) -> dict[str, Any]:
    """Who breaks the contract and how, or else what it does not say."""
    blamed, broken = _blame(evidence, names)
    lacks = ""
    if not blamed:
        place = cluster.signature.place
        lacks = missing_rule(place, evidence.split, evidence.taken)
    rules = [mask.text(text) for text in broken]
    return {"blamed": blamed, "rules": rules, "lacks": lacks}


def _blame(evidence: Evidence, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Who breaks the contract where the difference is, and how."""
    breaches = {
        name: [one for one in found if concerns(one, evidence.split)]
        for name, found in zip(names, evidence.taken.breaches, strict=True)
    }
    broken = dict.fromkeys(
        f"{name}: {one.message} ({one.rule})"
        for name, found in breaches.items()
        for one in found
    )
    return [name for name, found in breaches.items() if found], list(broken)


def _talks(taken: Taken, names: Sequence[str], mask: Mask) -> dict[str, Any]:
    """What every stack answered, and how to ask it again."""
    replies = (reply_as_json(answer, mask) for answer in taken.answers)
    asked = zip(taken.requests, taken.origins, strict=True)
    lines = (curl(request, origin, mask) for request, origin in asked)
    return {
        "replies": dict(zip(names, replies, strict=True)),
        "reproduce": dict(zip(names, lines, strict=True)),
    }


def blamed_by_others(found: Finding, violations: Iterable[Violation]) -> Finding:
    """Blame for an order by what other replies broke at the same place.

    The first reply that differs in order need not be one of which the order is written.
    """
    related = [
        one
        for one in violations
        if found.kind == "order"
        and one.operation == found.operation
        and one.stack in found.stacks
        and f"{one.where}/".startswith(f"{found.where}/")
    ]
    if found.blamed or not found.where or not related:
        return found
    return replace(
        found,
        blamed=list(dict.fromkeys(one.stack for one in related)),
        rules=[f"{one.stack}: {one.message} ({one.rule})" for one in related[:2]],
        lacks="",
    )


def reply_as_json(answer: Answer, mask: Mask) -> dict[str, Any]:
    """An answer for a report: status, headers, body; or what failed."""
    if isinstance(answer, Failure):
        return {"status": None, "headers": [], "body": None, "failure": answer.text}
    body = parsed(answer.body)
    if isinstance(body, Broken):
        body = answer.body.decode("utf-8", "replace")
    headers = [list(pair) for pair in mask.headers(answer.headers)]
    return {"status": answer.status, "headers": headers, "body": mask.value(body)}


def handlers(operation: str, stacks: Sequence[Stack | RunningStack]) -> dict[str, str]:
    """File and line of the handler named after an operation, in each stack's folder."""
    found = {}
    for stack in stacks:
        if isinstance(stack, Stack) and (place := handler(stack.folder, operation)):
            found[stack.name] = place
    return found


def handler(folder: Path, operation: str) -> str | None:
    """Where `operation` is implemented below `folder`, by the name of the function."""
    found = Side("", folder).handlers(operation)
    return found[0].place if found else None
