"""The program run in this process against toy stacks, in a folder of its own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comparison.cli import main
from comparison.plans.plan import Plan
from comparison.run import Run, plans_of, read_run
from tests.comparison.interruptions import interruptions
from tests.comparison.served import Serve

__all__ = ["interruptions"]
TOY = Path(__file__).parent / "toy"


class Program:
    """`compare.py` with the toy contract; its results go into a temporary folder."""

    def __init__(self, folder: Path, output: Callable[[], Any]) -> None:
        self.folder = folder
        self._output = output
        self.out = ""
        self.err = ""
        stacks = (TOY / "stacks.toml").read_text(encoding="utf-8")
        place = json.dumps(str(TOY))
        stacks = stacks.replace('folder = "."', f"folder = {place}")
        self.stacks_file = folder / "stacks.toml"
        self.stacks_file.write_text(stacks, encoding="utf-8")

    @property
    def flags(self) -> list[str]:
        """What makes it take the toy instead of the real thing."""
        contract = TOY / "openapi.yaml"
        return ["--stacks-file", str(self.stacks_file), "--contract", str(contract)]

    def __call__(self, *arguments: str) -> int:
        """Run it with these arguments; gives the exit code."""
        flags = self.flags[:2] if "--contract" in arguments else self.flags
        code = main([*flags, *arguments])
        captured = self._output()
        self.out, self.err = captured.out, captured.err
        return code

    def against(self, fault: str, *more: str) -> int:
        """Compare the right toy with the one that has this fault."""
        return self("--stack", "right", "--stack", fault, *more)

    @property
    def run(self) -> Run:
        """What the last run wrote down."""
        return read_run(self.folder / "results" / "run.jsonl")

    @property
    def plans(self) -> list[Plan]:
        """The plans that the last run ran, without the world."""
        return list(plans_of(self.folder / "results" / "run.jsonl"))


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, capsys.readouterr)


@pytest.fixture
def serve() -> Iterator[Serve]:
    begun = Serve()
    yield begun
    begun.close()
