"""`--fail-if-slower`: whether a measurement shows a stack slower than the first one."""

from collections.abc import Iterator, Mapping
from typing import Any

from comparison.speed.contention import decisive


def is_slower(speed: Mapping[str, Any], percent: float | None) -> bool:
    """Whether a stack is slower than the first by more than that, beyond doubt.

    Over all workloads or in one of them; as far as nobody knows, since its answers are
    void, too.
    """
    if percent is None:
        return False
    stacks = {one["name"] for one in speed["subjects"] if one["role"] == "stack"}
    measures = (one for workload in speed["workloads"] for one in workload["measures"])
    return any(one["void"] for one in measures if one["subject"] in stacks) or any(
        _is_beyond(one, percent) for one in _deciding(speed) if one["subject"] in stacks
    )


def _deciding(speed: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The ratios that count: of each pair one, in each workload and over all.

    Of a server that runs already only throughput is known, and of one that may be
    faster than the load generator could show, that not either.
    """
    wanted = decisive(speed["machine"])
    for part in ({"ratios": speed["overall"], "measures": []}, *speed["workloads"]):
        capped = {one["subject"] for one in part["measures"] if one["at_least"]}
        by_pair: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}
        for one in part["ratios"]:
            by_pair.setdefault((one["subject"], one["to"]), {})[one["quantity"]] = one
        for (subject, _), found in by_pair.items():
            if wanted in found and (wanted == "cpu" or subject not in capped):
                yield found[wanted]
            elif "throughput" in found and subject not in capped:
                yield found["throughput"]


def _is_beyond(ratio: Mapping[str, Any], percent: float) -> bool:
    """Whether it shows something slower, by more than so many per cent."""
    kept, found = 1 - percent / 100, ratio["ratio"]
    slower = found["high"] < kept
    if ratio["quantity"] == "cpu":
        slower = found["low"] * kept > 1
    return bool(slower and ratio["verdict"] == "slower")
