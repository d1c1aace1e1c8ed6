"""What is counted and measured of the code of each side; nothing of it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass

from comparison.code import counts, dependencies, startup
from comparison.code.counts import Lines
from comparison.code.dependencies import Dependencies
from comparison.code.startup import Startup

HOW = {
    "lines": counts.HOW,
    "dependencies": dependencies.HOW,
    "startup": startup.HOW,
}


@dataclass(frozen=True)
class Facts:
    """One side: lines by what files are for, packages, and how it starts."""

    lines: Mapping[str, Lines]
    dependencies: Dependencies | None
    startup: Startup | None
