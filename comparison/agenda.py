"""What a run asks: by scenarios and contract, by a recording, and by the last run."""

import sys
from contextlib import ExitStack
from dataclasses import replace

from comparison.cases.corpus import Corpus
from comparison.cases.probes import probes
from comparison.contracts.contract import Contract
from comparison.exchanges.guard import Guard
from comparison.inputs import Inputs
from comparison.options import Options, UsageError
from comparison.plan_mask import is_damaged, left_out
from comparison.plans.identity import ANONYMOUS
from comparison.plans.plan import WORLD, Plan, Step, plan_from_json
from comparison.plans.rounds import cast_of, escaped
from comparison.plans.scenarios import Scenarios
from comparison.plans.schedule import Budget, Schedule
from comparison.plans.selection import Selection
from comparison.run import RunError, plans_of, read_run

# How many fuzzed cases every operation gets, and when a run ends, if nobody says so.
EXAMPLES = 30
SECONDS = 300.0


def agenda(inputs: Inputs, held: ExitStack) -> Schedule:
    """What is to be asked; generating goes on in the background while `held` is."""
    options, contract, source = inputs.options, inputs.contract, inputs.source
    if source and not source.plans:
        notes = " ".join(source.notes)
        raise UsageError(f"{options.replay} holds nothing to be asked again. {notes}")
    budget, guard = _budget(inputs), inputs.guard
    selection = Selection(options.select, options.ignore)
    only = _wanted(contract, selection, guard)
    corpus = held.enter_context(_corpus(inputs, budget, only))
    generated = [] if source else list(map(escaped, corpus.fixed()))
    tried = probes(contract, generated, inputs.scenarios.world)
    schedule = Schedule(
        cast=cast_of(contract, reachable(inputs), inputs.secret_known, inputs.users),
        written=source.plans if source else [*_again(inputs), *inputs.scenarios.plans],
        cases=[*generated, *tried],
        fuzz=lambda chunk: map(escaped, corpus.chunk(chunk)),
        budget=budget,
        seed=options.seed,
        selection=selection,
        guard=guard,
        world=inputs.scenarios.world,
        written_only=source is not None,
    )
    if not schedule.fixed() and only == frozenset():
        raise UsageError(
            "Nothing is selected: no plan has an id, operation, tag or rule that fits."
            " `python compare.py --list` shows them all."
        )
    return schedule


def reachable(inputs: Inputs) -> Scenarios:
    """The scenarios as far as they can be asked.

    Where nothing may be changed nobody logs in and no world is made; what is bound to
    those would come to no end.
    """
    every = inputs.scenarios
    if not inputs.guard.read_only:
        return every
    users = {ANONYMOUS, *inputs.users}
    kept = {
        name: one
        for name, one in every.bindings.items()
        if one.identity in users and not one.before and "${" not in str(one.path)
    }
    return Scenarios(bindings=kept)


def _corpus(inputs: Inputs, budget: Budget, only: frozenset[str] | None) -> Corpus:
    options = inputs.options
    # Generated while what comes before is asked, and never more than is needed.
    examples = sys.maxsize if budget.examples is None else budget.examples
    return Corpus(
        inputs.contract,
        options.seed,
        options.cache,
        inputs.say,
        ahead=0 if inputs.source else -(-examples // EXAMPLES),
        only=only,
    )


def _wanted(
    contract: Contract, selection: Selection, guard: Guard
) -> frozenset[str] | None:
    """The operations of which random cases may be sent; None for all of them."""
    found = set()
    for one in contract.operations:
        step = Step(f"{one.method} {one.path}")
        plan = Plan(f"{one.id}/fuzz-", (step,), one.id)
        allowed = not guard.refusal(one.method, one.path)
        if allowed and selection.takes(plan, contract):
            found.add(one.id)
    return None if len(found) == len(contract.operations) else frozenset(found)


def _again(inputs: Inputs) -> list[Plan]:
    """What showed the differences of the last run: asked first, to see them mended."""
    try:
        run = read_run(inputs.options.run_file)
    except RunError:
        return []
    names = [stack.name for stack in inputs.stacks]
    same = run.header["contract"]["sha256"] == inputs.contract.digest
    if not same or names != [stack["name"] for stack in run.header["stacks"]]:
        return []
    found = [f for f in run.open if f.plan["id"] != WORLD]
    plans = {f.id: plan_from_json(f.plan) for f in found if not is_damaged(f.plan)}
    if count := len(found) - len(plans):
        what = f"what shows each of {count} differences of the last run"
        inputs.say(left_out(what, "asked again"))
    return [
        # The world may have changed, so that they come to no end.
        replace(plan, id=f"again/{name}", title="shown last time", drawn=True)
        for name, plan in plans.items()
    ]


def _budget(inputs: Inputs) -> Budget:
    options = inputs.options
    seconds = options.time or inputs.config.time
    examples = options.max_examples
    if examples is None and seconds is None:
        examples = EXAMPLES
    return Budget(examples, seconds or SECONDS, options.max_requests)


def _asked(options: Options) -> Plan | None:
    """The plan of this name, or of the difference of this name, of the last run."""
    source = options.source or options.run_file
    if not source.exists():
        return None
    for finding in read_run(source).findings:
        if finding.id == options.case:
            return plan_from_json(finding.plan)
    return next((plan for plan in plans_of(source) if plan.id == options.case), None)


def find_plan(inputs: Inputs, held: ExitStack) -> Plan:
    """The plan of a difference of the last run, or one that is asked anyway."""
    options = inputs.options
    if options.case == WORLD:
        return Plan(WORLD, tuple(inputs.setting.world), title="the world")
    asked = _asked(options)
    if asked is not None and not is_damaged(asked.as_json()):
        return asked
    for plan in agenda(inputs, held).fixed():
        if plan.id == options.case:
            return plan
    if asked is not None:
        raise UsageError(left_out(f"the plan of {options.case}", "asked again"))
    raise UsageError(
        f"There is no plan and no difference {options.case!r}."
        " `python compare.py --list` shows the plans, a report the differences."
    )
