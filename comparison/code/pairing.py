"""What stands beside what: by name alone, as the house rules have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

from comparison.code.piece import CodeError, in_javascript, in_python, words
from comparison.code.side import Side, Source


@dataclass(frozen=True)
class Pair:
    """One name, and its source on every side that has it, by the side's name."""

    name: str
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class Part:
    """Files of the same base name: what is in several of them, and in one alone."""

    name: str
    files: Mapping[str, str]
    pairs: Sequence[Pair]

    @property
    def shared(self) -> list[Pair]:
        """What several sides have."""
        return [pair for pair in self.pairs if len(pair.sources) > 1]

    def alone(self, side: str) -> list[Source]:
        """What this side has, and no other."""
        single = (pair for pair in self.pairs if len(pair.sources) == 1)
        return [pair.sources[side] for pair in single if side in pair.sources]


def pairs(operations: Iterable[str], sides: Sequence[Side]) -> list[Pair]:
    """Every operation with its handler on each side that has one."""
    return [
        Pair(name, {s.name: found[0] for s in sides if (found := s.handlers(name))})
        for name in operations
    ]


def parts(sides: Sequence[Side]) -> list[Part]:
    """What several sides have a file of the same name for."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for side in sides:
        for path in side.files:
            bare = PurePosixPath(path).with_suffix("").as_posix()
            found.setdefault(words(bare), {}).setdefault(side.name, path)
    shared = [files for files in found.values() if len(files) > 1]
    return [_part(files, sides) for files in shared]


def _part(files: Mapping[str, str], sides: Sequence[Side]) -> Part:
    pieces: dict[tuple[str, ...], dict[str, Source]] = {}
    for side in sides:
        for one in side.files.get(files.get(side.name, ""), ()):
            if not one.piece.nested:
                pieces.setdefault(one.piece.key, {}).setdefault(side.name, one)
    first = PurePosixPath(next(iter(files.values())))
    return Part(
        name=first.with_suffix("").as_posix(),
        files={
            side.name: _place(side, files[side.name])
            for side in sides
            if side.name in files
        },
        pairs=[
            Pair(next(iter(found.values())).piece.name, found)
            for found in pieces.values()
        ],
    )


def _place(side: Side, file: str) -> str:
    sources = side.files[file]
    return sources[0].file if sources else file


def chosen(name: str, operations: Sequence[str], sides: Sequence[Side]) -> Pair | Part:
    """The operation or the part of this name. Raises `CodeError` if there is none."""
    if name in operations:
        return pairs([name], sides)[0]
    every = {part.name: part for part in parts(sides)}
    if name in every:
        return every[name]
    known = [*operations, *every]
    lower = {one.lower(): one for one in known}
    # In capitals or with underscores: whatever a person may remember of it.
    asked = (name.lower(), "".join(words(name)))
    near = [lower[one] for word in asked for one in get_close_matches(word, lower)]
    hint = ", ".join(dict.fromkeys(near))
    raise CodeError(
        f"There is no operation and no part {name!r}."
        + (f" The closest: {hint}." if hint else "")
        + f"\nOperations: {', '.join(operations)}."
        + f"\nParts: {', '.join(every) or 'none'}."
    )


def lacking(
    operation: str, side: Side, sides: Sequence[Side], operations: Iterable[str]
) -> str:
    """What to say of a side without a handler; which function it may have become."""
    claimed = {words(name) for name in operations}
    free = [one for one in side.functions if words(one.piece.name) not in claimed]
    files = {_stem(one) for other in sides for one in other.handlers(operation)}
    routes = [one for one in free if one.piece.kind == "handler"]
    beside = [one for one in routes if _stem(one) in files]
    by_name = {one.piece.name: one for one in free}
    like = [by_name[name] for name in get_close_matches(in_python(operation), by_name)]
    text = f"{side.name} has no handler {' or '.join(_written(operation, side))}"
    maybe = ", ".join(f"{one.piece.name} ({one.place})" for one in beside or like)
    return f"{text}; named after no operation: {maybe}" if maybe else text


def _written(operation: str, side: Side) -> list[str]:
    """What a handler would be called in the languages of a side."""
    languages = {path.suffix == ".py" for path in side.paths}
    names = {True: in_python(operation), False: in_javascript(operation)}
    return list(dict.fromkeys(names[one] for one in sorted(languages)))


def _stem(source: Source) -> str:
    return PurePosixPath(source.file).stem
