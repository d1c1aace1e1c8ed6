"""Writing what is for others: standard output, and files that are never half there."""

import os
import sys
import tempfile
from pathlib import Path


def print_out(text: str) -> None:
    """Write to standard output, whatever its encoding, as far as somebody reads it."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # `| head` has seen enough. What is still buffered must go somewhere, or
        # Python complains of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def replace_file(path: Path, text: str) -> None:
    """Write a file under another name first: nobody must find half of it."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.resolve().parent, suffix=".part", delete=False, encoding="utf-8"
    ) as file:
        part = Path(file.name)
        try:
            file.write(text)
            file.flush()
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
