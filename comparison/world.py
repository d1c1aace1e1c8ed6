"""Whether the world is what plans need: every step taken, a token for every user."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from comparison.exchanges.exchange import Failure
from comparison.exchanges.trace import Taken, Trace
from comparison.plans.binding import save
from comparison.plans.identity import is_user, token_of, tokens
from comparison.plans.plan import Step, Unbound, Values

_ADVICE = (
    "Mend that step in the configuration, or the server; --case world shows every"
    " exchange."
)


class WorldError(Exception):
    """The world lacks something; the text says which step, and what to do."""


def check_world(world: Trace, stacks: Sequence[str], users: Iterable[str]) -> None:
    """Raise `WorldError` unless all steps were taken and all of `users` have tokens.

    Without them next to nothing would be asked, on all stacks alike, and be called the
    same. Where the stacks themselves have parted, that is the difference to be told.
    """
    if world.parted:
        return
    steps = world.plan.steps
    asking = (step.identity for step in steps)
    for user in dict.fromkeys([*filter(is_user, asking), *users]):
        lacking = [
            name
            for name, values in zip(stacks, world.values, strict=True)
            if not _has_token(user, values)
        ]
        if lacking:
            raise WorldError(_no_token(user, lacking, world, stacks))
    if world.stopped:
        number = len(world.taken)
        raise WorldError(
            f"The world could not be made: {_named(steps, number)} was not asked:"
            f" {world.stopped}. {_ADVICE}"
        )


def given_tokens(trace: Trace, world: Trace) -> Iterator[str]:
    """The tokens in what a plan was answered where users of the world get theirs."""
    logins = {taken.place: taken.step for taken in world.taken if taken.step.save}
    for taken in trace.taken:
        if taken.place in logins:
            for answer in taken.answers:
                values: dict[str, Any] = {}
                save(logins[taken.place], answer, values)
                yield from tokens(values)


def _has_token(user: str, values: Values) -> bool:
    try:
        token_of(user, values)
    except Unbound:
        return False
    return True


def _no_token(
    user: str, lacking: Sequence[str], world: Trace, stacks: Sequence[str]
) -> str:
    steps = world.plan.steps
    names = {user, f"{user}.token"}
    numbers = [n for n, step in enumerate(steps) if names & step.save.keys()]
    whom = f"{user} has no token on {' and '.join(lacking)}"
    if not numbers:
        return (
            f"{whom}, and nothing that would give one: write a login under"
            f" [users.{user}], or `tokens` for every stack."
        )
    number = numbers[-1]
    step = _named(steps, number)
    if number >= len(world.taken):
        stopped = f"the world ended before it: {world.stopped}"
        return f"{whom}: {step} was not asked, since {stopped}. {_ADVICE}"
    answered = _answered(world.taken[number], stacks)
    return f"{whom}: {step} was answered {answered}, without a token. {_ADVICE}"


def _named(steps: Sequence[Step], number: int) -> str:
    return f"{steps[number].request} (step {number + 1} of the world)"


def _answered(taken: Taken, stacks: Sequence[str]) -> str:
    """What each stack answered: `401 by old and new`."""
    found: dict[str, list[str]] = {}
    for name, answer in zip(stacks, taken.answers, strict=True):
        said = answer.text if isinstance(answer, Failure) else str(answer.status)
        found.setdefault(said, []).append(name)
    return ", ".join(f"{said} by {' and '.join(who)}" for said, who in found.items())
