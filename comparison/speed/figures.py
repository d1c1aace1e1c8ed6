"""What the rounds of a workload come to: figures, ratios and verdicts."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from comparison.speed.record import Measure, Quantity, Ratio, Step
from comparison.speed.rounds import Slices
from comparison.speed.statistics import interval, overall, ratio, verdict

# A server that takes this share of what the load generator can is "at least" so fast.
NEAR_CEILING = 0.7


def measure(subject: str, slices: Slices, ceiling: float | None, seed: int) -> Measure:
    """The figures of one subject; where they are void, only why."""
    if slices.void is not None or not slices.rates:
        void = slices.void or "no answer came"
        return Measure(subject, slices.answered, 0, None, False, {}, None, void)
    throughput = interval(slices.rates, seed)
    return Measure(
        subject=subject,
        requests=slices.answered,
        rounds=len(slices.rates),
        throughput=throughput,
        at_least=throughput is not None and near(throughput.value, ceiling),
        latency=_latency(slices),
        cpu=interval([one for one in slices.cpu if one > 0], seed),
    )


def near(rate: float, ceiling: float | None) -> bool:
    """Whether the load generator may have been what so many answers a second show."""
    return ceiling is not None and rate >= NEAR_CEILING * ceiling


def _latency(slices: Slices) -> Mapping[str, float]:
    """The median over the rounds of each percentile, in milliseconds."""
    told = [one.latency for one in slices.answers if one.answered]
    names = told[0] if told else {}
    return {
        name: float(np.median([one[name] or 0.0 for one in told])) for name in names
    }


def ratios(
    pairs: Iterable[tuple[str, str]],
    slices: Mapping[str, Slices],
    margin: float,
    seed: int,
) -> list[Ratio]:
    """Those of each pair of names, of which neither is void, in throughput and CPU."""
    found = []
    for subject, other in pairs:
        one, two = slices[subject], slices[other]
        if one.void is not None or two.void is not None:
            continue
        throughput = ratio(one.rates, two.rates, seed)
        cpu = ratio(one.cpu, two.cpu, seed)
        if throughput is not None:
            told = verdict(throughput, margin, more_is_faster=True)
            found.append(Ratio(subject, other, "throughput", throughput, told))
        if cpu is not None:
            told = verdict(cpu, margin, more_is_faster=False)
            found.append(Ratio(subject, other, "cpu", cpu, told))
    return found


def means(
    logs: Mapping[tuple[str, str, Quantity], Sequence[Sequence[float]]],
    margin: float,
    seed: int,
) -> list[Ratio]:
    """The geometric means over workloads, from the logarithms of each pair's ratios."""
    found = []
    for (subject, other, quantity), each in logs.items():
        mean = overall(each, seed)
        if mean is not None:
            told = verdict(mean, margin, more_is_faster=quantity == "throughput")
            found.append(Ratio(subject, other, quantity, mean, told))
    return found


def steps(
    by_count: Mapping[int, Slices],
    sizes: Mapping[int, int],
    base: int,
    ceiling: float | None,
    seed: int,
) -> list[Step]:
    """The steps of a growth that are not void, if that of the base is not."""
    first = by_count[base]
    found = []
    for count, one in by_count.items():
        if one.void is not None or first.void is not None:
            continue
        throughput = interval(one.rates, seed)
        grown = ratio(one.rates, first.rates, seed)
        cpu = interval([figure for figure in one.cpu if figure > 0], seed)
        if throughput is not None and grown is not None:
            capped = near(throughput.value, ceiling)
            found.append(Step(count, throughput, grown, cpu, sizes[count], capped))
    return found
