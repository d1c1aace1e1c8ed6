"""How a stack is brought into its first state: afresh, by a command, by a request."""

import secrets
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.configuration.config import Reset
from comparison.exchanges.exchange import SUCCESS, Answer, Failure
from comparison.exchanges.execute import Lane
from comparison.exchanges.guard import Guard
from comparison.mask import Mask
from comparison.plans.binding import save
from comparison.plans.identity import NoSecret, is_user
from comparison.plans.plan import Step, Unbound
from comparison.running import StackError

MOST_LINES = 15

# What each way is called that does not come down to starting the stack again.
Way = Callable[[Reset, Lane, "Means"], None]


@dataclass(frozen=True)
class Means:
    """What a request needs: who may be asked, how users log in, and other `values`."""

    guard: Guard
    world: Sequence[Step] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    mask: Mask = field(default_factory=Mask)


def by_command(reset: Reset, lane: Lane, _means: Means) -> None:
    """Run the command. Raises `StackError` unless it ends well."""
    name = lane.stack.name
    try:
        done = subprocess.run(  # noqa: S603 - a command of the configuration
            reset.command,
            cwd=reset.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=reset.timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        text = f"took over {reset.timeout:g} s"
        raise _failed(name, reset.command, text, "") from None
    except OSError as error:
        raise _failed(name, reset.command, f"did not start: {error}", "") from None
    if done.returncode:
        text = f"ended with exit code {done.returncode}"
        raise _failed(name, reset.command, text, done.stdout)


def by_request(reset: Reset, lane: Lane, means: Means) -> None:
    """Send the request. Raises `StackError` unless it is answered with 2xx."""
    if reset.request is None:
        raise RuntimeError("a reset by request has a request")
    # What was left unread of an earlier request must not be taken for part of this.
    lane.client.close()
    values = dict(lane.world)
    if not values:
        # Before the first world. Nobody knows what is there: names must be new.
        run = f"r{secrets.token_hex(2)}"
        values = {"run": run, **means.values, **lane.stack.users}
    if is_user(reset.request.identity) and reset.request.identity not in values:
        _log_in(reset.request.identity, lane, means, values)
    answer = _answer(reset.request, lane, means, values)
    if isinstance(answer, Failure):
        said = answer.text
    elif answer.status in SUCCESS:
        return
    else:
        body = means.mask.text(answer.body.decode("utf-8", "replace"))
        said = f"status {answer.status}: {body[:200]}"
    raise _not_reset(lane, reset.request, said)


def _log_in(user: str, lane: Lane, means: Means, values: dict[str, Any]) -> None:
    """Get the token of a user as the world would, which is not there yet."""
    names = {user, f"{user}.token"}
    for step in means.world:
        if names & step.save.keys():
            save(step, _answer(step, lane, means, values), values)


def _answer(step: Step, lane: Lane, means: Means, values: Mapping[str, Any]) -> Answer:
    try:
        request = lane.request(step, values)
    except Unbound as error:
        said = f"nothing on this stack gives a value for {error} before the reset"
        raise _not_reset(lane, step, said) from None
    except NoSecret as error:
        raise _not_reset(lane, step, f"{error} needs its secret") from None
    below = request.target.removeprefix(lane.base)
    if refusal := means.guard.of(lane.stack).refusal(step.method, below):
        raise _not_reset(lane, step, refusal)
    return lane.client.send(request)


def _not_reset(lane: Lane, step: Step, said: str) -> StackError:
    return StackError(
        f"{lane.stack.name} could not be reset by {step.request}: {said}."
        " Mend `reset` in the configuration, or the server."
    )


def _failed(name: str, command: Sequence[str], what: str, output: str) -> StackError:
    tail = "\n".join(f"  {line}" for line in output.splitlines()[-MOST_LINES:])
    return StackError(
        f"{name} could not be reset: `{' '.join(command)}` {what}.\n"
        + (f"{tail}\n" if tail else "")
        + "Mend `reset` in the configuration, or the command."
    )


WAYS: dict[str, Way] = {"command": by_command, "request": by_request}
