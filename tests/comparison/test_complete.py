"""Which runs are complete: what no longer occurs can be told of those alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comparison.inputs import Inputs
from comparison.options import Options
from tests.comparison.conftest import Program
from tests.comparison.served import REPLIES, Answer, Asked, Serve, flags

PATHS = {"/x": {"get": {"operationId": "x", "responses": REPLIES}}}
GONE = """
[[difference]]
operation = "x"
kind = "value"
where = "/other"
reason = "It was so once."
"""


def constant(value: int) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        known = (asked.method, asked.path) == ("GET", "/x")
        return (200, {"v": value}) if known else (404, {})

    return answer


def _known(program: Program) -> Path:
    return program.folder / "known_differences.toml"


def test_servers_that_are_named_by_their_address_have_known_differences(
    program: Program, serve: Serve
) -> None:
    arguments = flags(program, serve(constant(1), constant(2)), paths=PATHS)
    _known(program).write_text(GONE)
    assert program(*arguments) == 1
    assert "no longer occurs" in program.out
    assert program.run.footer["partial"] is False
    assert program(*arguments, "--update-known") == 1
    assert "0 kept, 1 removed, 1 added" in program.err
    text = _known(program).read_text()
    assert "/other" not in text
    _known(program).write_text(text.replace('reason = ""', 'reason = "By design."'))
    assert program(*arguments) == 0
    assert program(*arguments, "--select", "x/001*", "--update-known") == 2
    assert "not everything was asked" in program.err


def test_a_recording_is_never_all_there_is(program: Program, serve: Serve) -> None:
    arguments = flags(program, serve(constant(1), constant(1)), paths=PATHS)
    assert program(*arguments) == 0
    saved = (program.folder / "results/run.jsonl").rename(program.folder / "s.jsonl")
    _known(program).write_text(GONE)
    assert program(*arguments, "--replay", str(saved)) == 0
    assert program.run.footer["partial"] is True


@pytest.mark.parametrize(
    ("stacks", "config", "partial"),
    [
        ("ab", "", False),
        ("abc", "", False),
        ("ab", "ab", False),
        ("ab", "abc", True),
        ("abc", "ab", False),
    ],
)
def test_a_stack_of_the_configuration_that_is_left_out_makes_a_run_partial(
    program: Program, serve: Serve, stacks: str, config: str, partial: bool
) -> None:
    flags(program, serve(), paths=PATHS)
    url = "http://127.0.0.1:1"
    text = "".join(f'[stacks.{name}]\nurl = "{url}"\n' for name in config)
    (program.folder / "compare.toml").write_text(text)
    inputs = Inputs(
        Options(
            stack=[f"{name}={url}" for name in stacks],
            stacks_file=program.stacks_file,
            contract=str(program.folder / "c.json"),
        )
    )
    assert inputs.partial is partial


def test_the_list_of_our_own_contract_speaks_of_the_default_stacks() -> None:
    assert not Inputs(Options()).partial
    named = ["fastapi=http://127.0.0.1:1", "other=http://127.0.0.1:2"]
    assert Inputs(Options(stack=named)).partial


def test_a_report_that_is_drawn_again_may_be_less_strict(
    program: Program, serve: Serve
) -> None:
    arguments = flags(program, serve(constant(1), constant(2)), paths=PATHS)
    assert program(*arguments) == 1
    again = ["--from", str(program.folder / "results" / "run.jsonl"), "-q"]
    assert program(*arguments[:2], *again) == 1
    assert program(*arguments[:2], *again, "--fail-on", "breaking") == 0
    assert program(*arguments[:2], *again, "--fail-on", "never") == 0
