"""`--baseline`: a run against an earlier one: what is new, gone, or as it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from comparison.configuration.severity import FailOn, fails
from comparison.findings.results import Finding, Violation
from comparison.run import Run

Result = Finding | Violation


@dataclass(frozen=True)
class Baseline:
    """What became of differences and violations since the earlier run.

    What that run had and this one did not ask again is `unasked`, not `gone`.
    `warnings` say why the two may not be comparable.
    """

    new: tuple[Result, ...]
    gone: tuple[Result, ...]
    unchanged: tuple[Result, ...]
    unasked: tuple[Result, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def _fresh(self) -> frozenset[int]:
        return frozenset(map(id, self.new))

    def is_new(self, result: Result) -> bool:
        """Whether a result of this run is one of the new ones."""
        return id(result) in self._fresh

    def failed(self, fail_on: FailOn) -> bool:
        """Whether anything new is severe enough to fail the run."""
        return any(fails(one.severity, fail_on) for one in self.new)


def against(run: Run, baseline: Run) -> Baseline:
    """Compare two runs.

    A difference is the same by its id, a violation by stack, operation, kind, place
    and rule. What the earlier run had is not new, listed as known or not.
    """
    before = {_key(one): one for one in _results(baseline)}
    now = {_key(one): one for one in _results(run)}
    missing = [one for key, one in before.items() if key not in now]
    asked = {_key(one): _asked(one, run, baseline) for one in missing}
    return Baseline(
        new=tuple(
            one for key, one in now.items() if key not in before and _unlisted(one)
        ),
        gone=tuple(one for one in missing if asked[_key(one)]),
        unchanged=tuple(
            one for key, one in now.items() if key in before and _unlisted(one)
        ),
        unasked=tuple(one for one in missing if not asked[_key(one)]),
        warnings=tuple(_warnings(run, baseline)),
    )


def _results(run: Run) -> Iterator[Result]:
    yield from run.findings
    yield from run.violations


def _key(result: Result) -> tuple[str, ...]:
    return (result.id,) if isinstance(result, Finding) else result.key


def _unlisted(result: Result) -> bool:
    return result.known is None


def _asked(result: Result, run: Run, baseline: Run) -> bool:
    """Whether `run` would have shown what the earlier run had."""
    stacks = result.stacks if isinstance(result, Finding) else [result.stack]
    if not {*stacks} <= {*_stacks(run)}:
        return False
    count = run.exchanges.get(result.operation, 0)
    if run.footer["partial"]:
        # The plans of an operation may all have been asked for all that.
        return count >= max(baseline.exchanges.get(result.operation, 0), 1)
    return count > 0


def _warnings(run: Run, baseline: Run) -> Iterator[str]:
    if run.header["contract"]["sha256"] != baseline.header["contract"]["sha256"]:
        yield "the contract has changed since the baseline: other requests were made"
    before, now = _stacks(baseline), _stacks(run)
    if before != now:
        yield (
            f"the baseline compared {', '.join(before)}, this run {', '.join(now)}:"
            " what is the same difference may count as new"
        )
    if run.header["seed"] != baseline.header["seed"]:
        yield "the baseline has another seed: what is gone may only be hidden"
    if baseline.footer["partial"]:
        yield "the baseline is partial: what is new may have been there before"


def _stacks(run: Run) -> list[str]:
    return [stack["name"] for stack in run.header["stacks"]]


def failed(run: Run, baseline: Baseline | None) -> bool:
    """Whether a run fails: with a baseline by what is new in it alone."""
    if baseline is None:
        return run.failed
    return baseline.failed(run.fail_on) or bool(run.breakdowns or run.stale)
