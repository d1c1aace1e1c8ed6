"""`compare.py --only defaults`, as it is: the whole pack on our own stacks."""

import json
import signal
import sys
import time
from pathlib import Path

import jsonschema_rs
import pytest

from comparison.cli import main
from comparison.report import defaults_json as json_report
from tests.comparison.processes import children_of, started

pytestmark = pytest.mark.long
ROOT = Path(__file__).parent.parent.parent
SCHEMA = Path(json_report.__file__).parent / "defaults.schema.json"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of stacks.toml, beside which the results go."""
    text = (ROOT / "stacks.toml").read_text(encoding="utf-8")
    for name in ("python_api", "node_api"):
        text = text.replace(f'folder = "{name}"', f"folder = '{ROOT / name}'")
    copy = tmp_path / "stacks.toml"
    copy.write_text(text, encoding="utf-8")
    return copy


def test_the_bare_pair_differs_as_recorded_and_the_real_pair_not_at_all(
    copied: Path, tmp_path: Path
) -> None:
    output = tmp_path / "defaults.json"
    flags = ["--stacks-file", str(copied), "--only", "defaults", "-q"]
    code = main([*flags, "--format", "json", "-o", str(output)])
    report = json.loads(output.read_text(encoding="utf-8"))
    jsonschema_rs.validate(json.loads(SCHEMA.read_text(encoding="utf-8")), report)
    failing = [
        (one["id"], one["real"])
        for one in report["probes"]
        if one["unlisted"] or one["stale"]
    ]
    assert not failing
    assert code == 0
    news = [
        (one["id"], one["recorded"], one["bare"])
        for one in report["probes"]
        if one["changed"]
    ]
    # The guide says which versions answered. Python is whichever the machine has.
    for side, now in report["versions"].items():
        before = report["recorded_versions"][side]
        pinned = {name for name in {**now, **before} if name != "python"}
        moved = [name for name in pinned if now.get(name) != before.get(name)]
        assert not moved, "other versions: --update-defaults --slow records them"
    # Another Python may do otherwise: that is news, and no fault.
    same = report["versions"] == report["recorded_versions"]
    assert not (news and same), "`compare.py --only defaults --update-defaults`"
    assert report["summary"]["probes"] >= 300
    assert report["summary"]["differing"] >= 120


def test_an_interruption_leaves_nothing(copied: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "compare.py"), "--stacks-file", str(copied)]
    # Those with processes of their own leave the most behind.
    command += ["--only", "defaults", "--select", "sigterm"]
    with started(command) as process:
        assert process.stderr is not None
        while "one process each" not in process.stderr.readline():
            assert process.poll() is None
        # The stage is said when it begins: its processes come a moment later.
        while not (children := children_of(process.pid)):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert not list((tmp_path / "results").glob("*.*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "defaults", "--stack", "fastapi"], "goes without --stack"),
        (["--only", "defaults", "--case", "head/nothing"], "no such probe"),
        (["--only", "defaults", "--case", "head"], "no such probe"),
        (["--only", "defaults", "--case", "head"], "closest: head/of a route"),
        (["--only", "defaults", "--select", "nothing"], "no such probe"),
        (["--only", "defaults", "--export", "pytest"], "without --export"),
        (
            ["--only", "defaults", "--select", "head", "--update-defaults"],
            "a whole measurement alone",
        ),
        (["--only", "defaults", "--fail-on", "visible"], "goes without --fail-on"),
        (["--only", "defaults", "--time", "9"], "goes without --time"),
        (["--slow"], "go with --only defaults"),
        (["--update-defaults"], "go with --only defaults"),
        (["--only", "colour"], "behaviour"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_one_probe_is_shown_with_all_that_is_known_of_it(
    capsys: pytest.CaptureFixture[str], copied: Path
) -> None:
    flags = ["--stacks-file", str(copied), "--only", "defaults", "-q"]
    assert main([*flags, "--case", "head/of a route"]) == 0
    told = capsys.readouterr().out
    for part in (
        "HEAD where only GET is written",
        "> HEAD /ping HTTP/1.1",
        "≠ fastapi  405 · allow: GET",
        "≠ express  200 · no allow",
        "Cure in fastapi",
        "> HEAD /api/tags HTTP/1.1",
        "= express  HTTP/1.1 · 200",
    ):
        assert part in told


def test_the_pack_is_listed_and_its_last_measurement_drawn_again(
    capsys: pytest.CaptureFixture[str], copied: Path, tmp_path: Path
) -> None:
    assert main(["--only", "defaults", "--list", "--select", "head"]) == 0
    assert "head/of a route  [framework]" in capsys.readouterr().out
    flags = ["--stacks-file", str(copied), "--only", "defaults", "--select", "head"]
    assert main(flags) == 0
    first = capsys.readouterr().out
    assert "HEAD where only GET is written" in first
    file = str(tmp_path / "results" / "defaults-part.jsonl")
    assert main(["--from", file]) == 0
    assert capsys.readouterr().out == first
    again = ["--only", "defaults", "--from", file, "--case"]
    assert main([*again, "head/length"]) == 0
    assert "≠ fastapi  content-length: 31" in capsys.readouterr().out
    assert main([*again, "path-case/all"]) == 2
    assert "has no probe path-case/all" in capsys.readouterr().err
