"""Where the document of a stack is had from: a command, or an address."""

import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from comparison.contracts.library import SIZE_LIMIT
from comparison.drift.document import DriftError
from comparison.spawning import end, spawn

TIME_LIMIT = 30.0
CHUNK = 65536
ADVICE = "Run it by hand in"


@dataclass(frozen=True)
class Command:
    """A command of `stacks.toml` as it is to be run; `shown` is how it is written."""

    words: Sequence[str]
    shown: str
    folder: Path
    environment: Mapping[str, str]


@dataclass
class Awaited:
    """The document of a stack, which may be on its way.

    `source` says where from, and is empty where the stack has none; `base` is the path
    before all paths of the contract, if this stack has another than the contract says.
    """

    stack: str
    source: str = ""
    base: str | None = None
    printing: "Printing | None" = None

    def content(self) -> bytes | None:
        """What a command has printed; None where `source` is an address.

        Raises `DriftError`.
        """
        return None if self.printing is None else self.printing.content()


@dataclass
class Printing:
    """A command that prints a document, while others do something else.

    Used in a `with` statement, which ends it.
    """

    command: Command
    limit: float = TIME_LIMIT
    _process: subprocess.Popen[bytes] | None = None
    _printed: bytearray = field(default_factory=bytearray)
    _fault: str = ""

    def __enter__(self) -> "Printing":
        self._held = ExitStack()
        self._errors = self._held.enter_context(tempfile.TemporaryFile())
        try:
            self._process = spawn(
                self.command.words,
                cwd=self.command.folder,
                env=self.command.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as error:
            self._fault = f"cannot be run: {error}"
            return self
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        if self._process is not None and self._process.stdout is not None:
            # Whoever left the group of the process may keep its end open.
            self._reading.join(1.0)
            self._process.stdout.close()
        self._held.close()

    def content(self) -> bytes:
        """Wait for the whole of it. Raises `DriftError`."""
        if self._process is not None:
            self._reading.join(self.limit)
            if self._reading.is_alive():
                self._fault = self._fault or f"takes longer than {self.limit:g} s"
            else:
                self._end(self._process)
            self._kill()
        if self._fault:
            place = f"{ADVICE} {self.command.folder}"
            raise DriftError(f"`{self.command.shown}` {self._fault}. {place}.")
        return bytes(self._printed)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for a process that prints no more."""
        try:
            code = process.wait(self.limit)
        except subprocess.TimeoutExpired:
            self._fault = self._fault or f"does not end within {self.limit:g} s"
            return
        if code and not self._fault:
            self._fault = f"ends with exit code {code}{self._said()}"

    def _read(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        with suppress(OSError, ValueError):
            while chunk := os.read(self._process.stdout.fileno(), CHUNK):
                self._printed += chunk
                if len(self._printed) > SIZE_LIMIT:
                    self._fault = f"prints more than {SIZE_LIMIT >> 20} MiB"
                    self._kill()
                    return

    def _said(self) -> str:
        """The last line of what it wrote beside the document."""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - CHUNK))
        text = self._errors.read().decode("utf-8", "replace").strip()
        return f": {text.splitlines()[-1][:300]}" if text else ""

    def _kill(self) -> None:
        if self._process is not None:
            end(self._process)
