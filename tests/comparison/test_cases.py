"""Generated cases: the same for the same seed, kept, and of every kind of request."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from comparison.cases import corpus as module
from comparison.cases.corpus import Case, Corpus, distinct, read, write
from comparison.contracts.contract import load_contract

TOY = load_contract(Path(__file__).parent / "toy" / "openapi.yaml")
CASE = Case("get", "case", "GET", "/things", "", {"X-Name": "ä"}, text='{"a": 1}')


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the fixed part and two chunks of the toy, seed 1."""
    cache = tmp_path_factory.mktemp("cache")
    with Corpus(TOY, 1, cache) as corpus:
        corpus.fixed()
        corpus.chunk(0)
        corpus.chunk(1)
    return cache


def files(cache: Path) -> dict[str, bytes]:
    """The parts of a corpus by the end of their names."""
    found = (cache / "cases").glob("*.jsonl")
    return {path.name.rsplit("-", 1)[-1]: path.read_bytes() for path in found}


def corpus_of(cache: Path, seed: int = 1, **more: Any) -> Corpus:
    return Corpus(TOY, seed, cache, **more)


@pytest.fixture
def copies(kept: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked for; it is not generated but taken from `kept`."""
    asked: list[str] = []

    class Copying:
        def __init__(self, job: object) -> None: ...

        def ask(self, part: str, path: Path) -> None:
            asked.append(part)
            path.write_bytes(files(kept)[f"{part}.jsonl"])

        def wait(self, part: str) -> list[str]:
            return ["get (coverage): no reason"] if part in asked else []

        def close(self) -> None: ...

    monkeypatch.setattr(module, "Generation", Copying)
    return asked


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_order(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("CI", "true")
    monkeypatch.chdir(tmp_path)
    with Corpus(TOY, 1, tmp_path) as corpus:
        corpus.chunk(1)
        corpus.fixed()
    before = files(kept)
    assert files(tmp_path) == {
        "1.jsonl": before["1.jsonl"],
        "fixed.jsonl": before["fixed.jsonl"],
    }


def test_another_seed_gives_other_cases(kept: Path, tmp_path: Path) -> None:
    with corpus_of(tmp_path, seed=2) as corpus:
        found = corpus.chunk(0)
    assert found != corpus_of(kept).chunk(0)


def test_the_fixed_part_is_kept_for_every_seed(kept: Path, copies: list[str]) -> None:
    assert corpus_of(kept, seed=2).fixed() == corpus_of(kept).fixed()
    assert copies == []


def test_chunks_are_not_the_same(kept: Path) -> None:
    with corpus_of(kept) as corpus:
        first, second = corpus.chunk(0), corpus.chunk(1)
    assert len(distinct([*first, *second])) > 1.5 * len(first)


def test_a_second_run_generates_nothing(kept: Path, copies: list[str]) -> None:
    with corpus_of(kept, ahead=2) as corpus:
        assert corpus.fixed()
        assert corpus.chunk(0)
    assert copies == []


def test_what_could_not_be_generated_is_told(tmp_path: Path, copies: list[str]) -> None:
    said: list[str] = []
    with corpus_of(tmp_path, say=said.append) as corpus:
        corpus.chunk(0)
    assert copies == ["0"]
    assert said[-1] == "not everything could be generated: get (coverage): no reason"


def test_who_asks_for_cases_does_not_load_the_generator() -> None:
    code = "import sys, comparison.cases.corpus; print('schemathesis' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"


def test_a_fixed_part_has_valid_and_invalid_cases_of_every_operation(
    kept: Path,
) -> None:
    found = corpus_of(kept).fixed()
    assert {case.operation for case in found} == {one.id for one in TOY.operations}
    assert {case.positive for case in found} == {True, False}
    assert distinct(found) == found


def test_in_a_chunk_the_operations_take_turns(kept: Path) -> None:
    chunk = corpus_of(kept).chunk(0)
    count = len(TOY.operations)
    assert len({case.operation for case in chunk[:count]}) == count
    assert sum(case.positive for case in chunk) > len(chunk) / 2


@pytest.mark.parametrize(
    "damage", [b"", b"1\n", b"2\n{}\n", b"not a number\n", b"\xff"]
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "part.jsonl"
    path.write_bytes(damage)
    assert read(path) is None


def test_half_a_file_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    write(path, [CASE, CASE])
    assert read(path) == [CASE, CASE]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 20])
    assert read(path) is None


def test_a_damaged_part_is_generated_again(
    kept: Path, tmp_path: Path, copies: list[str]
) -> None:
    with corpus_of(tmp_path) as corpus:
        corpus.chunk(0)
        [path] = (tmp_path / "cases").glob("*-0.jsonl")
        path.write_bytes(path.read_bytes()[:-200])
        corpus.chunk(0)
    assert copies == ["0", "0"]
    assert files(tmp_path)["0.jsonl"] == files(kept)["0.jsonl"]


@pytest.mark.usefixtures("copies")
def test_what_was_not_used_for_longest_goes_when_there_is_too_much(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    for age, name in enumerate(["new", "old", "oldest"]):
        path = folder / f"{name}.jsonl"
        path.write_bytes(b"x" * 1000)
        os.utime(path, (1e9 - age, 1e9 - age))
    size = len(files(kept)["0.jsonl"])
    monkeypatch.setattr(module, "_MOST_KEPT", size + 1500)
    with corpus_of(tmp_path) as corpus:
        corpus.chunk(0)
    assert set(files(tmp_path)) == {"0.jsonl", "new.jsonl"}


@pytest.mark.usefixtures("copies")
def test_where_nothing_can_be_kept_cases_are_generated_all_the_same(
    kept: Path, tmp_path: Path
) -> None:
    (tmp_path / "cases").write_text("a file stands in the way")
    said: list[str] = []
    with corpus_of(tmp_path, say=said.append) as corpus:
        assert corpus.chunk(0) == corpus_of(kept).chunk(0)
    assert "cannot be kept" in said[0]


def test_the_next_chunk_is_made_while_the_last_one_is_asked(tmp_path: Path) -> None:
    with Corpus(TOY, 1, tmp_path, ahead=1) as corpus:
        corpus.fixed()
        deadline = time.monotonic() + 60
        while "0.jsonl" not in files(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "0.jsonl" in files(tmp_path)
        corpus.chunk(0)
    assert set(files(tmp_path)) == {"fixed.jsonl", "0.jsonl"}


def test_the_process_ends_even_if_nobody_ends_it() -> None:
    code = (
        "import sys, time\n"
        "from comparison.cases.generation import Generation\n"
        "made = Generation({'document': {}, 'base': '', 'seed': 1, 'folder': '.'})\n"
        "print(made.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
