"""README.md: its excerpts and counts are those of the files."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXCERPTS = re.findall(r"<!-- from (\S+) -->\n```\w+\n(.*?)```", README, flags=re.S)


def test_excerpts_are_there() -> None:
    assert len(EXCERPTS) >= 4


@pytest.mark.parametrize(("path", "excerpt"), EXCERPTS)
def test_excerpt_is_in_its_file(path: str, excerpt: str) -> None:
    assert excerpt in (ROOT / path).read_text(encoding="utf-8")


def test_counts_are_those_of_the_contract() -> None:
    rules = (ROOT / "contract/README.md").read_text(encoding="utf-8")
    numbers = re.findall(r"^\| \*\*[A-Z][0-9]+\*\* \|", rules, flags=re.M)
    document = yaml.safe_load((ROOT / "contract/openapi.yaml").read_text("utf-8"))
    operations = [
        method
        for path in document["paths"].values()
        for method in path
        if method != "parameters"
    ]
    assert f"{len(operations)} operations" in README
    assert f"{len(numbers)} numbered rules" in README


def test_every_link_leads_to_a_file() -> None:
    found = r"\]\(([^)#]+)\)|(?:href|src|srcset)=\"([^\"]+)\""
    for target in re.findall(found, README):
        path = target[0] or target[1]
        assert path.startswith("https://") or (ROOT / path).exists(), path
