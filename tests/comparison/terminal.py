"""A terminal: the program runs in it, and what a person sees is kept."""

import fcntl
import os
import pty
import re
import struct
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

TOKENS = re.compile(r"\x1b\[(\d*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


@dataclass
class Screen:
    """The lines of a terminal without an end, of so many columns; no window scrolls."""

    columns: int
    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0
    # Whether a line that moves was ever wider than the terminal.
    wrapped: bool = False

    def write(self, text: str) -> None:
        """Do what a terminal does. Fails at what it does not know."""
        at = 0
        for found in TOKENS.finditer(text):
            assert found.start() == at, repr(text[at : found.start()])
            at = found.end()
            number, order, control, plain = found.groups()
            if order:
                self._obey(order, int(number or 1))
            elif control:
                self._control(control)
            else:
                self._print(plain)
        assert at == len(text), repr(text[at:])

    def _obey(self, order: str, number: int) -> None:
        if order == "A":
            self.row = max(self.row - number, 0)
        elif order == "K":
            self.lines[self.row] = self.lines[self.row][: self.column]
        elif order == "J":
            self.lines[self.row] = self.lines[self.row][: self.column]
            del self.lines[self.row + 1 :]
        elif order != "m":
            raise AssertionError(order)

    def _control(self, control: str) -> None:
        self.column = 0
        if control == "\n":
            self._next_row()

    def _next_row(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def _print(self, plain: str) -> None:
        for character in plain:
            if self.column == self.columns:
                self.wrapped, self.column = True, 0
                self._next_row()
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = (
                line[: self.column] + character + line[self.column + 1 :]
            )
            self.column += 1


@dataclass
class Seen:
    """What a person saw: the last line at every moment, and all of it at the end."""

    code: int
    text: str
    screen: Screen
    moments: list[str]

    def shown(self, label: str) -> list[str]:
        """The lines that moved and began with this word."""
        return [line for line in self.moments if line[2:].startswith(label)]


def watched(
    command: Sequence[str],
    columns: int = 80,
    environment: Mapping[str, str] | None = None,
    meanwhile: Callable[[int, int, str], None] = lambda *_: None,
) -> Seen:
    """Run a command in a terminal; `meanwhile` gets its window, process and text."""
    pid, window = pty.fork()
    if pid == 0:
        given = {**os.environ, "TERM": "xterm", **(environment or {})}
        os.execvpe(command[0], [*command], given)  # noqa: S606
    resize(window, columns)
    screen, moments, text = Screen(columns), list[str](), ""
    while data := _read(window):
        # Several writes may come at once.
        for part in re.split(r"(?<=\x1b\[K)", data):
            screen.write(part)
            moments.append(screen.lines[screen.row])
        text += data
        meanwhile(window, pid, text)
    _, status = os.waitpid(pid, 0)
    os.close(window)
    return Seen(os.waitstatus_to_exitcode(status), text, screen, moments)


def resize(window: int, columns: int) -> None:
    """Give the terminal another width."""
    fcntl.ioctl(window, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def _read(window: int) -> str:
    """What has been written since; empty when all have gone."""
    data = b""
    while True:
        try:
            data += os.read(window, 65536)
            return data.decode()
        except UnicodeDecodeError:
            continue  # A character has come in two halves.
        except OSError:
            return ""
