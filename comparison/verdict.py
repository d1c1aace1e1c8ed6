"""A cluster as a finding: who breaks the contract, where the code is, how to see it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from comparison.blame import concerns
from comparison.cluster import Cluster
from comparison.conformance import Breach
from comparison.curl import curl
from comparison.difference import Broken, parsed
from comparison.exchange import Answer, Failure
from comparison.results import Finding, Violation
from comparison.running import RunningStack
from comparison.stacks import ROOT, Stack

# Replies are shown to people; a run file does not keep megabytes of them.
MOST_BODY = 20_000


def finding(cluster: Cluster, stacks: Sequence[Stack | RunningStack]) -> Finding:
    """All that a report needs to know of a cluster."""
    taken, signature = cluster.taken, cluster.signature
    pair = {stacks[at].name: _concerning(cluster, at) for at in (0, signature.lane)}
    rules = [f"{n}: {b.message} ({b.rule})" for n, found in pair.items() for b in found]
    names = [stack.name for stack in stacks]
    return Finding(
        id=signature.id,
        operation=signature.place,
        theme=signature.theme,
        kind=signature.kind,
        where=signature.where,
        severity=signature.severity,
        stacks=list(pair),
        values=cluster.values,
        count=cluster.count,
        stable=cluster.stable,
        confirmed=cluster.confirmed,
        blamed=[name for name, found in pair.items() if found],
        rules=list(dict.fromkeys(rules)),
        plan=cluster.plan.as_json(),
        step=cluster.step,
        request=taken.requests[0].shown(400),
        replies=dict(zip(names, map(reply_as_json, taken.answers), strict=True)),
        reproduce=dict(zip(names, map(curl, taken.requests, taken.hosts), strict=True)),
        handlers=_handlers(signature.place, stacks),
    )


def _concerning(cluster: Cluster, lane: int) -> list[Breach]:
    # A reply may break the contract elsewhere too, which explains nothing here.
    found = cluster.taken.breaches[lane]
    return [breach for breach in found if concerns(breach, cluster.difference)]


def blamed_by_others(found: Finding, violations: Iterable[Violation]) -> Finding:
    """Blame by what other replies broke at the same place, where this one says nothing.

    The first reply that differs in order need not be one of which the order is written.
    """
    related = [
        one
        for one in violations
        if one.operation == found.operation
        and one.stack in found.stacks
        and f"{one.where}/".startswith(f"{found.where}/")
    ]
    if found.blamed or not found.where or not related:
        return found
    return replace(
        found,
        blamed=list(dict.fromkeys(one.stack for one in related)),
        rules=[f"{one.stack}: {one.message} ({one.rule})" for one in related[:2]],
    )


def reply_as_json(answer: Answer) -> dict[str, Any]:
    """An answer for a report: status, headers, body; or what failed."""
    if isinstance(answer, Failure):
        return {"status": None, "headers": [], "body": None, "failure": answer.text}
    body = parsed(answer.body[:MOST_BODY])
    if isinstance(body, Broken):
        body = answer.body[:MOST_BODY].decode("utf-8", "replace")
    headers = [list(pair) for pair in answer.headers]
    return {"status": answer.status, "headers": headers, "body": body}


def _handlers(operation: str, stacks: Sequence[Stack | RunningStack]) -> dict[str, str]:
    """File and line of the handler named after an operation, in each stack's folder."""
    found = {}
    for stack in stacks:
        if isinstance(stack, Stack) and (place := handler(stack.folder, operation)):
            found[stack.name] = place
    return found


def handler(folder: Path, operation: str) -> str | None:
    """Where `operation` is implemented below `folder`, by the name of the function."""
    if not operation.isidentifier():
        return None
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", operation).lower()
    named = re.compile(rf"\b(?:def {snake}|function {operation})\s*\(")
    for path in sorted((*folder.glob("*.py"), *folder.glob("*.js"))):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if named.search(line):
                short = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
                return f"{short}:{number}"
    return None
