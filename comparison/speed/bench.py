"""What every part of a measurement uses: the load, chance, and who watches."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from comparison.speed.generator import Generator


@dataclass(frozen=True)
class Bench:
    """The load generator, what orders are drawn from, and who is told what goes on."""

    generator: Generator
    random: Random
    watch: Callable[[str], None] = lambda _: None
