"""What the program does: measure, list, show one case, draw a report again."""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from comparison.agenda import agenda, find_plan, reachable
from comparison.atlas_command import perform_defaults
from comparison.breakdowns import BrokenDownError
from comparison.case import case
from comparison.delivery import paint, write
from comparison.drift.gathering import gather
from comparison.drift.source import Awaited
from comparison.export.pytest_module import export_pytest
from comparison.findings.baseline import against, failed
from comparison.findings.known import load_known
from comparison.findings.known_update import update
from comparison.header import header
from comparison.inputs import Inputs
from comparison.measure import Order, measure
from comparison.options import Options, UsageError
from comparison.output import replace_file
from comparison.paths import shown
from comparison.plan_mask import is_damaged, left_out
from comparison.plans.identity import is_user
from comparison.plans.plan import WORLD
from comparison.plans.schedule import Schedule
from comparison.printable import harmless, harmless_json, printable
from comparison.progress import Display
from comparison.report import case as case_report
from comparison.report import text as text_report
from comparison.report.forms import FORMS
from comparison.report.page import page
from comparison.run import Run, RunFile, read_run
from comparison.session import Session
from comparison.speed_command import quick_speed
from comparison.usage import check_format, check_pair, is_about_defaults
from comparison.world import check_world

LOGS_KEPT = 24 * 3600
IDLE = 3600.0


def perform(options: Options) -> int:
    """Do what `options` ask for; gives the exit code."""
    check_format(options)
    if options.export and options.only in {None, "behaviour"}:
        return _export(options)
    if is_about_defaults(options):
        return perform_defaults(options)
    with Display(options.quiet, talking=not options.list) as display:
        return _perform(options, display)


def _perform(options: Options, display: Display) -> int:
    # Read before it may be overwritten, or asked for in vain.
    baseline = None if options.baseline is None else read_run(options.baseline)
    if options.source is not None and options.case is None:
        run = read_run(options.source)
        run.header["fail_on"] = options.fail_on or run.fail_on
        return _report(run, options, baseline, display)
    inputs = Inputs(options, display.say)
    with ExitStack() as held:
        if options.case is not None:
            return _show_case(inputs, held, display)
        # Begun before cases are generated, which takes most of the second it needs.
        awaited = () if options.list else gather(inputs, held)
        schedule = agenda(inputs, held)
        if options.list:
            _list(schedule, options, display)
            return 0
        check_pair(inputs)
        run = _measure(inputs, schedule, display, awaited)
        # Of a run that shows nothing nobody can say what no longer occurs.
        if options.update_known and run.concluded:
            _update_known(run, inputs)
        _write_page(run, options, baseline, display)
    return _report(run, options, baseline, display)


def _measure(
    inputs: Inputs, schedule: Schedule, display: Display, awaited: Sequence[Awaited]
) -> Run:
    options, setting = inputs.options, inputs.setting
    order = Order(
        schedule=schedule,
        known=load_known(inputs.known_file),
        mask=inputs.mask,
        partial=schedule.selection.partial or inputs.partial or options.first,
        first_only=options.first,
        watch=display.show,
    )
    _forget_old(setting.logs)
    names = ", ".join(stack.name for stack in setting.stacks)
    display.say(f"starting {names}")
    display.stage("starting")
    top = header(inputs, schedule.budget, awaited)
    with RunFile(options.run_file, top) as file:
        with Session(setting) as session:
            _check(session, inputs)
            footer = measure(order, session, file)
            display.stage("ending")
        if (speed := quick_speed(inputs, display)) is not None:
            file.add_speed(speed)
        file.finish(footer)
    return read_run(options.run_file)


def _check(session: Session, inputs: Inputs) -> None:
    """Make sure that whoever is to ask is known to every stack."""
    names = [stack.name for stack in inputs.stacks]
    askers = (one.identity for one in reachable(inputs).bindings.values())
    users = [*inputs.users, *filter(is_user, askers)]
    check_world(session.world, names, users)


def _forget_old(logs: Path) -> None:
    """Remove the logs of earlier days; another run may be writing the others."""
    for log in logs.glob("*.log"):
        if time.time() - log.stat().st_mtime > LOGS_KEPT:
            log.unlink(missing_ok=True)


def _show_case(inputs: Inputs, held: ExitStack, display: Display) -> int:
    options, setting = inputs.options, inputs.setting
    plan = find_plan(inputs, held)
    display.stage("starting")
    with Session(setting) as session:
        if plan.id != WORLD:
            _check(session, inputs)
        try:
            trace = session.world if plan.id == WORLD else session.run(plan)
        except BrokenDownError as error:
            raise UsageError(f"{error} broke down before {plan.id} was done.") from None
        names = [stack.name for stack in setting.stacks]
        found = case(trace, names, inputs.mask)
        display.close()
        write(case_report.render(found, paint(options)), options)
        if options.keep:
            urls = ", ".join(f"{one.name} {one.url}" for one in session.running)
            inputs.say(f"still running: {urls}; Ctrl-C ends them")
            with suppress(KeyboardInterrupt):
                while True:
                    time.sleep(IDLE)
    broken = any(any(step.breaches) for step in trace.taken)
    return int(trace.differs or broken) if not options.exit_zero else 0


def _export(options: Options) -> int:
    """Write the differences of a run as a test for pytest."""
    run = read_run(options.source or options.run_file)
    wanted = [f for f in run.findings if options.case in (None, f.id)]
    if not wanted:
        which = f"no difference {options.case!r}" if options.case else "no difference"
        raise UsageError(f"The run has {which} to be written as a test.")
    if is_damaged({"steps": run.header["world"]}):
        raise UsageError(left_out("the world of the run", "written as a test"))
    whole = [one for one in wanted if not is_damaged(one.plan)]
    if left := len(wanted) - len(whole):
        note = left_out(f"each of {left} differences", "written as a test")
        if not whole:
            raise UsageError(note)
        Display(options.quiet).say(note)
    write(export_pytest(whole, run.header), options)
    return 0


def _update_known(run: Run, inputs: Inputs) -> None:
    partial = bool(run.footer["partial"])
    done = update(inputs.known_file, run.findings, partial=partial)
    inputs.say(
        f"{inputs.known_file}: {len(done.kept)} kept, {len(done.removed)} removed,"
        f" {len(done.added)} added"
        + (": write the reason of each, or it is refused" if done.added else "")
    )
    if done.left:
        inputs.say(f"{len(done.left)} left out: one entry would cover more than 20")


def _list(schedule: Schedule, options: Options, display: Display) -> None:
    every = schedule.fixed()
    display.close()
    if options.format == "json":
        lines = (json.dumps(plan.as_json(), sort_keys=True) for plan in every)
        write(harmless_json("".join(f"{line}\n" for line in lines)), options)
        return
    width = min(max(len(plan.id) for plan in every), 56)
    texts = []
    for plan in every:
        rules = f" [{' '.join(plan.rules)}]" if plan.rules else ""
        line = f"{plan.id:<{width}}  {plan.title}{rules}"
        texts.append(printable(line, keep="") + "\n")
    write(harmless("".join(texts)), options)


def _write_page(
    run: Run, options: Options, earlier: Run | None, display: Display
) -> None:
    """Put the page beside the run file. Raises `UsageError`."""
    display.stage("writing")
    baseline = None if earlier is None else against(run, earlier)
    try:
        replace_file(options.page, page.render(run, baseline))
    except OSError as error:
        raise UsageError(f"{options.page} cannot be written: {error}.") from None
    display.say(f"the report as a page: {shown(options.page)}")


def _report(run: Run, options: Options, earlier: Run | None, display: Display) -> int:
    display.stage("writing")
    baseline = None if earlier is None else against(run, earlier)
    if options.format in FORMS:
        text = FORMS[options.format](run, baseline)
    elif options.quiet:
        text = text_report.last(run, paint(options), baseline) + "\n"
    else:
        text = text_report.render(run, paint(options), options.verbose, baseline)
    display.close()
    write(text, options)
    if not run.concluded:
        raise UsageError(
            f"Nothing was concluded: {_unconcluded(run)}. --case world shows what all"
            " plans build upon, --case with the id of a plan how far that one comes."
        )
    return int(failed(run, baseline) and not options.exit_zero)


def _unconcluded(run: Run) -> str:
    if run.worldless:
        return f"the world of every plan came to no end: {run.worldless}"
    why = "; ".join(dict.fromkeys(run.incomplete.values()))
    count = f"only {run.finished:,} of {run.finished + run.unfinished:,} plans"
    return f"{count if run.finished else 'no plan'} came to its end: {why}"
