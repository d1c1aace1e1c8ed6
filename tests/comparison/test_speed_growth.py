"""How figures grow, and what is asked of a contract that has no workloads."""

from pathlib import Path

from comparison.contracts.contract import Contract, load_contract
from comparison.speed.derived import derived
from comparison.speed.figures import steps
from comparison.speed.generator import Answers
from comparison.speed.rounds import Slices

# Bytes of a reply, by count.
SIZES = {1: 50, 2: 60}
ANSWERS = Answers(1, 1.0, {"p50": 1.0, "p90": 1.0, "p99": 1.0}, 0, 0, None)


def slices(rate: float, void: str | None = None) -> Slices:
    rates = [] if void else [rate, rate * 1.01, rate * 0.99] * 4
    answers = [ANSWERS] * len(rates)
    return Slices(
        rates=rates, cpu=[1e6 / one for one in rates], answers=answers, void=void
    )


def contract(folder: Path, paths: str) -> Contract:
    file = folder / "openapi.yaml"
    head = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\nservers: [{url: /v1}]\n"
    file.write_text(f"{head}{paths}", encoding="utf-8")
    return load_contract(str(file))


def test_a_step_is_a_multiple_of_the_base() -> None:
    one, two = steps(
        {1: slices(100), 2: slices(180)}, SIZES, base=1, ceiling=None, seed=1
    )
    assert (one.at, round(one.ratio.value, 2)) == (1, 1.0)
    assert (two.at, round(two.ratio.value, 2)) == (2, 1.8)
    assert two.ratio.low <= two.ratio.value <= two.ratio.high
    one, two = steps(
        {1: slices(100), 2: slices(200)}, SIZES, base=2, ceiling=250, seed=1
    )
    assert (round(one.ratio.value, 2), round(two.ratio.value, 2)) == (0.5, 1.0)
    assert (one.reply, two.reply) == (50, 60)
    # From 70 per cent of the load generator's ceiling on.
    assert (one.at_least, two.at_least) == (False, True)


def test_a_void_step_is_left_out_and_a_void_base_leaves_none() -> None:
    found = steps({1: slices(9), 2: slices(9, "wrong")}, SIZES, 1, None, 1)
    assert [step.at for step in found] == [1]
    assert steps({1: slices(9, "wrong"), 2: slices(9)}, SIZES, 1, None, 1) == []


def test_what_needs_neither_parameter_nor_token_is_asked(tmp_path: Path) -> None:
    reply = "responses: {'200': {description: x}}"
    paths = (
        "paths:\n"
        f"  /things: {{get: {{operationId: listThings, {reply}}}}}\n"
        "  /things/{id}: {get: {operationId: getThing, parameters: [{in: path,"
        f" name: id, required: true, schema: {{type: string}}}}], {reply}}}}}\n"
        f"  /mine: {{get: {{operationId: mine, security: [{{t: []}}], {reply}}}}}\n"
        "  /found: {get: {operationId: find, parameters: [{in: query, name: q,"
        f" required: true, schema: {{type: string}}}}], {reply}}}}}\n"
        f"  /made: {{post: {{operationId: make, {reply}}}}}\n"
    )
    found = derived(contract(tmp_path, paths))
    assert found is not None
    asked = {name: one.requests[0].ask for name, one in found.workloads.items()}
    assert asked == {"list-things": "GET /v1/things"}


def test_nothing_can_be_asked_of_a_contract_that_only_writes(tmp_path: Path) -> None:
    reply = "responses: {'201': {description: x}}"
    paths = f"paths: {{/made: {{post: {{operationId: make, {reply}}}}}}}\n"
    assert derived(contract(tmp_path, paths)) is None
