"""The pieces of a Python file, as the language's own parser sees them."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from itertools import pairwise

from comparison.code.piece import METHODS, CodeError, Kind, Piece

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
ROUTES = METHODS | {"api_route", "route", "websocket"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def python_pieces(text: str) -> list[Piece]:
    """Functions and classes at any depth, and what a module assigns.

    Raises `CodeError` for what this version of Python does not understand.
    """
    try:
        # What a compiler would warn of is no matter of ours.
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
        return list(_pieces(tree.body, text.split("\n"), 0, nested=False))
    except SyntaxError as error:
        where = f"line {error.lineno}: " if error.lineno else ""
        raise CodeError(f"{where}{error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise CodeError(f"it is no Python: {error}") from None


def _pieces(
    body: Sequence[ast.stmt], lines: Sequence[str], start: int, *, nested: bool
) -> Iterator[Piece]:
    """The pieces of a block whose first statement comes after line `start`."""
    before = [start, *(node.end_lineno or 0 for node in body)]
    for (floor, last), node in zip(pairwise(before), body, strict=True):
        first = _first(node)
        begin = _with_comments(lines, first, floor)
        if isinstance(node, DEFINITIONS):
            yield Piece(node.name, _kind(node), begin, last, node.lineno, nested)
            yield from _pieces(node.body, lines, node.lineno, nested=True)
            continue
        if not nested:
            for name in _assigned(node):
                yield Piece(name, "constant", begin, last, first)
        for block in _blocks(node):
            yield from _pieces(block, lines, first, nested=nested)


def _first(node: ast.stmt) -> int:
    """The line of its first decorator, or its own."""
    decorators = node.decorator_list if isinstance(node, DEFINITIONS) else []
    return min([node.lineno, *(one.lineno for one in decorators)])


def _with_comments(lines: Sequence[str], first: int, floor: int) -> int:
    """The first line of the comments directly above line `first`."""
    while first - 1 > floor and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first


def _kind(node: Definition) -> Kind:
    if isinstance(node, ast.ClassDef):
        return "class"
    return "handler" if any(map(_is_route, node.decorator_list)) else "function"


def _is_route(decorator: ast.expr) -> bool:
    """Whether it is `@router.get(…)` or one of its kind."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in (
        *METHODS,
        "api_route",
        "route",
    )


def _assigned(node: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a value: of lists of names, each."""
    targets: Sequence[ast.expr] = ()
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    # The statement `type X = …` is one of Python 3.12.
    elif type(node).__name__ == "TypeAlias":
        targets = [node.name]  # type: ignore[attr-defined]
    for target in targets:
        for one in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(one, ast.Name):
                yield one.id


def _blocks(node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """What stands within an `if`, a `try`, a `with`, a loop."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(node, name, [])
    for case in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield case.body
