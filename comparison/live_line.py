"""The last line of a terminal, drawn again and again, with lines that stay above it."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

EVERY = 0.2
# How long to wait for a drawing that goes on.
LONGEST = 1.0
# As wide as a terminal is that does not know.
WIDTH = 80


class LiveLine:
    """A line that a thread draws between `start` and `stop`: `text` of a width."""

    def __init__(self, stream: TextIO, text: Callable[[int], str]) -> None:
        self._stream = stream
        self._text = text
        self._drawn = ""
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._draw, daemon=True)

    def start(self) -> None:
        """Begin to draw, a moment later: what is done by then needs no line."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and leave nothing behind. May be repeated."""
        self._over.set()
        if self._thread.ident is not None:
            # A signal may come while a line is being said: whoever waits for the end
            # of that would wait for itself.
            self._thread.join(LONGEST)
        self._write("")

    def say(self, line: str) -> None:
        """A line that stays."""
        drawing = self._thread.is_alive() and not self._over.is_set()
        self._write(f"{line}\n", self._text if drawing else None)

    def _draw(self) -> None:
        while not self._over.wait(EVERY):
            self._write("", self._text)

    def _write(self, said: str, text: Callable[[int], str] | None = None) -> None:
        """What stays, then the line, in one go: what is erased first flickers."""
        # A terminal that was closed cannot be tidied up.
        with self._lock, suppress(OSError, ValueError):
            width = self._width
            # The last column is left free: some terminals wrap as soon as it is filled.
            line = "" if text is None else text(width - 1)
            if not (said or line or self._drawn):
                return
            begin = f"\r\x1b[K{said}" if said else "\r"
            self._stream.write(f"{self._erased(width)}{begin}{line}\x1b[K")
            self._stream.flush()
            self._drawn = line

    def _erased(self, width: int) -> str:
        """What takes away a line that became several when the window was narrowed."""
        rows = -(-len(self._drawn) // width)
        return f"\x1b[{rows - 1}A\r\x1b[J" if rows > 1 else ""

    @property
    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or WIDTH
        except (OSError, ValueError):
            return WIDTH
