"""What the program does: measure, list, show one case, draw a report again."""

import datetime
import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comparison.case import case
from comparison.cases import generate
from comparison.contract import Contract, load_contract
from comparison.known import load_known
from comparison.measure import Order, measure
from comparison.options import Options, UsageError
from comparison.output import print_out, replace_file
from comparison.plan import WORLD, Plan, plan_from_json
from comparison.progress import Display
from comparison.report import case as case_report
from comparison.report import json as json_report
from comparison.report import text as text_report
from comparison.report.paint import Paint, ansi, plain
from comparison.rounds import plans, selected
from comparison.run import Run, RunFile, read_run
from comparison.running import RunningStack, attach
from comparison.scenarios import Scenarios, load_scenarios
from comparison.session import BrokenDownError, Session, Setting
from comparison.stacks import ROOT, Stack, load_stacks

CACHE = ROOT / ".cache"
LOGS_KEPT = 24 * 3600


def perform(options: Options) -> int:
    """Do what `options` ask for; gives the exit code."""
    if options.source is not None and options.case is None:
        return _report(read_run(options.source), options)
    contract = load_contract(options.contract)
    scenarios = load_scenarios(options.contract.parent / "scenarios.yaml")
    with Display(options.quiet or options.list) as display:
        if options.case is not None:
            return _show_case(options, contract, scenarios, display)
        every = _plans(options, contract, scenarios, display)
        if options.list:
            _list(every)
            return 0
        run = _measure(options, contract, scenarios, every, display)
    return _report(run, options)


def _plans(
    options: Options, contract: Contract, scenarios: Scenarios, display: Display
) -> list[Plan]:
    cases = generate(contract, options.seed, CACHE, display.say)
    found = [
        plan
        for plan in plans(contract, scenarios, cases)
        if selected(plan, contract, options.select, options.ignore)
    ]
    if not found:
        raise UsageError(
            "Nothing is selected: no plan has an id, operation, tag or rule that fits."
            " `python compare.py --list` shows them all."
        )
    return found


def _setting(
    options: Options, contract: Contract, scenarios: Scenarios, display: Display
) -> Setting:
    return Setting(
        stacks=_stacks(options),
        contract=contract,
        scenarios=scenarios,
        logs=options.results / "logs",
        limit=options.timeout,
        say=display.say,
    )


def _stacks(options: Options) -> list[Stack | RunningStack]:
    every = load_stacks(options.stacks_file)
    found: list[Stack | RunningStack] = []
    for text in options.stack or every.default:
        name, equals, url = text.partition("=")
        found.append(attach(name, url) if equals else every.get(name))
    names = [stack.name for stack in found]
    if len(set(names)) < len(names):
        raise UsageError("A stack is named twice; give each a name of its own.")
    return found


def _measure(
    options: Options,
    contract: Contract,
    scenarios: Scenarios,
    every: list[Plan],
    display: Display,
) -> Run:
    setting = _setting(options, contract, scenarios, display)
    # The list of known differences speaks of the default stacks alone.
    default = [s.name for s in setting.stacks] == list(
        load_stacks(options.stacks_file).default
    )
    order = Order(
        plans=every,
        known=load_known(options.contract.parent / "known_differences.toml"),
        partial=bool(options.select or options.ignore) or not default,
        first_only=options.first,
        watch=display.show,
    )
    _forget_old(setting.logs)
    names = ", ".join(stack.name for stack in setting.stacks)
    display.say(f"starting {names}")
    header = _header(options, contract, setting)
    with RunFile(options.run_file, header) as file, Session(setting) as session:
        measure(order, session, file)
    return read_run(options.run_file)


def _forget_old(logs: Path) -> None:
    """Remove the logs of earlier days; another run may be writing the others."""
    for log in logs.glob("*.log"):
        if time.time() - log.stat().st_mtime > LOGS_KEPT:
            log.unlink(missing_ok=True)


def _show_case(
    options: Options, contract: Contract, scenarios: Scenarios, display: Display
) -> int:
    plan = _case(options, contract, scenarios, display)
    setting = _setting(options, contract, scenarios, display)
    with Session(setting) as session:
        try:
            trace = session.world if plan.id == WORLD else session.run(plan)
        except BrokenDownError as error:
            raise UsageError(f"{error} broke down before {plan.id} was done.") from None
    names = [stack.name for stack in setting.stacks]
    _write(case_report.render(case(trace, names), _paint(options)), options)
    broken = any(any(step.breaches) for step in trace.taken)
    return int(trace.differs or broken) if not options.exit_zero else 0


def _case(
    options: Options, contract: Contract, scenarios: Scenarios, display: Display
) -> Plan:
    """The plan of a difference of the last run, or one that is asked anyway."""
    if options.case == WORLD:
        return Plan(WORLD, scenarios.world, title="the world")
    source = options.source or options.run_file
    findings = read_run(source).findings if source.exists() else []
    for finding in findings:
        if finding.id == options.case:
            return plan_from_json(finding.plan)
    for plan in scenarios.plans:
        if plan.id == options.case:
            return plan
    for plan in _plans(options, contract, scenarios, display):
        if plan.id == options.case:
            return plan
    raise UsageError(
        f"There is no plan and no difference {options.case!r}."
        " `python compare.py --list` shows the plans, a report the differences."
    )


def _header(options: Options, contract: Contract, setting: Setting) -> dict[str, Any]:
    path = contract.path.resolve()
    return {
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seed": options.seed,
        "contract": {
            "title": contract.title,
            "path": str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path),
            "sha256": contract.digest,
        },
        "stacks": [
            {
                "name": stack.name,
                "title": stack.title if isinstance(stack, Stack) else "",
                # What is started here has another port every time.
                "url": "" if isinstance(stack, Stack) else stack.url,
            }
            for stack in setting.stacks
        ],
        "operations": [operation.id for operation in contract.operations],
        "command": options.command(),
        "select": options.select,
        "ignore": options.ignore,
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "schemathesis": importlib.metadata.version("schemathesis"),
        },
    }


def _list(every: Sequence[Plan]) -> None:
    width = min(max(len(plan.id) for plan in every), 56)
    lines = []
    for plan in every:
        rules = f" [{' '.join(plan.rules)}]" if plan.rules else ""
        lines.append(f"{plan.id:<{width}}  {plan.title}{rules}\n")
    print_out("".join(lines))


def _report(run: Run, options: Options) -> int:
    if options.format == "json":
        text = json_report.render(run)
    elif options.quiet:
        text = text_report.last(run, _paint(options)) + "\n"
    else:
        text = text_report.render(run, _paint(options), options.verbose)
    _write(text, options)
    if not run.concluded:
        why = "; ".join(dict.fromkeys(run.incomplete.values()))
        raise UsageError(f"Nothing was concluded: no plan came to its end: {why}.")
    return int(run.failed and not options.exit_zero)


def _paint(options: Options) -> Paint:
    wanted = options.color == "always" or (
        options.color == "auto"
        and options.output is None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
    )
    return ansi if wanted else plain


def _write(text: str, options: Options) -> None:
    if options.output is None:
        print_out(text)
        return
    try:
        replace_file(options.output, text)
    except OSError as error:
        raise UsageError(f"{options.output} cannot be written: {error}.") from None
