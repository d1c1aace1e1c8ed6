"""One request taken apart by a profiler, on each stack that is started here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from comparison.running import RunningStack
from comparison.speed.asked import Asked
from comparison.speed.bench import Bench
from comparison.speed.crew import Crew
from comparison.speed.database import copied
from comparison.speed.profiling import ProfilingError, breakdown
from comparison.speed.servers import Server
from comparison.stacks import Stack, StackError

SECONDS = 1.5
# What waits for a processor looks busy to a profiler.
CONNECTIONS = 1


def profiles(crew: Crew, bench: Bench, folder: Path) -> list[Mapping[str, Any]]:
    """The breakdowns of what the form looks at.

    Where there can be none, its note says why.
    """
    order = crew.order
    by_name = {server.name: server for server in crew.stacks}
    return [
        _breakdown(crew, bench, folder, stack, by_name[stack.name], name)
        for name in order.workloads.looked_at(order.form.looked_at)
        if order.form.profile
        for stack in order.ours
    ]


def _breakdown(  # noqa: PLR0913, PLR0917 - what belongs to one profile
    crew: Crew,
    bench: Bench,
    folder: Path,
    stack: Stack,
    server: Server,
    name: str,
) -> Mapping[str, Any]:
    order = crew.order
    bench.watch(f"profile of {name}")
    asked = crew.asked(name, order.workloads.workloads[name], server)
    file = folder / f"profile-{stack.name}.db"
    try:
        database = copied(crew.rows, file) if crew.rows else ""
        return breakdown(
            stack,
            name,
            database,
            _Load(bench, f"profile of {name}", asked),
            log_folder=order.logs,
            say=order.say,
        )
    except StackError as error:
        note = error.brief
    except (ProfilingError, OSError) as error:
        note = str(error)
    return {"subject": stack.name, "workload": name, "note": note}


class _Load:
    """The load under which it is profiled; gives how many answers there were."""

    def __init__(self, bench: Bench, name: str, asked: Sequence[Asked]) -> None:
        self._bench, self._name, self._asked = bench, name, asked

    def __call__(self, running: RunningStack) -> int:
        generator = self._bench.generator
        generator.know(self._name, self._asked)
        answers = generator.closed(
            self._name, running.url, SECONDS, connections=CONNECTIONS
        )
        if answers.wrong or answers.failed:
            # What is told of errors would be taken for what is told of replies.
            raise ProfilingError(f"its answers were not right: {answers.example}")
        return answers.answered
