"""The pieces of a JavaScript file, as tree-sitter's grammar sees them."""

import re
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from comparison.code.piece import METHODS, Kind, Piece

FUNCTIONS = ("function_expression", "arrow_function", "generator_function")
DECLARED: dict[str, Kind] = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "method_definition": "function",
}
SCOPES = frozenset({*FUNCTIONS, *DECLARED, "class"})
STATEMENTS = frozenset(
    {"export_statement", "expression_statement", "lexical_declaration"}
    | {"variable_declaration"}
)
TYPE = re.compile(r"@typedef\s+\{.*?\}\s+(\w+)")
LANGUAGE = Language(tree_sitter_javascript.language())


def javascript_pieces(text: str) -> list[Piece]:
    """Functions and classes at any depth, and the constants and types of a module.

    What is no JavaScript is left out: the grammar goes on behind it.
    """
    # A grammar reads on where Node stops at once; a line is what ends with \n.
    tree = Parser(LANGUAGE).parse(text.encode("utf-8", "replace"))
    found: list[Piece] = []
    # Not by recursion: what a stack generates may be nested deeply.
    waiting = [(tree.root_node, False)]
    while waiting:
        node, nested = waiting.pop()
        found += _of(node, nested)
        inside = nested or node.type in SCOPES or node.type == "object"
        waiting += [(child, inside) for child in reversed(node.named_children)]
    return found


def _of(node: Node, nested: bool) -> Iterator[Piece]:
    """The pieces that begin with this node itself."""
    kind = DECLARED.get(node.type)
    if kind is not None:
        name = _name(node.child_by_field_name("name"))
        yield _piece(name or "default", kind, node, _statement(node), nested)
    elif node.type == "variable_declarator":
        yield from _variable(node, nested)
    elif node.type == "assignment_expression":
        yield from _assignment(node, nested)
    elif node.type == "pair" and _is_function(node.child_by_field_name("value")):
        key = _name(node.child_by_field_name("key"))
        yield _piece(key, "function", node, node, nested=True)
    elif node.type in FUNCTIONS and (name := _name(node.child_by_field_name("name"))):
        route = _route(node)
        kind = "handler" if route else "function"
        yield _piece(name, kind, node, route or node, nested)
    elif node.type == "export_statement" and _is_unnamed(node):
        yield _piece("default", "function", node, node, nested)
    elif node.type == "comment" and not nested:
        for type_name in TYPE.findall(_text(node)):
            yield _piece(type_name, "type", node, node, nested)


def _variable(node: Node, nested: bool) -> Iterator[Piece]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or name.type != "identifier":
        return
    kind = _kind_of(value)
    if kind != "constant" or not nested:
        yield _piece(_name(name), kind, name, _statement(node), nested)


def _assignment(node: Node, nested: bool) -> Iterator[Piece]:
    """`exports.getArticle = …`; of other objects what is a function or a class."""
    left, kind = node.child_by_field_name("left"), _kind_of(node.named_children[-1])
    if left is None or left.type != "member_expression":
        return
    exported = _text(left.named_children[0]) in ("exports", "module.exports")
    if kind != "constant" or (exported and _text(left) != "module.exports"):
        name = _name(left.child_by_field_name("property"))
        yield _piece(name, kind, left, _statement(node), nested)


def _kind_of(value: Node | None) -> Kind:
    if value is not None and value.type == "class":
        return "class"
    # `asyncHandler(async (req, res) => …)` is a function all the same.
    return "function" if _is_function(value) or _wraps(value) else "constant"


def _wraps(value: Node | None) -> bool:
    if value is None or value.type != "call_expression":
        return False
    called, given = map(value.child_by_field_name, ("function", "arguments"))
    plain = called is not None and called.type == "identifier"
    return plain and given is not None and any(map(_is_function, given.named_children))


def _is_function(node: Node | None) -> bool:
    return node is not None and node.type in FUNCTIONS


def _is_unnamed(node: Node) -> bool:
    """Whether it is `export default` of a function without a name."""
    value = node.child_by_field_name("value")
    named = value is not None and value.child_by_field_name("name")
    return _is_function(value) and not named


def _route(function: Node) -> Node | None:
    """The call of a route around a function, with the statement that it is."""
    node = function.parent
    while node is not None and node.type in ("arguments", "call_expression", "array"):
        called = node.child_by_field_name("function")
        named = called.child_by_field_name("property") if called else None
        if named is not None and _text(named) in METHODS:
            return _statement(node)
        node = node.parent
    return None


def _statement(node: Node) -> Node:
    """The whole statement: with `export` before it, and the semicolon behind."""
    while node.parent is not None and node.parent.type in STATEMENTS:
        node = node.parent
    return node


def _piece(name: str, kind: Kind, at: Node, node: Node, nested: bool) -> Piece:
    points = (_comment(node).start_point, node.end_point, at.start_point)
    first, last, line = (point.row + 1 for point in points)
    return Piece(name, kind, first, last, line, nested)


def _comment(node: Node) -> Node:
    """The first of the comments directly above a node, or the node."""
    while (before := node.prev_named_sibling) is not None and before.type == "comment":
        other = before.prev_sibling
        shares = other is not None and other.end_point.row == before.start_point.row
        if shares or before.end_point.row + 1 != node.start_point.row:
            break
        node = before
    return node


def _name(node: Node | None) -> str:
    return "" if node is None else _text(node).strip("'\"").removeprefix("#")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
