"""How fast the load generator is itself: against a server that does nothing."""

from typing import Self

from comparison.speed.asked import Asked
from comparison.speed.generator import (
    CONNECTIONS,
    FOLDER,
    Generator,
    GeneratorError,
    end,
    pipes,
    spawn_script,
)
from comparison.speed.placement import placed
from comparison.speed.record import Interval
from comparison.speed.statistics import interval

SLICES = 3
SECONDS = 0.08
# The first ones are slow, before the code of the generator is compiled.
WARM_UP = 3


class Ceiling:
    """A server that does nothing but answer. Used in a `with` statement."""

    def __init__(self, generator: Generator, seed: int) -> None:
        self._generator, self._seed = generator, seed
        self.first: Interval | None = None

    def __enter__(self) -> Self:
        self._process = spawn_script("ceiling.js")
        _, told = pipes(self._process)
        port = told.readline().strip()
        if not port.isdigit():
            end(self._process)
            raise GeneratorError(
                "The server by which the load generator is measured did not start."
                f" Try it by hand: node {FOLDER / 'ceiling.js'}."
            )
        self.url = f"http://127.0.0.1:{int(port)}"
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)

    def of(self, size: int, connections: int = CONNECTIONS) -> float | None:
        """How many answers of so many bytes a second the generator takes."""
        name = f"ceiling: {size}"
        self._generator.know(name, [Asked("GET", f"/{size}", {}, None, 200)])
        slices = SLICES if self.first else SLICES + WARM_UP
        with placed(self._generator.process, [self._process.pid]):
            rates = [
                self._generator.closed(
                    name, self.url, SECONDS, connections=connections
                ).rate
                for _ in range(slices)
            ]
        found = interval(rates[-SLICES:], self._seed)
        self.first = self.first or found
        return None if found is None else found.value
