"""The load generator as a process: autocannon for closed loops, undici for open ones.

Both are packages of npm, installed as those of a stack are. The process is told what to
ask line by line, and answers with figures; so nothing is started for a slice of time.
"""

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

from comparison import node, spawning
from comparison.placeholders import filled
from comparison.running import StackError
from comparison.speed.asked import Asked

FOLDER = Path(__file__).resolve().parent / "load"
INSTALL = ("{node}", "{npm}", "ci", "--ignore-scripts")
# As many as keep one process busy; more would measure their own queue.
CONNECTIONS = 8
# Of an open loop: as many as ever wait at once below a server's limit.
MOST_CONNECTIONS = 128
# A server that does not answer for so many seconds does not answer any more.
PATIENCE = 10.0
# Beyond what the generator waits for itself.
SPARE = 20.0


class GeneratorError(StackError):
    """The load generator failed; says what to do next."""


@dataclass(frozen=True)
class Answers:
    """What one slice of load gave; durations in seconds, latency in milliseconds.

    `wrong` answers are not those that were expected, `failed` requests have none;
    `example` is the first of either. `lag` is how late an open loop was itself, in
    milliseconds at the 99th percentile.
    """

    answered: int
    seconds: float
    latency: Mapping[str, float | None]
    wrong: int
    failed: int
    example: str | None
    lag: float | None = None

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answered / self.seconds if self.seconds > 0 else 0.0


class Generator:
    """The running load generator. Used in a `with` statement, which ends it."""

    def __init__(
        self, locks: Path, say: Callable[[str], None], patience: float = PATIENCE
    ) -> None:
        self._locks, self._say, self._patience = locks, say, patience
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._known: dict[str, Sequence[Asked]] = {}

    def __enter__(self) -> Self:
        try:
            node.install(filled(INSTALL, {}), FOLDER, self._locks, self._say)
        except node.InstallError as error:
            raise GeneratorError(str(error)) from None
        self._process = spawn_script("load.js")
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        return self

    def __exit__(self, *_: object) -> None:
        spawning.end(self._process)
        # It reads until there is no more to come, and from nothing that was closed.
        self._listening.join()
        end(self._process)

    @property
    def process(self) -> int:
        """The id of its process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs: it is ended after an order that it has not answered."""
        return self._process.poll() is None

    def know(self, name: str, requests: Sequence[Asked]) -> None:
        """Tell what `name` asks; again where it is something else by now."""
        if self._known.get(name) != requests:
            told = [asdict(one) for one in requests]
            self._perform({"do": "know", "name": name, "requests": told})
            self._known[name] = requests

    def closed(
        self, name: str, url: str, seconds: float, *, start: int = 0, connections: int
    ) -> Answers:
        """A closed loop for so many seconds, beginning with the request `start`."""
        order = {"do": "closed", "name": name, "url": url, "seconds": seconds}
        order |= {"start": start, "connections": connections}
        limit = seconds + self._patience
        return Answers(**self._perform({**order, "patience": self._patience}, limit))

    def open(self, name: str, url: str, due: Sequence[float]) -> Answers:
        """An open loop: requests that are due so many seconds from its beginning."""
        order = {
            "do": "open",
            "name": name,
            "url": url,
            "due": [round(at * 1000, 3) for at in due],
            "connections": MOST_CONNECTIONS,
        }
        return Answers(**self._perform(order, due[-1]))

    def _perform(
        self, order: Mapping[str, Any], seconds: float = 0.0
    ) -> dict[str, Any]:
        """What came of an order that takes so many seconds at most."""
        tell, _ = pipes(self._process)
        try:
            tell.write(json.dumps(order).encode() + b"\n")
            tell.flush()
            line = self._lines.get(timeout=seconds + SPARE)
            found: dict[str, Any] = json.loads(line)
        except (OSError, queue.Empty, ValueError):
            # A late answer would be taken for that to the next order.
            spawning.end(self._process)
            raise GeneratorError(
                "The load generator ended or gave no answer in time. Run the same"
                " again; if it stays so, see whether it starts by hand:"
                f" {node.node()} {FOLDER / 'load.js'}."
            ) from None
        if "error" in found:
            raise GeneratorError(
                f"The load generator failed: {found['error']}. If that is of a request,"
                " correct workloads.toml; else run the same again, and report it if it"
                " stays so."
            )
        return found

    def _listen(self) -> None:
        _, told = pipes(self._process)
        for line in told:
            self._lines.put(line)
        # An empty line is no JSON: whoever waits learns that nothing will come.
        self._lines.put(b"")


def version(package: str) -> str:
    """The version of a package of the generator, as it is installed."""
    path = FOLDER / "node_modules" / package / "package.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def spawn_script(script: str) -> subprocess.Popen[bytes]:
    """Start a script of the generator's folder, told and heard through pipes."""
    return spawning.spawn(
        [str(node.node()), str(FOLDER / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End such a script at once."""
    spawning.end(process)
    for pipe in pipes(process):
        with suppress(OSError):
            pipe.close()


def pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """What it is told through, and what it is heard through."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started without pipes")
    return process.stdin, process.stdout
