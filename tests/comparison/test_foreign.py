"""Two servers and a contract of other people, compared by a configuration alone."""

import json
from pathlib import Path

import pytest

from comparison.cli import main
from comparison.contracts.contract import Contract, Operation, load_contract
from comparison.node import install, node, npm
from comparison.run import Run, read_run
from comparison.stacks import ROOT

pytestmark = pytest.mark.long
FOREIGN = Path(__file__).parent / "foreign"
CONTRACT = FOREIGN / "node_modules/@blockfrost/openapi/openapi.yaml"
# Per fault: what is asked, and an operation, kind and place of what must be found.
FAULTS = [
    ("page", "GET /pools", "length", "", ""),
    ("open", "GET /network", "status", "status", ""),
    ("null", "GET /pools/{pool_id}/relays", "missing", "/*/ipv4", "null"),
    ("remove", "pins/life", "status", "status", "remove"),
]


@pytest.fixture(scope="module", autouse=True)
def _document() -> None:
    command = [str(node()), str(npm()), "ci", "--ignore-scripts"]
    install(command, FOREIGN, ROOT / ".cache", print)


def compared(folder: Path, *arguments: str) -> tuple[int, Run]:
    """Run the program with the configuration of the foreign pair."""
    text = (FOREIGN / "stacks.toml").read_text(encoding="utf-8")
    for place, there in ((".", FOREIGN), ("../../..", ROOT)):
        text = text.replace(f'folder = "{place}"', f"folder = {json.dumps(str(there))}")
    stacks = folder / "stacks.toml"
    stacks.write_text(text, encoding="utf-8")
    files = ["--config", str(FOREIGN / "compare.toml"), "--stacks-file", str(stacks)]
    code = main([*files, "--max-examples", "0", *arguments])
    return code, read_run(folder / "results" / "run.jsonl")


def has_pages(contract: Contract, operation: Operation) -> bool:
    return any(one["name"] == "page" for one in contract.parameters(operation))


def test_the_document_is_one_of_3_0_with_over_a_hundred_operations() -> None:
    assert b"\nopenapi: 3.0." in b"\n" + CONTRACT.read_bytes()[:100]
    assert len(load_contract(CONTRACT).operations) == 129


def test_the_right_pair_has_no_difference_and_keeps_the_contract(
    tmp_path: Path,
) -> None:
    # Operations with pages have most of the cases; one tag of them is enough here.
    contract = load_contract(CONTRACT)
    names = [one.id for one in contract.operations if not has_pages(contract, one)]
    wanted = [*names, "IPFS*", "pins/*", "transactions/*"]
    select = [word for name in wanted for word in ("--select", name)]
    code, run = compared(tmp_path, *select)
    assert code == 0
    assert run.findings == []
    assert run.violations == []
    asked = [name for name in run.exchanges if run.verdict(name) == "same"]
    assert len(asked) >= 50
    assert "POST /utils/txs/evaluate" in asked
    assert "POST /tx/submit" not in asked


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted[0])
def test_a_planted_fault_is_found(
    tmp_path: Path, planted: tuple[str, str, str, str, str]
) -> None:
    fault, asked, kind, where, blamed = planted
    stacks = ["--stack", "python", "--stack", fault]
    code, run = compared(tmp_path, *stacks, "--select", asked)
    assert code == 1
    found = [one for one in run.open if (one.kind, one.where) == (kind, where)]
    assert found, f"not found: {[(one.kind, one.where) for one in run.open]}"
    assert found[0].blamed == ([blamed] if blamed else [])
