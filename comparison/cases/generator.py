"""The generator of cases; the only module that imports schemathesis.

It runs as a process of its own, so that nothing but contract and seed has a say in what
is generated: not what modules are loaded, nor in which order a set is walked through.
The process reads a job in one line of JSON, then the names of parts, and writes the
cases of each to a file.
"""

import json
import logging
import os
import sys
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, zip_longest
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Unsatisfiable
from hypothesis.internal.conjecture import providers
from hypothesis.internal.entropy import deterministic_PRNG
from schemathesis.config import GenerationConfig
from schemathesis.core.result import Err, Ok
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.hypothesis.examples import generate_one

from comparison.cases.corpus import FIXED, Case, distinct, write
from comparison.cases.wire import on_the_wire, operation_id

# How many examples of each operation one chunk has, and all of them together at most.
POSITIVE, NEGATIVE = 20, 10
MOST = 2000
LONG = 300
_MODES = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]


class Generator:
    """Generates from one contract; `notes` tell what could not be generated, and why.

    `document` is in one piece, `base` the path before all of its paths. Random cases
    are of the operations that `only` names; None for all.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        base: str,
        seed: int,
        only: Collection[str] | None = None,
    ) -> None:
        self.document = document
        self.base = base
        self.seed = seed
        self.only = only
        self.notes: list[str] = []

    def fixed(self) -> list[Case]:
        """The coverage of every operation, then its examples: no seed changes them."""
        cases: list[Case] = []
        for operation in self._operations(self.document):
            cases += self._drawn(operation, "coverage", _coverage(operation))
            cases += self._drawn(operation, "examples", _examples(operation))
        return distinct(cases)

    def fuzzed(self, chunk: int) -> list[Case]:
        """Random cases, others in every chunk; the operations take turns."""
        share = min(1.0, MOST / ((POSITIVE + NEGATIVE) * max(len(self._light), 1)))
        columns = [self._mixed(operation, chunk, share) for operation in self._light]
        rows = chain.from_iterable(zip_longest(*columns))
        return distinct(case for case in rows if case is not None)

    @cached_property
    def _light(self) -> list[Any]:
        every = self._operations(lightened(self.document))
        only = self.only
        return [one for one in every if only is None or operation_id(one) in only]

    def _operations(self, document: Any) -> list[Any]:
        # Without security parameters: empty ones would stand where a token belongs.
        config = schemathesis.Config.from_dict(
            {"generation": {"with-security-parameters": False}}
        )
        schema = schemathesis.openapi.from_dict(dict(document), config=config)
        outcomes = list(schema.get_all_operations())
        broken = [one.err() for one in outcomes if isinstance(one, Err)]
        self.notes += [_reason(error) for error in broken]
        return [one.ok() for one in outcomes if isinstance(one, Ok)]

    def _mixed(self, operation: Any, chunk: int, share: float) -> list[Case]:
        """Cases of one operation: after two that are valid comes one that is not."""
        by_mode = []
        for mode, most in zip(_MODES, (POSITIVE, NEGATIVE), strict=True):
            count = max(int(most * share), 1)
            name = f"{mode.value}, seed {self.seed}, chunk {chunk}"
            found = _random(operation, mode, count, _number(operation, name))
            cases = self._drawn(operation, name, found)
            # So few are all that there are, and the first chunk has had them.
            exhausted = len(cases) < count and chunk > 0
            by_mode.append([] if exhausted else distinct(cases))
        positive, negative = by_mode
        rows = zip_longest(positive[::2], positive[1::2], negative)
        return [case for row in rows for case in row if case is not None]

    def _drawn(self, operation: Any, name: str, found: Iterable[Any]) -> list[Case]:
        """The cases of an iterator, as many as it gives before it fails."""
        cases: list[Case] = []
        try:
            with deterministic_PRNG(_number(operation, name)):
                for case in found:
                    cases.append(on_the_wire(case, self.base))
        except Unsatisfiable:
            pass  # Nothing is wrong about an operation that takes nothing.
        except (Exception, BaseExceptionGroup) as error:
            self.notes.append(f"{operation.label} ({name}): {_reason(error)}")
        return cases


def _number(operation: Any, name: str) -> int:
    """What random choices begin with; it hangs on nothing but these names."""
    return zlib.crc32(f"{operation.label} {name}".encode())


def lightened(schema: Any) -> Any:
    """A document without the maximum lengths that make generation take seconds.

    A length and a pattern become one pattern with a counter of that size. Nothing that
    long is drawn at random; the coverage has both sides of every maximum.
    """
    if isinstance(schema, list):
        return [lightened(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    most = schema.get("maxLength")
    heavy = (
        isinstance(most, int) and most > LONG and isinstance(schema.get("pattern"), str)
    )
    return {
        key: lightened(value)
        for key, value in schema.items()
        if not (heavy and key == "maxLength")
    }


def _coverage(operation: Any) -> Iterator[Any]:
    config = GenerationConfig(modes=_MODES, with_security_parameters=False)
    found: Iterator[Any] = operation.schema.iter_coverage_cases(
        operation, generation_modes=_MODES, generation_config=config
    )
    return found


def _examples(operation: Any) -> Iterator[Any]:
    for strategy in operation.get_strategies_from_examples(feedback=NO_FEEDBACK):
        yield generate_one(strategy)


def _random(operation: Any, mode: Any, count: int, number: int) -> Iterator[Any]:
    found: list[Any] = []
    strategy = operation.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK)

    @seeded(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    yield from found


def _reason(error: BaseException | None) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__} {text[:160]}"


def _quiet(folder: Path) -> None:
    """Keep what schemathesis and hypothesis would say, look up and leave behind."""
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    set_hypothesis_home_dir(folder / "hypothesis")
    # Hypothesis would mix in constants from the source of every module of ours, and
    # other cases came after each change of it.
    nothing = providers._local_constants
    providers._get_local_constants = lambda: nothing


def _asked() -> SimpleQueue[str]:
    """The lines of standard input. The process ends with it: nobody is left to ask."""
    lines: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return lines


def main() -> None:
    """Answer each part that is asked for with a line of JSON: its notes."""
    asked = _asked()
    job = json.loads(asked.get())
    _quiet(Path(job["folder"]))
    generator = Generator(job["document"], job["base"], job["seed"], job["only"])
    while True:
        part, path = json.loads(asked.get())
        cases = generator.fixed() if part == FIXED else generator.fuzzed(int(part))
        write(Path(path), cases)
        print(json.dumps({"part": part, "notes": generator.notes}), flush=True)
        generator.notes = []


if __name__ == "__main__":
    main()
