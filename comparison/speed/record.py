"""What a measurement of speed wrote down; renderers know this, and nothing else of it.

Every figure of a closed loop has its interval; what was asked a few times only, as each
rate of an open loop or a cold start, has the range of these. What could not be measured
is None, with a note that says why; nothing is estimated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

VERSION = 2

Role = Literal["stack", "control", "reference"]
Quantity = Literal["throughput", "cpu"]
Verdict = Literal["faster", "slower", "no clear difference"]


@dataclass(frozen=True)
class Interval:
    """An estimate and the ends of its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Subject:
    """Whoever was measured, as one running server.

    A `control` is a second process of the stack `of`: what differs between the two is
    the noise of this machine. A `reference` answers the same bytes from memory with
    less and less around it; `of` is the stack that it belongs to, and `layer` what it
    still has: framework, toolkit or server.
    """

    name: str
    title: str
    role: Role
    of: str | None = None
    layer: Literal["framework", "toolkit", "server"] | None = None


@dataclass(frozen=True)
class Measure:
    """What a closed loop of some connections got from a subject.

    `throughput` is in requests per second; `at_least` where the load generator itself
    was near its ceiling. `latency` has the percentiles p50, p90, p99 in milliseconds.
    `cpu` is processor time of all of the subject's processes, in microseconds per
    request. `void` says why the figures do not count: a wrong answer.
    """

    subject: str
    requests: int
    rounds: int
    throughput: Interval | None
    at_least: bool
    latency: Mapping[str, float]
    cpu: Interval | None
    void: str | None = None


@dataclass(frozen=True)
class Ratio:
    """A subject's figure as a multiple of that of another, paired round by round.

    For `throughput` more is faster, for `cpu` less is; the verdict says which.
    """

    subject: str
    to: str
    quantity: Quantity
    ratio: Interval
    verdict: Verdict


@dataclass(frozen=True)
class Workload:
    """One kind of request, and what every subject made of it.

    `ceiling` is how many answers of this size per second the load generator takes.
    """

    name: str
    title: str
    operations: Sequence[str]
    writes: bool
    ceiling: float | None
    measures: Sequence[Measure]
    ratios: Sequence[Ratio]


@dataclass(frozen=True)
class Point:
    """Latency at a fixed rate of arrivals, counted from when a request was due.

    `rate` is what was asked per second, `achieved` what was answered. Percentiles are
    in milliseconds; `lag` is how late the generator itself was at its 99th percentile,
    and a point is `disturbed` where that is too much to believe it.
    """

    rate: float
    achieved: float
    p50: Interval
    p99: Interval
    lag: float
    disturbed: bool


@dataclass(frozen=True)
class Curve:
    """Latency against load of one subject; `knee` is the last rate that it keeps up."""

    workload: str
    subject: str
    points: Sequence[Point]
    knee: float | None


@dataclass(frozen=True)
class Resources:
    """What a subject takes: memory in MiB of all its processes, start in milliseconds.

    A cold start is from the start of its process to its first whole reply.
    """

    subject: str
    memory_idle: float | None
    memory_loaded: float | None
    cold_start: Interval | None
    starts: int
    processes: int


@dataclass(frozen=True)
class Step:
    """One point of a growth: so many workers, or articles, and the figures there.

    `reply` is the mean length of the replies in bytes: lists among fewer are shorter.
    `at_least` as in `Measure`.
    """

    at: int
    throughput: Interval
    ratio: Interval
    cpu: Interval | None
    reply: int
    at_least: bool


@dataclass(frozen=True)
class Growth:
    """How a figure changes with the number of workers or of articles.

    `ratio` of a step is its throughput as a multiple of that at `base`.
    """

    over: Literal["workers", "articles"]
    workload: str
    subject: str
    base: int
    steps: Sequence[Step]
    note: str | None = None


@dataclass(frozen=True)
class Generator:
    """The load generator, and how fast it is itself against a server that does nothing.

    `ceiling` is in requests per second.
    """

    name: str
    version: str
    connections: int
    ceiling: Interval


@dataclass(frozen=True)
class Speed:
    """A whole measurement; the only thing that reports are drawn from.

    `rows` says how much of everything the database has, by table. `overall` has the
    geometric means of the ratios of all workloads but those that stand apart, and in
    throughput but those in which the load generator was near its ceiling.
    `references` are workloads of one single request, asked of the stacks and of the
    references, which all answer it with the same bytes.
    `breakdowns` are those of the profiler, see `profiling`. `margin` is the least ratio
    that is told apart from noise, from the means of the controls: 0.03 for three per
    cent. `machine` has `waiting` too, see `contention`.
    """

    form: Literal["quick", "full", "thorough"]
    started: str
    seconds: float
    seed: int
    confidence: float
    margin: float
    machine: Mapping[str, Any]
    rows: Mapping[str, int]
    generator: Generator
    subjects: Sequence[Subject]
    workloads: Sequence[Workload]
    overall: Sequence[Ratio] = ()
    references: Sequence[Workload] = ()
    curves: Sequence[Curve] = ()
    resources: Sequence[Resources] = ()
    growths: Sequence[Growth] = ()
    breakdowns: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON has it; described by report/speed.schema.json."""
        return {"version": VERSION, **asdict(self)}
