"""Differences of one kind are one finding: signatures, themes, what shows them."""

import hashlib
import json
import pickle
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from comparison.exchanges.exchange import Answer, Failure
from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken, Trace
from comparison.exchanges.view import View
from comparison.plans.plan import WORLD, Plan, Step

# A server that answers at random has endless differences; nobody reads so many.
MOST_SIGNATURES = 5000
# Replies are shown to people; nobody reads megabytes of them.
MOST_BODY = 20_000
MOST_OTHERS = 8
# Of one shape, which is that of a plan of one operation with so many steps.
MOST_ALIKE = 3


@dataclass(frozen=True)
class Signature:
    """What makes two differences the same finding.

    `groups` holds the lanes that answered alike, those of the reference first.
    """

    place: str
    kind: str
    where: str
    groups: tuple[tuple[int, ...], ...]
    trigger: str = ""

    @property
    def id(self) -> str:
        """A short name, the same in every run."""
        content = "\n".join((self.place, self.kind, self.where, self.trigger))
        text = f"{content}\n{self.groups}"
        end = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:4]
        place = "".join(c if c.isalnum() else "-" for c in self.place).strip("-")
        return f"{place}.{self.kind}.{end}"

    @property
    def theme(self) -> str:
        """What findings of several operations may have in common."""
        part = self.where.rsplit("/", 1)[-1]
        return " ".join(word for word in (self.kind, part, self.trigger) if word)


@dataclass(frozen=True)
class Evidence:
    """What shows a difference: step `step` of `plan`, as it was `taken`.

    `history` are steps before the plan that may have a part in it.
    """

    plan: Plan
    step: int
    taken: Taken
    split: Split
    history: tuple[Step, ...] = ()

    def whole(self, count: int) -> Plan:
        """The plan with the last `count` steps before it, for a fresh world."""
        steps = (*self.history[-count:], *self.plan.steps)
        return replace(
            self.plan, steps=steps, setup=self.plan.setup + count, drawn=True
        )


@dataclass
class Cluster:
    """All differences of one signature: their number, and where the best one lies.

    `before` counts the steps since the first state that may have a part in it: the
    fewer, the better it is shown; `restarts` counts how often the stacks were made
    fresh to see it with fewer. `others` are places of other plans that show it, for
    where the best one does only because of what was before it; `shapes` tells them
    apart. `noisy` names stacks that differ there from themselves. `tainted`: seen only
    after the states of the stacks had parted for another reason.
    """

    signature: Signature
    at: int
    plan: str
    tainted: bool
    before: int
    count: int = 1
    restarts: int = 0
    stable: bool = True
    confirmed: bool = True
    noisy: list[str] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    shapes: Counter[tuple[str, int]] = field(default_factory=Counter)


class Clusters:
    """The findings of a run so far; what shows them is kept on disk until `close`."""

    def __init__(self) -> None:
        self.by_signature: dict[Signature, Cluster] = {}
        self.unlisted = 0
        # Closed by `close`: it lives as long as the run.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def add(self, trace: Trace) -> list[Cluster]:
        """Sort in what a trace shows; gives the clusters that it was sorted into."""
        found: dict[Signature, Cluster] = {}
        for signature, evidence in differences(trace):
            known = self.by_signature.get(signature)
            if known is not None:
                self._again(known, evidence, trace)
                found[signature] = known
            elif len(self.by_signature) >= MOST_SIGNATURES:
                self.unlisted += 1
            else:
                at, before = self._put(evidence), len(trace.history)
                cluster = Cluster(signature, at, trace.plan.id, trace.tainted, before)
                cluster.shapes[_shape(trace.plan)] = 1
                self.by_signature[signature] = found[signature] = cluster
        return list(found.values())

    def _again(self, cluster: Cluster, evidence: Evidence, trace: Trace) -> None:
        cluster.count += 1
        cluster.tainted = cluster.tainted and trace.tainted
        before = len(trace.history)
        # The world can be made smaller by nobody.
        if cluster.plan == WORLD:
            self.improve(cluster, evidence)
        elif before < cluster.before:
            cluster.others.append(cluster.at)
            self.improve(cluster, evidence)
            cluster.before = before
        else:
            self._keep_other(cluster, evidence)

    def load(self, cluster: Cluster) -> Evidence:
        """What shows a cluster."""
        return self._get(cluster.at)

    def others(self, cluster: Cluster) -> Iterator[Evidence]:
        """What else shows it, of other shapes."""
        return map(self._get, cluster.others)

    def improve(self, cluster: Cluster, evidence: Evidence) -> None:
        """Keep something that shows it better."""
        cluster.at, cluster.plan = self._put(evidence), evidence.plan.id

    def drop(self, cluster: Cluster) -> None:
        """Forget one that was no finding."""
        del self.by_signature[cluster.signature]

    def close(self) -> None:
        """Remove what is on disk."""
        self._file.close()

    def _keep_other(self, cluster: Cluster, evidence: Evidence) -> None:
        shape = _shape(evidence.plan)
        alike = cluster.shapes[shape]
        if len(cluster.others) < MOST_OTHERS and alike < MOST_ALIKE:
            cluster.shapes[shape] += 1
            cluster.others.append(self._put(evidence))

    def _get(self, at: int) -> Evidence:
        self._file.seek(at)
        # Its own file, which nobody else can write to.
        found: Evidence = pickle.load(self._file)  # noqa: S301
        return found

    def _put(self, evidence: Evidence) -> int:
        at = self._file.seek(0, 2)
        answers = tuple(map(_trimmed, evidence.taken.answers))
        operation = evidence.taken.operation
        # Its definition may be large, and is in the contract.
        known = None if operation is None else replace(operation, definition={})
        taken = replace(evidence.taken, answers=answers, views=(), operation=known)
        pickle.dump(replace(evidence, taken=taken), self._file)
        return at


def _shape(plan: Plan) -> tuple[str, int]:
    return plan.id.split("/")[0], len(plan.steps)


def _trimmed(answer: Answer) -> Answer:
    """An answer as far as it is shown to anybody."""
    if isinstance(answer, Failure) or len(answer.body) <= MOST_BODY:
        return answer
    return replace(answer, body=answer.body[:MOST_BODY])


def differences(trace: Trace) -> Iterator[tuple[Signature, Evidence]]:
    """Every difference of a trace, with its signature."""
    for step, taken in enumerate(trace.taken):
        for split in taken.splits:
            signature = Signature(
                taken.place,
                split.kind,
                split.where,
                split.groups,
                _trigger(taken, split),
            )
            yield signature, Evidence(trace.plan, step, taken, split, trace.history)


def _trigger(taken: Taken, split: Split) -> str:
    """What tells two causes apart where kind and place are the same."""
    first = [group[0] for group in split.groups]
    if split.kind in {"status", "broken"}:
        pairs = ((split.values[at], _errors(taken.views[at])) for at in first)
        return " against ".join(" ".join(filter(None, pair)) for pair in pairs)
    if split.where.startswith("/errors"):
        return " against ".join(split.values[at] for at in first)
    return ""


def _errors(view: View) -> str:
    """The errors of a reply in the shape of this contract, short; else nothing.

    What is minted in them has a name, so that they are the same every time.
    """
    body = view.body
    if not isinstance(body, dict) or "errors" not in body:
        return ""
    return json.dumps(body["errors"], sort_keys=True)[:120]
