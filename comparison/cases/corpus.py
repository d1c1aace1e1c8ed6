"""Cases: requests generated from the contract, and kept, so that it is done once."""

import hashlib
import importlib.metadata
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from comparison.cases.generation import Generation
from comparison.contracts.contract import Contract
from comparison.output import replace_file

# The part of a corpus that is no chunk of random cases.
FIXED = "fixed"
# Another number where other cases, or other files, come of the same contract and seed.
_FORMAT = 4
_MADE_WITH = ("schemathesis", "hypothesis", "jsonschema-rs", "requests")
# The files that were used last stay, up to this many bytes.
_MOST_KEPT = 200 * 1024 * 1024
_MOST_NOTES = 5


@dataclass(frozen=True)
class Case:
    """One request as generated, without credentials.

    `path` is below the contract's base path and `query` without question mark, both as
    on the wire; `about` says what the case is for; the body is `text` or `hex`.
    `positive` is what the contract allows, as far as the generator can tell.
    """

    operation: str
    about: str
    method: str
    path: str
    query: str
    headers: dict[str, str | None]
    text: str | None = None
    hex: str | None = None
    positive: bool = True


class Corpus:
    """The cases of one contract and seed. Used in a `with` statement.

    They are kept in `cache`. What is missing there a process generates, which ends
    with the statement; it goes on in the background until there are `ahead` chunks.
    Random cases are of the operations that `only` names; None for all.
    """

    def __init__(  # noqa: PLR0913 - what differs from run to run is named
        self,
        contract: Contract,
        seed: int,
        cache: Path,
        say: Callable[[str], None] = lambda _: None,
        *,
        ahead: int = 0,
        only: frozenset[str] | None = None,
    ) -> None:
        self.contract = contract
        self.seed = seed
        self.say = say
        self.ahead = ahead
        self.only = only
        self._open = ExitStack()
        self._folder = self._usable(cache / "cases")
        self._generation: Generation | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def fixed(self) -> list[Case]:
        """The coverage and the examples of every operation, whatever the seed.

        Raises `ContractError`.
        """
        return self._part(FIXED, 0)

    def chunk(self, number: int) -> list[Case]:
        """Random cases, others in every chunk; the operations take turns in them.

        Empty where nothing is left to generate. Raises `ContractError`.
        """
        return self._part(str(number), number + 1)

    def _part(self, part: str, following: int) -> list[Case]:
        path = self._path(part)
        saved = read(path)
        if saved is None:
            self._ask(part)
        if following < self.ahead and not self._path(str(following)).exists():
            self._ask(str(following))
        if saved is None:
            saved = self._awaited(part, path)
        return saved

    def _awaited(self, part: str, path: Path) -> list[Case]:
        what = "cases" if part == FIXED else f"random cases, part {int(part) + 1},"
        self.say(f"generating {what} from {self.contract.title} (once)")
        notes = self._asked.wait(part)
        for note in notes[:_MOST_NOTES]:
            self.say(f"not everything could be generated: {note}")
        if len(notes) > _MOST_NOTES:
            self.say(f"nor could {len(notes) - _MOST_NOTES} other things")
        _forget(self._folder)
        return read(path) or []

    def _ask(self, part: str) -> None:
        self._asked.ask(part, self._path(part))

    @property
    def _asked(self) -> Generation:
        if self._generation is None:
            job = {
                "document": self.contract.document,
                "base": self.contract.base,
                "seed": self.seed,
                "only": None if self.only is None else sorted(self.only),
                "folder": str(self._folder.resolve()),
            }
            self._generation = Generation(job)
            self._open.callback(self._generation.close)
        return self._generation

    def _path(self, part: str) -> Path:
        versions = [importlib.metadata.version(name) for name in _MADE_WITH]
        # What letters and digits are depends on the Unicode of this Python.
        said = [_FORMAT, *versions, *platform.python_version_tuple()[:2]]
        made_with = hashlib.sha256(repr(said).encode()).hexdigest()[:8]
        digest = self.contract.digest[:16]
        name = FIXED if part == FIXED else f"{self.seed}-{part}{self._selection}"
        return self._folder / f"{digest}-{made_with}-{name}.jsonl"

    @property
    def _selection(self) -> str:
        """What tells the random cases of some operations from those of all."""
        if self.only is None:
            return ""
        names = "\n".join(sorted(self.only))
        return "-" + hashlib.sha256(names.encode()).hexdigest()[:8]

    def _usable(self, folder: Path) -> Path:
        """The folder, or one that goes away if nothing can be written there."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError as error:
            self.say(f"the cases cannot be kept in {folder}: {error.strerror}")
            scratch = tempfile.TemporaryDirectory(prefix="cases-")
            return Path(self._open.enter_context(scratch))


def distinct(cases: Iterable[Case]) -> list[Case]:
    """The first of every request, in order."""
    found: dict[str, Case] = {}
    for case in cases:
        request = asdict(replace(case, about="", positive=True))
        found.setdefault(json.dumps(request, sort_keys=True), case)
    return list(found.values())


def write(path: Path, cases: Iterable[Case]) -> None:
    """Keep cases: a line that counts them, and a line of JSON for each."""
    lines = [json.dumps(vars(case)) for case in cases]
    replace_file(path, "".join(f"{line}\n" for line in [str(len(lines)), *lines]))


def read(path: Path) -> list[Case] | None:
    """What `write` kept; None if there is nothing, or it is damaged."""
    try:
        count, *lines = path.read_text(encoding="utf-8").splitlines()
        cases = [Case(**json.loads(line)) for line in lines]
        if int(count) != len(cases):
            return None
    except (OSError, ValueError, TypeError):
        return None
    with suppress(OSError):
        os.utime(path)
    return cases


def _forget(folder: Path) -> None:
    """Remove what was not used for longest, if there is too much."""
    kept = 0
    with suppress(OSError):
        files = [(path.stat(), path) for path in folder.glob("*.jsonl")]
        for about, path in sorted(files, key=lambda one: -one[0].st_mtime):
            kept += about.st_size
            if kept > _MOST_KEPT:
                path.unlink(missing_ok=True)
