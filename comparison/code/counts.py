"""How many lines there are of what: they inform, and judge nothing."""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tree_sitter import Parser

from comparison.code.javascript import LANGUAGE
from comparison.code.piece import CodeError, words
from comparison.code.side import Side, read

HOW = (
    "A line counts as code if anything but a comment, a docstring or white space"
    " stands in it. Kinds: operations, files with a handler of the contract; shared,"
    " other files of the same base name on several sides; alone, those of one side;"
    " bare, those whose name begins with it, which no real stack runs."
)
DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
SILENT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    | {tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
)


@dataclass(frozen=True)
class Lines:
    """The lines of some files."""

    files: int = 0
    code: int = 0
    comment: int = 0
    blank: int = 0

    def __add__(self, other: "Lines") -> "Lines":
        return Lines(
            self.files + other.files,
            self.code + other.code,
            self.comment + other.comment,
            self.blank + other.blank,
        )


def lines_by_kind(
    side: Side, sides: Sequence[Side], operations: Iterable[str]
) -> dict[str, Lines]:
    """The lines of a side, by what its files are for."""
    implementing = {one.file for name in operations for one in side.handlers(name)[:1]}
    elsewhere = {_base(file) for s in sides if s is not side for file in s.files}
    found = dict.fromkeys(("operations", "shared", "alone", "bare"), Lines())
    for path in side.paths:
        file = side.below(path)
        if file not in side.files:
            continue
        kind = "shared" if _base(file) in elsewhere else "alone"
        if any(source.file in implementing for source in side.files[file]):
            kind = "operations"
        elif PurePosixPath(file).name.startswith("bare"):
            kind = "bare"
        found[kind] += lines_of(path)
    return found


def lines_of(path: Path) -> Lines:
    """The lines of a file. Raises `CodeError` if it cannot be read."""
    text = read(path)
    numbered = list(enumerate(text.removesuffix("\n").split("\n"), 1)) if text else []
    rows = _python if path.suffix == ".py" else _javascript
    code = set(rows(text))
    rest = [line for number, line in numbered if number not in code]
    blank = sum(not line.strip() for line in rest)
    return Lines(1, len(numbered) - len(rest), len(rest) - blank, blank)


def _base(file: str) -> tuple[str, ...]:
    return words(PurePosixPath(file).with_suffix("").as_posix())


def _python(text: str) -> Iterator[int]:
    """The numbers of the lines with code."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
        said = {number for node in ast.walk(tree) for number in _docstring(node)}
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in SILENT:
                rows = range(token.start[0], token.end[0] + 1)
                yield from (row for row in rows if row not in said)
    except (SyntaxError, ValueError, tokenize.TokenError) as error:
        raise CodeError(f"it is no Python: {error}") from None


def _docstring(node: ast.AST) -> range:
    if isinstance(node, DEFINITIONS) and ast.get_docstring(node, clean=False):
        return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    return range(0)


def _javascript(text: str) -> Iterator[int]:
    """The numbers of the lines with code."""
    waiting = [Parser(LANGUAGE).parse(text.encode("utf-8", "replace")).root_node]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        # Of a template the leaves leave out what stands between them.
        whole = node.type == "template_string" or not node.children
        if whole and node.type not in ("comment", "program", "hash_bang_line"):
            yield from range(node.start_point.row + 1, node.end_point.row + 2)
