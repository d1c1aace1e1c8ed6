"""The drift in words that terminal and page share."""

from collections.abc import Mapping, Sequence
from typing import Any

from comparison.report.layout import many

MOST_NAMES = 3
_HEADINGS = frozenset({"operationIds", "security"})
_SENT = ("request", "path", "query", "header", "cookie")


def count(entry: Mapping[str, Any]) -> str:
    """How much a document drifts, in a few words."""
    if entry["compared"] is None:
        return "no document"
    drifts = [one for group in entry["groups"] for one in group["drifts"]]
    total = len(drifts) + entry["left"]
    limits = sum(one["limit"] for one in drifts)
    kinds = f", {limits:,} of them limits" if limits else ""
    return f"{many(total, 'drift')}{kinds}, in {many(entry['compared'], 'operation')}"


def subject(group: Mapping[str, Any], every: int) -> str:
    """What a group is about; of a schema, where it is used."""
    names = group["schema"]
    if names is None:
        return str(group["about"][:1].upper() + group["about"][1:])
    alike = names["contract"] == names["document"]
    other = "" if alike else f", {names['document']} in the document"
    places = ", ".join(group["places"][:MOST_NAMES])
    more = ", …" if len(group["places"]) > MOST_NAMES else ""
    who = users(group["operations"], every)
    return f"Schema {names['contract']}{other} · {places}{more} of {who}"


def users(operations: Sequence[str], every: int) -> str:
    """Which operations are meant, or how many."""
    if len(operations) <= MOST_NAMES:
        return ", ".join(operations)
    if len(operations) == every:
        return f"all {every} operations"
    return many(len(operations), "operation")


def said(drift: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    """What stands where, in either document: `user → email: string`."""
    parts = [where(drift, group), value(drift)]
    return ": ".join(filter(None, parts))


def where(drift: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    """The way to it; what the heading says is not said again."""
    return "" if group["about"] in _HEADINGS else " → ".join(drift["where"])


def value(drift: Mapping[str, Any]) -> str:
    """What one document says, or both."""
    if drift["kind"] == "against":
        return f"contract {drift['contract']}, document {drift['document']}"
    return str(drift["contract"] or drift["document"])


def limits(group: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The drifts that narrow values, and leave their shape."""
    return [one for one in group["drifts"] if one["limit"]]


def limited(groups: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    """How many limits each schema lacks or has, by where operations use it."""
    found: dict[str, list[tuple[str, int]]] = {}
    for group in groups:
        if some := limits(group):
            names = group["schema"]
            name = names["contract"] if names else group["about"]
            sent = not names or group["places"][0].startswith(_SENT)
            found.setdefault("requests" if sent else "replies", [])
            found["requests" if sent else "replies"].append((name, len(some)))
    return found
