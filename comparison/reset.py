"""How a stack is brought into its first state: afresh, by a command, by a request."""

import subprocess
from collections.abc import Callable, Sequence

from comparison.configuration.config import Reset
from comparison.exchanges.exchange import Failure
from comparison.exchanges.execute import Lane
from comparison.running import StackError

MOST_LINES = 15
SUCCESS = range(200, 300)

# What each way is called that does not come down to starting the stack again.
Way = Callable[[Reset, Lane], None]


def by_command(reset: Reset, lane: Lane) -> None:
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


def by_request(reset: Reset, lane: Lane) -> None:
    """Send the request. Raises `StackError` unless it is answered with 2xx."""
    if reset.request is None:
        raise RuntimeError("a reset by request has a request")
    # What was left unread of an earlier request must not be taken for part of this.
    lane.client.close()
    answer = lane.client.send(lane.request(reset.request, lane.world))
    if isinstance(answer, Failure):
        said = answer.text
    elif answer.status in SUCCESS:
        return
    else:
        said = f"status {answer.status}: {answer.body[:200].decode('utf-8', 'replace')}"
    raise StackError(
        f"{lane.stack.name} could not be reset by {reset.request.request}: {said}."
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
