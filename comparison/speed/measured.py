"""What the rounds of one workload gave, and how it is written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from comparison.speed.check import Lane
from comparison.speed.figures import measure, near, ratios
from comparison.speed.order import Order
from comparison.speed.record import Workload
from comparison.speed.rounds import Slices
from comparison.speed.workloads import WorkloadPlan


@dataclass(frozen=True)
class Measured:
    """One workload; `ceiling` is that of the load generator, in answers a second."""

    name: str
    plan: WorkloadPlan
    lanes: Sequence[Lane]
    slices: Mapping[str, Slices]
    ceiling: float | None

    def lane(self, name: str) -> Lane | None:
        """That of a server, unless it is void."""
        if name not in self.slices or self.slices[name].void is not None:
            return None
        return next(lane for lane in self.lanes if lane.name == name)

    def at_least(self, name: str) -> bool:
        """Whether a server took so much of the load generator that it may be faster."""
        throughput = self.slices[name].rates
        return bool(throughput) and near(float(np.median(throughput)), self.ceiling)

    def written(
        self, pairs: Iterable[tuple[str, str]], margin: float, order: Order
    ) -> Workload:
        """The figures; `pairs` are whose are held against whose."""
        here = [(one, two) for one, two in pairs if {one, two} <= self.slices.keys()]
        asked = (one for lane in self.lanes for one in lane.asked)
        operations = dict.fromkeys(order.operation(one) for one in asked)
        return Workload(
            name=self.name,
            title=self.plan.title,
            operations=[name for name in operations if name is not None],
            writes=self.plan.changes,
            ceiling=self.ceiling,
            measures=[
                measure(name, slices, self.ceiling, order.seed)
                for name, slices in self.slices.items()
            ],
            ratios=ratios(here, self.slices, margin, order.seed),
        )
