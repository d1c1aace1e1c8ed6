"""What the contract says of each operation, in the run file and on the page."""

import re

from comparison.contract_chapter import contract_chapter
from comparison.contracts.prose import rules_beside
from comparison.inputs import Inputs
from comparison.options import Options
from comparison.report.page import page
from comparison.stacks import ROOT
from tests.comparison import sample

SAID = contract_chapter(Inputs(Options(), print))


def test_every_operation_has_its_summary_and_replies() -> None:
    assert len(SAID) == 19
    assert all(one["summary"] and len(one["replies"]) > 3 for one in SAID.values())
    login = SAID["login"]
    assert login["request"] == "POST /users/login"
    assert login["summary"] == "Log in with e-mail and password"
    # Described where the reference leads.
    assert (
        login["replies"]["401"]
        == "No user has this e-mail with this password (rule A6)"
    )


def test_its_rules_are_those_that_scenarios_check_with_it() -> None:
    assert {"U2", "A6"} <= {*SAID["login"]["rules"]}
    assert {"C1", "C2"} <= {*SAID["createComment"]["rules"]}
    assert "C1" not in SAID["login"]["rules"]
    known = rules_beside(ROOT / "contract" / "openapi.yaml")
    for one in SAID.values():
        assert len(one["rules"]) == len({*one["rules"]})
        assert {*one["rules"]} <= known.keys()


def test_a_page_tells_it_with_the_text_of_each_rule() -> None:
    said = {
        "summary": "Get it",
        "replies": {"200": "All `of` it"},
        "rules": ["A1", "Z9"],
    }
    run = sample.whole(
        contract_operations={"getItem": said}, contract_rules={"A1": "A token."}
    )
    text = page.render(run)
    assert "<p>Get it.</p>" in text
    told = re.search(r'<details class="says">.*?</details>', text, re.DOTALL)
    assert told
    assert re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", told[0]) == [
        ("200", "All <code>of</code> it"),
        ("A1", "A token."),
    ]


def test_a_run_file_of_an_earlier_version_has_none() -> None:
    assert 'class="says"' not in page.render(sample.whole())
