"""The documents of the stacks of a run: commands are begun at once, all in parallel."""

import tempfile
import urllib.parse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from comparison.drift.source import Awaited, Command, Printing
from comparison.inputs import AnyStack, Inputs
from comparison.placeholders import words_for
from comparison.ports import free_ports
from comparison.stacks import Stack, prepared


def gather(inputs: Inputs, held: ExitStack) -> Sequence[Awaited]:
    """Begin to have every document; what was begun is ended with `held`."""
    return [_awaited(stack, inputs, held) for stack in inputs.stacks]


def _awaited(stack: AnyStack, inputs: Inputs, held: ExitStack) -> Awaited:
    address = inputs.config.settings(stack.name).openapi
    if not isinstance(stack, Stack):
        # As for requests, a path in its URL takes the place of the contract's own.
        base = urllib.parse.urlsplit(stack.url).path.rstrip("/") or None
        return Awaited(stack.name, address or "", base)
    if address is not None or not stack.openapi:
        return Awaited(stack.name, address or "")
    scratch = Path(held.enter_context(tempfile.TemporaryDirectory()))
    # It never listens; whatever else it makes of its settings, it must find them valid.
    words = words_for(
        free_ports(1)[0], f"sqlite:///{scratch / 'stack.db'}", stack.folder
    )
    command, environment = prepared(stack, stack.openapi, words, inputs.say)
    shown = " ".join(stack.openapi).replace("{", "").replace("}", "")
    printing = Printing(Command(command, shown, stack.folder, environment))
    held.enter_context(printing)
    return Awaited(stack.name, shown, printing=printing)
