"""Attacks on the real stacks, a fraction of what the program does at its full scale.

uv run python -m tests.adversary
"""

import pytest

from tests.adversary.__main__ import Plan, run
from tests.adversary.attacks import ATTACKS
from tests.servers import Server

pytestmark = [pytest.mark.any_backend, pytest.mark.long]

# /health has three times the second that is asked for: the machine is shared here with
# other tests, and the program by itself is what proves the second.
PLAN = Plan(
    scale=0.02,
    patience=3.0,
    rounds=1,
    limits={"HEADERS_TIMEOUT": "1", "REQUEST_TIMEOUT": "2"},
)
REPLIES = {
    "idle sockets": {"408"},
    "slow headers": {"408"},
    "slow bodies": {"408"},
    "1 GiB body": {"413"},
    "1 GiB in chunks": {"413"},
    "zip bombs": {"415"},
    "100,000 headers": {"431"},
    "10 MiB header": {"431"},
    "1e6 deep JSON": {"400"},
    "wide JSON": {"422"},
    "broken chunks": {"400"},
    "pipelined garbage": {"400 404"},
}


@pytest.mark.usefixtures("servers")
def test_attacks(stack: Server) -> None:
    """P14 to P17: /health answers throughout, and files and memory come back."""
    results = run(stack.name, PLAN)
    assert not [result.row(stack.name) for result in results if result.faults]
    assert {result.attack for result in results} > ATTACKS.keys()
    for result in results:
        if wanted := REPLIES.get(result.attack):
            assert result.replies.keys() == wanted, result.row(stack.name)
