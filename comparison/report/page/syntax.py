"""Sources as pieces of text, each with what it is in its language."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pygments.lexers import JavascriptLexer, PythonLexer
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)

LEXERS = {
    "python": PythonLexer(stripnl=False),
    "javascript": JavascriptLexer(stripnl=False),
}
# The first that fits; each has a light and a dark colour in the style sheet.
KINDS: Sequence[tuple[_TokenType, str]] = (
    (Comment, "comment"),
    (String.Doc, "comment"),
    (String, "string"),
    (Number, "number"),
    (Keyword.Constant, "number"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Decorator, "decorator"),
    (Name.Function, "name"),
    (Name.Class, "name"),
)


def coloured(text: str, language: str) -> list[tuple[str, str]]:
    """The text in order, each piece after its kind, which may be none."""
    if language not in LEXERS:
        return [("", text)]
    pieces = list(_pieces(text, language))
    if pieces and not text.endswith("\n"):
        # The lexer ends each text with a line end of its own.
        pieces[-1] = (pieces[-1][0], pieces[-1][1].removesuffix("\n"))
    return pieces


def _pieces(text: str, language: str) -> Iterator[tuple[str, str]]:
    tokens = ((_kind(token), said) for token, said in LEXERS[language].get_tokens(text))
    for kind, alike in groupby(tokens, key=lambda token: token[0]):
        yield kind, "".join(said for _, said in alike)


def _kind(token: _TokenType) -> str:
    above = {id(one) for one in token.split()}
    return next((word for known, word in KINDS if id(known) in above), "")
