"""The process in which cases are generated, as the one who asks it sees it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comparison.contracts.contract import ContractError
from comparison.stacks import ROOT

_COMMAND = [sys.executable, "-m", "comparison.cases.generator"]
PATIENCE = 2.0


class Generation:
    """A process that does one job. It ends with `close`, and with this process.

    `job` has document, base, seed and folder, as `generator` reads them.
    """

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._asked: list[str] = []
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by close
        self.process = subprocess.Popen(  # noqa: S603 - a module of ours
            _COMMAND,
            cwd=ROOT,
            # A set is walked through in the order of its hashes.
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            encoding="utf-8",
            # Ctrl-C reaches us alone, and we end it.
            start_new_session=True,
        )
        self._write(job)

    def ask(self, part: str, path: Path) -> None:
        """Have a part written to `path`, after those asked for before."""
        if part not in self._asked:
            self._asked.append(part)
            self._write([part, str(path)])

    def wait(self, part: str) -> list[str]:
        """Wait until a part is there; gives the notes on it and those before.

        Raises `ContractError`.
        """
        notes: list[str] = []
        while part in self._asked:
            line = self.process.stdout.readline() if self.process.stdout else ""
            if not line:
                raise ContractError(self._failure())
            answer = json.loads(line)
            self._asked.remove(answer["part"])
            notes += answer["notes"]
        return notes

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self._complaints.close()

    def _write(self, value: Any) -> None:
        if self.process.stdin is None:
            return
        try:
            self.process.stdin.write(json.dumps(value) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise ContractError(self._failure()) from None

    def _failure(self) -> str:
        self.process.wait(PATIENCE)
        self._complaints.seek(0)
        lines = self._complaints.read().strip().splitlines()
        reason = lines[-1] if lines else f"exit code {self.process.returncode}"
        return (
            f"No cases could be generated from the contract: {reason[:300]}"
            " If that says nothing of the contract, remove .venv and run again."
        )
