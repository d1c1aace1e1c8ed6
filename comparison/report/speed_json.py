"""The speed for programs: described by `speed.schema.json`."""

from collections.abc import Mapping
from typing import Any

from comparison.report.json import written


def render(speed: Mapping[str, Any]) -> str:
    """All of it as indented JSON that ends with a newline."""
    return written(dict(speed))
