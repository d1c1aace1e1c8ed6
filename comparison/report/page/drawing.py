"""How pages are drawn: templates in which each value is text."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from comparison.printable import printable
from comparison.report import excerpt
from comparison.report.layout import many
from comparison.report.page.backticks import prose

FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Where each value is text: what cannot be printed is escaped, then all of it."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("style.css", "script.js"):
        own = (FOLDER / name).read_text("utf-8")
        made.globals[name.partition(".")[0]] = Markup(own)  # noqa: S704 - our own file
        made.globals[f"{name.partition('.')[0]}_hash"] = _hash(own)
    made.globals |= {"many": many, "prose": prose, "line": excerpt.line}
    return made


def _text(value: Any) -> Any:
    return value if isinstance(value, Markup) else printable(str(value))


def _hash(text: str) -> str:
    """What a Content-Security-Policy knows a script or a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
