"""Texts that servers like to get wrong, and those that Hypothesis thinks of."""

from hypothesis import strategies

# Rule T2.
WHITE_SPACE = (
    "\u0009\u000a\u000b\u000c\u000d\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003"
    "\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# White space to some languages, but not by rule T2.
NOT_WHITE_SPACE = "\u001c\u001d\u001e\u001f\u180e\u200b\u2060"

# Values that are no text, and no null either.
NOT_TEXTS: list[object] = [1, 1.5, True, False, [], ["text"], {}]

# A family and a flag: many code points, more UTF-16 units, one character to the eye.
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ASTRAL = "\U0001f409"

PRECIOUS = [
    " leading and trailing ",
    "\ttab\r\nline\n",
    "e\u0301 is not \u00e9",
    FAMILY,
    "\u202eright to left",
    "\ufeffmark\ufeff",
    "\u2028line separator\u2029",
    "</script><b>&amp;",
    "'; DROP TABLE users; --",
    "\\u0041 \\n \\",
    "\x7f\x1b[31m\x01",
    "\ufffe\uffff\U0010ffff",
    "\u4f60\u597d, \u043c\u0438\u0440",
    ":title $1 %s {0}",
]

# Everything that rule T3 allows.
text = strategies.characters(codec="utf-8", exclude_characters="\0")


def is_blank(value: str) -> bool:
    return not value.strip(WHITE_SPACE)


def texts(largest: int) -> strategies.SearchStrategy[str]:
    """Texts that may stand where blank ones may not."""
    return strategies.text(text, min_size=1, max_size=largest).filter(
        lambda value: not is_blank(value)
    )
