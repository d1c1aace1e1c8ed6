"""`--only defaults`: measure the atlas, write it down, and draw it."""

import datetime
import json
import time
from dataclasses import replace
from difflib import get_close_matches
from glob import escape

from comparison.defaults import atlas as measuring
from comparison.defaults.atlas_file import read_atlas, write_atlas
from comparison.defaults.pack import Pack, load_pack
from comparison.defaults.recorded import Recorded, load_recorded, record
from comparison.defaults.results import Atlas
from comparison.defaults.versions import versions
from comparison.delivery import paint, write
from comparison.header import machine
from comparison.options import Options, UsageError
from comparison.printable import harmless, harmless_json
from comparison.progress import Display
from comparison.report import defaults as text_report
from comparison.report import defaults_case as case_report
from comparison.report import defaults_json as json_report
from comparison.report.guide import GUIDE, write_guide
from comparison.stacks import ROOT, load_stacks

# What would be given in vain.
OF_BEHAVIOUR = (
    *("contract", "config", "reference", "max_examples", "time", "max_requests"),
    *("replay", "keep", "baseline", "update_known", "fail_on", "first", "export"),
)


def perform_defaults(options: Options) -> int:
    """Measure or read the atlas, and report it; gives the exit code."""
    _check(options)
    if options.source is not None:
        atlas = read_atlas(options.source)
    elif options.list:
        _list(options)
        return 0
    else:
        with Display(options.quiet) as display:
            atlas = measure_defaults(options, display)
    if options.format == "json":
        text = json_report.render(atlas)
    elif options.quiet:
        text = text_report.last(atlas, paint(options)) + "\n"
    else:
        text = text_report.render(atlas, paint(options), options.verbose)
    if options.case is not None:
        text = _case(options, atlas)
    write(text, options)
    return int(bool(atlas.failures) and not options.exit_zero)


def _check(options: Options) -> None:
    """Refuse what the atlas cannot do. Raises `UsageError`."""
    partial = options.case or options.select or options.ignore
    if options.update_defaults and (partial or options.source):
        raise UsageError("--update-defaults records a whole measurement alone.")
    if options.format not in {"text", "json"}:
        raise UsageError(f"The defaults are text or json, not {options.format}.")
    if options.stack:
        raise UsageError(
            "The defaults are those of the bare applications in stacks.toml:"
            " --only defaults goes without --stack."
        )
    for name in OF_BEHAVIOUR:
        if getattr(options, name):
            flag = name.replace("_", "-")
            raise UsageError(f"--only defaults goes without --{flag}.")


def _case(options: Options, atlas: Atlas) -> str:
    [(name, topic, probe)] = _pack(options)
    found = [one for one in atlas.probes if one.id == name]
    if not found:
        raise UsageError(
            f"{options.source} has no probe {name}; without --from it is asked."
        )
    if options.format == "json":
        return json_report.render(replace(atlas, probes=found))
    return case_report.render(topic, probe, found[0], paint(options))


def _pack(options: Options) -> Pack:
    """What is asked for of the pack. Raises `UsageError` if that is nothing."""
    pack = load_pack()
    if options.case is not None:
        # Of one probe alone: the id of a topic would fit all of its probes.
        fits = options.case if "/" in options.case else ""
        pack = pack.only([escape(fits)])
    else:
        pack = pack.only(options.select, options.ignore)
    if not pack.topics:
        raise UsageError(f"The pack has no such probe.{_closest(options.case or '')}")
    return pack


def _closest(wanted: str) -> str:
    names = [name for name, _, _ in load_pack()]
    close = [name for name in names if name.startswith(f"{wanted}/")]
    close = close or get_close_matches(wanted, names)
    said = f" The closest: {', '.join(close)}." if close else ""
    return f"{said} --only defaults --list shows all of them."


def _list(options: Options) -> None:
    if options.format == "json":
        named = [vars(probe) | {"id": name} for name, _, probe in _pack(options)]
        lines = (f"{json.dumps(one)}\n" for one in named)
        write(harmless_json("".join(lines)), options)
        return
    told = []
    for name, topic, probe in _pack(options):
        slow = ", slow" if probe.slow else ""
        told.append(f"{name}  [{topic.layer}{slow}]\n")
    write(harmless("".join(told)), options)


def measure_defaults(options: Options, display: Display) -> Atlas:
    """Measure the atlas, write it down, and record it where that is wanted."""
    pack, recorded = _pack(options), load_recorded()
    # Somebody who asks for one probe wants it, however long it takes.
    slow = options.slow or options.case is not None
    if options.update_defaults and not slow:
        _check_versions(recorded)
    begin = time.monotonic()
    display.say("starting the bare applications, and the real stacks beside them")
    display.stage("starting")

    means = measuring.Means(
        stacks=load_stacks(options.stacks_file),
        logs=options.results / "logs",
        slow=slow,
        say=display.say,
        watch=display.show,
    )
    probes = measuring.measure(pack, recorded, means)
    seconds = round(time.monotonic() - begin, 1)
    atlas = Atlas(_header(options, pack, recorded), probes, seconds)
    write_atlas(options.atlas_file, atlas)
    if options.update_defaults:
        record(atlas)
        write_guide(pack, load_recorded())
        display.say(f"recorded; {GUIDE.relative_to(ROOT)} is written anew")
    return atlas


def _check_versions(recorded: Recorded) -> None:
    """Refuse to record a part anew where all may be otherwise. Raises `UsageError`."""
    # Without its packages the Node stack is about to be installed as it is locked.
    installed = (ROOT / "node_api" / "node_modules").is_dir()
    if installed and recorded.versions not in ({}, versions(ROOT / "node_api")):
        raise UsageError(
            "Other versions than those of the last recording: add --slow, or the slow"
            " probes would keep what the old ones did."
        )


def _header(options: Options, pack: Pack, recorded: Recorded) -> dict[str, object]:
    now = datetime.datetime.now(datetime.UTC)
    return {
        "started": now.isoformat(timespec="seconds"),
        "slow": options.slow,
        "versions": versions(ROOT / "node_api"),
        "recorded_versions": json.loads(json.dumps(recorded.versions)),
        "machine": machine(),
        "probes": [name for name, _, _ in pack],
    }
