"""The sources of one stack: its files, and the pieces of each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from comparison.code.javascript import javascript_pieces
from comparison.code.piece import CodeError, Piece, words
from comparison.code.python import python_pieces
from comparison.paths import shown
from comparison.stacks import ROOT

LANGUAGES = {
    ".py": "python",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript"),
}
# Of others, or made by machines: no source of this stack.
FOREIGN = frozenset({"node_modules", "__pycache__", "venv", "dist", "build", "vendor"})
LARGEST = 1_000_000


@dataclass(frozen=True)
class Source:
    """A piece with its text, on one side; `file` is relative to the project."""

    side: str
    file: str
    first: int
    last: int
    language: str
    text: str
    piece: Piece

    @property
    def place(self) -> str:
        """Where its name stands: `python_api/comments.py:71`."""
        return f"{self.file}:{self.piece.at}"

    @property
    def lines(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Side:
    """The files of a stack below its `folder`; without one it has no sources."""

    name: str
    folder: Path | None
    unreadable: dict[str, str] = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, list[Source]]:
        """Every file that can be read, by its path below the folder."""
        found = {}
        for path in self.paths:
            try:
                found[self.below(path)] = self._sources(path)
            except CodeError as error:
                self.unreadable[shown(path)] = str(error)
        return found

    @cached_property
    def paths(self) -> list[Path]:
        """Its files; of others and of machines none."""
        return list(_files(self.folder)) if self.folder else []

    def below(self, path: Path) -> str:
        """A path as seen from the folder."""
        return path.relative_to(self.folder or ROOT).as_posix()

    def handlers(self, operation: str) -> list[Source]:
        """The functions named after an operation, the likeliest handler first."""
        # Of an operation without an id the name is its method and path.
        wanted = words(operation)
        if not wanted or " " in operation or "/" in operation:
            return []
        found = [one for one in self.functions if words(one.piece.name) == wanted]
        return sorted(found, key=lambda one: (one.piece.kind != "handler", _depth(one)))

    @property
    def functions(self) -> list[Source]:
        """Those of all files, in their order."""
        every = chain.from_iterable(self.files.values())
        return [one for one in every if one.piece.kind in ("handler", "function")]

    def _sources(self, path: Path) -> list[Source]:
        lines, language = read(path).split("\n"), LANGUAGES[path.suffix]
        place = shown(path)
        return [
            Source(
                side=self.name,
                file=place,
                first=one.first,
                last=one.last,
                language=language,
                text="\n".join(lines[one.first - 1 : one.last]),
                piece=one,
            )
            for one in pieces(path)
        ]


def pieces(path: Path) -> list[Piece]:
    """The pieces of a file. Raises `CodeError` if it cannot be read."""
    try:
        state = path.stat()
    except OSError as error:
        raise CodeError(f"it cannot be read: {error.strerror}") from None
    if state.st_size > LARGEST:
        raise CodeError(f"it is larger than {LARGEST:,} bytes")
    return _pieces(path, state.st_mtime_ns, state.st_size)


def read(path: Path) -> str:
    """The text of a file, each of its lines ended by `\\n` alone."""
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise CodeError(f"it cannot be read: {error.strerror}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# A finding asks for the same files as the one before it.
@cache
def _pieces(path: Path, _changed: int, _size: int) -> list[Piece]:
    parse = python_pieces if path.suffix == ".py" else javascript_pieces
    return parse(read(path))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if one not in FOREIGN and not one.startswith(".")
        )
        for name in sorted(names):
            path = Path(place, name)
            generated = name.endswith((".min.js", ".config.js"))
            if path.suffix in LANGUAGES and not generated and path.is_file():
                yield path


def _depth(source: Source) -> tuple[bool, int]:
    return source.piece.nested, source.file.count("/")
