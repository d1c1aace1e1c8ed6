"""`--only speed`: measure how fast stacks answer, write it down, and draw it."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

from comparison import report
from comparison.delivery import paint, write
from comparison.inputs import Inputs
from comparison.options import Options, UsageError
from comparison.output import replace_file
from comparison.paths import shown
from comparison.progress import Display
from comparison.report import speed as text_report
from comparison.report import speed_json as json_report
from comparison.report.page import speed_page
from comparison.run import RunError, read_run
from comparison.running import RunningStack
from comparison.speed import workloads
from comparison.speed.derived import derived
from comparison.speed.forms import FULL, QUICK, THOROUGH, Form
from comparison.speed.order import Order
from comparison.speed.record import VERSION
from comparison.speed.workloads import WorkloadFile, load_workloads
from comparison.speed_gate import is_slower
from comparison.stacks import Stack, StackError, load_stacks
from comparison.tally import Tally
from comparison.usage import check_heeded

SCHEMA = Path(report.__file__).with_name("speed.schema.json")
HEEDED = (
    *("only", "stack", "stacks_file", "contract", "config", "reference", "source"),
    *("format", "output", "color", "verbose", "quiet", "show_secrets", "exit_zero"),
    *("thorough", "time", "seed", "cache", "fail_if_slower"),
)
GUIDE = "docs/configuration.md"
# What a quick measurement does not belong to: less than a whole run.
PARTS = ("select", "ignore", "replay", "first", "max_requests", "update_known")


def perform_speed(options: Options) -> int:
    """Measure or read, and report; gives the exit code. Raises `UsageError`."""
    _check(options)
    with Display(options.quiet) as display:
        speed = _read(options.source) if options.source else _measured(options, display)
    if options.format == "json":
        text = json_report.render(speed)
    elif options.format == "html":
        text = speed_page.render(speed)
    elif options.quiet:
        text = text_report.last(speed) + "\n"
    else:
        text = text_report.render(speed, paint(options), options.verbose)
    write(text, options)
    if not _has_figures(speed):
        raise UsageError(
            "Nothing was measured: no answer was right. The report says which was not,"
            " and --case world shows whether the stacks answer at all."
        )
    return int(is_slower(speed, options.fail_if_slower) and not options.exit_zero)


def quick_speed(inputs: Inputs, display: Display) -> Mapping[str, Any] | None:
    """The quick form, for a run of everything; None where nobody can have it.

    Load is sent only to what was started here: a server that runs already was named to
    be compared, not to be put under load.
    """
    options = inputs.options
    if options.only is not None or any(getattr(options, name) for name in PARTS):
        return None
    if not all(isinstance(one, Stack) for one in inputs.stacks):
        return None
    try:
        file = _workloads(inputs)
        return None if file is None else _measure(inputs, file, QUICK, display)
    except (StackError, OSError) as error:
        # What was compared before is worth more, and is reported all the same.
        display.say(f"how fast they are was not measured: {error}")
        return None


def _check(options: Options) -> None:
    """Refuse what cannot be heeded. Raises `UsageError`."""
    if options.format not in {"text", "json", "html"}:
        raise UsageError(f"The speed is text, json or html, not {options.format}.")
    if options.time is not None and not 0 < options.time < math.inf:
        raise UsageError("--time is a number of seconds above 0.")
    percent = options.fail_if_slower
    if percent is not None and not 0 <= percent < 100:  # noqa: PLR2004
        raise UsageError("--fail-if-slower is a number of per cent from 0, below 100.")
    check_heeded(options, HEEDED)


def _measured(options: Options, display: Display) -> Mapping[str, Any]:
    inputs = Inputs(options, display.say)
    file = _workloads(inputs)
    if file is None:
        file = derived(inputs.contract)
        display.say(
            f"no {workloads.NAME} beside the contract, which would say what to ask:"
            " measured is what needs neither parameter nor token"
        )
    if file is None:
        raise UsageError(
            f"There is no {workloads.NAME} beside the contract, in which nothing can be"
            f" asked without a parameter or token: write one, as {GUIDE} says."
        )
    for stack in inputs.stacks:
        if isinstance(stack, RunningStack):
            _reach(stack, inputs)
    form = THOROUGH if options.thorough else FULL
    if options.time is not None:
        form = form.within(options.time)
    speed = _measure(inputs, file, form, display)
    _write(options.speed_file, json_report.render(speed))
    page = options.speed_file.with_suffix(".html")
    _write(page, speed_page.render(speed))
    display.say(f"the measurement as a page: {shown(page)}")
    return speed


def _reach(stack: RunningStack, inputs: Inputs) -> None:
    """Send what its configuration says along. Raises `UsageError` for other hosts."""
    if not stack.local:
        raise UsageError(
            f"{stack.url} is not this machine: load is sent to nobody else. Run"
            " this beside the server."
        )
    stack.headers = inputs.config.settings(stack.name).headers


def _measure(
    inputs: Inputs, file: WorkloadFile, form: Form, display: Display
) -> Mapping[str, Any]:
    # Imports a library that takes its time.
    from comparison.speed.measure import measure_speed  # noqa: PLC0415

    options = inputs.options
    every = load_stacks(options.stacks_file).by_name.values()
    rounds = _Rounds(display)
    order = Order(
        contract=inputs.contract,
        stacks=inputs.stacks,
        family=[one for one in every if one.reference or one.several_of],
        workloads=file,
        form=form,
        seed=options.seed,
        cache=options.cache,
        logs=options.results / "logs",
        say=display.say,
        watch=rounds.show,
    )
    return measure_speed(order).as_json()


class _Rounds:
    """Shows which workload is measured, and counts the rounds."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._done = 0

    def show(self, part: str) -> None:
        self._done += 1
        tally = Tally("measuring speed", done=self._done, noun="rounds", part=part)
        self._display.show(tally)


def _workloads(inputs: Inputs) -> WorkloadFile | None:
    source = inputs.contract.source
    path = Path(source).parent / workloads.NAME
    return load_workloads(path) if "://" not in source and path.exists() else None


def _read(path: Path) -> Mapping[str, Any]:
    """A measurement by itself, or that of a run file. Raises `RunError`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(
            f"{path} cannot be read: {error.strerror}. Run compare.py --only speed to"
            " write one."
        ) from None
    except ValueError:
        # A run file has a JSON value in each line.
        found = read_run(path).speed
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise RunError(
            f"{path} has no measurement of speed, or one of another version. Run"
            " compare.py --only speed to write one."
        )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    if not jsonschema_rs.is_valid(schema, found):
        raise RunError(
            f"{path} is damaged: a measurement of speed has not what stands there. Run"
            " compare.py --only speed to write one."
        )
    return found


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error}.") from None


def _has_figures(speed: Mapping[str, Any]) -> bool:
    return any(one["throughput"] for w in speed["workloads"] for one in w["measures"])
