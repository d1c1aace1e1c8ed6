"""A stack as `stacks.toml` has it: how it is installed and started, and what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Reference:
    """What a stack is held against: it answers the same with less around it.

    `layer` is what is left: framework, toolkit or server.
    """

    of: str
    layer: Literal["framework", "toolkit", "server"]


@dataclass(frozen=True)
class Stack:
    """One entry of `stacks.toml`; its commands and `environment` are unfilled.

    `several_of` is the stack of which it starts as many processes as WORKERS says.
    """

    name: str
    title: str
    folder: Path
    start: tuple[str, ...]
    install: tuple[str, ...] = ()
    openapi: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    reference: Reference | None = None
    several_of: str | None = None
