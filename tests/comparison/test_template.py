"""Path templates: text beside a parameter counts, and the most literal one wins."""

import pytest

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.template import Template

PATHS = ("/a/{id}", "/a/{x}-{y}", "/a/{id}.json", "/a/me", "/{a}/{b}")
CONTRACT = Contract(
    "c.yaml", {}, "", tuple(Operation(path, "GET", path, {}) for path in PATHS)
)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/a/me", "/a/me"),
        ("/a/5", "/a/{id}"),
        ("/a/5.json", "/a/{id}.json"),
        ("/a/1-2", "/a/{x}-{y}"),
        ("/a/1-2.json", "/a/{id}.json"),
        ("/b/1-2", "/{a}/{b}"),
        ("/a/", None),
        ("/a/b/c", None),
    ],
)
def test_the_most_literal_template_is_meant(path: str, meant: str | None) -> None:
    assert CONTRACT.template(path) == meant
    assert CONTRACT.find("GET", path) == CONTRACT.operation(meant or "")


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/a/{id}", "/a/5", {"id": "5"}),
        ("/a/{id}", "/a/5/", {"id": "5"}),
        ("/a/{id}.json", "/a/5.json", {"id": "5"}),
        ("/a/{id}.json", "/a/5.xml", {}),
        ("/a/{x}-{y}/b/{z}", "/a/1-2/b/3", {"x": "1", "y": "2", "z": "3"}),
        ("/a/{x}-{y}", "/a/${a-b.c}-${d}", {"x": "${a-b.c}", "y": "${d}"}),
        ("/a", "/a", {}),
    ],
)
def test_what_stands_for_each_parameter(
    template: str, path: str, values: dict[str, str]
) -> None:
    assert Template(template).values(path) == values


def test_a_template_is_filled_where_its_parameters_stand() -> None:
    filled = Template("/a/{x}-{y}.json").filled({"x": "1", "y": "\\2", "z": "3"})
    assert filled == "/a/1-\\2.json"
