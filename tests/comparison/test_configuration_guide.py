"""docs/configuration.md: its examples are read, and it leaves no key out."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from comparison.configuration import tables as config_tables
from comparison.configuration.config import ConfigError, load_config
from comparison.configuration.tables import File, Table
from comparison.findings.known import read_known
from comparison.speed import workloads
from comparison.speed.concrete import concrete, mix_of
from comparison.stacks import ROOT

GUIDE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
NAMED = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)))


def tables() -> Iterator[type[Table]]:
    for found in vars(config_tables).values():
        if isinstance(found, type) and issubclass(found, Table):
            yield found


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_configuration(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in re.findall(r"\$\{env:(\w+)\}", text):
        monkeypatch.setenv(name, f"the value of {name}")
    file = tmp_path / "compare.toml"
    file.write_text(text, encoding="utf-8")
    assert load_config(file).contract


def test_the_examples_have_every_table() -> None:
    shown = {key for text in EXAMPLES for key in tomllib.loads(text)}
    assert len(EXAMPLES) == 3
    assert {*File.allowed()} - shown <= {"scenarios", "known", "timeout"}


@pytest.mark.parametrize("table", list(tables()))
def test_every_key_is_explained(table: type[Table]) -> None:
    for key in table.allowed():
        headings = {key, f"[[{key}]]", f"[{key}]", f"[{key}.NAME]"}
        assert headings & NAMED, key


def workload_tables() -> Iterator[type[Table]]:
    for found in vars(workloads).values():
        if isinstance(found, type) and issubclass(found, Table) and found is not Table:
            yield found


@pytest.mark.parametrize("table", list(workload_tables()))
def test_every_key_of_workloads_is_explained(table: type[Table]) -> None:
    for key in table.allowed():
        assert {key, f"[{key}]", f"[{key}.NAME]"} & NAMED, key


def test_its_workloads_can_be_asked(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml workloads.toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "workloads.toml").write_text(text, encoding="utf-8")
    file = workloads.load_workloads(tmp_path / "workloads.toml")
    values = {name: value.of or [f"a {name}"] for name, value in file.values.items()}
    for plan in file.workloads.values():
        assert concrete(plan, values, Random(1))
    assert mix_of(file) is not None


def test_the_mistakes_that_it_shows_are_told_so(tmp_path: Path) -> None:
    file = tmp_path / "compare.toml"
    file.write_text('timeout = "10"\n[stacks.old]\nheadrs = {}\n', encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_config(file)
    for line in str(error.value).splitlines()[:-1]:
        assert line.replace(str(file), "compare.toml") in GUIDE


def test_the_known_difference_that_it_shows_can_be_read() -> None:
    (text,) = re.findall(r"```text\n(\[\[difference\]\].*?)```", GUIDE, re.DOTALL)
    (known,) = read_known(text, Path("known_differences.toml"))
    assert known.stacks == ("go",)
