"""The drift for programs: described by `drift.schema.json`."""

from collections.abc import Mapping
from typing import Any

from comparison.report.json import written


def render(header: Mapping[str, Any]) -> str:
    """All of it as indented JSON that ends with a newline."""
    names = ("contract", "operations")
    whole = {"version": 1, **{name: header[name] for name in names}}
    return written({**whole, "stacks": header["drift"]})
