"""What does not answer as HTTP is reported, in bounded time and memory."""

import resource

import pytest

from tests.comparison.wrong import misbehaving
from tests.comparison.wrong.misbehaving import Misbehaviour
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.trial import compared_at
from tests.comparison.wrong.wire import serving

SERVERS = [
    (misbehaving.slow, "no reply in 0.4 s"),
    (misbehaving.hanging, "no reply in 0.4 s"),
    (misbehaving.crashing, "closed"),
    (misbehaving.garbage, "not HTTP"),
    (misbehaving.closing, "closed after 10 bytes of body"),
    (misbehaving.endless, "larger than 8 MiB"),
]
# The program itself takes some, a gigabyte is far more.
MOST_KILOBYTES = 200_000
OPTIONS = ("--max-examples", "0", "--timeout", "0.4", "--select", "listTags")


@pytest.mark.parametrize(
    ("misbehave", "what"), SERVERS, ids=lambda one: getattr(one, "__name__", "")
)
def test_a_server_that_misbehaves_is_reported(
    misbehave: Misbehaviour, what: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (
        serving(Shop().answer) as [right],
        misbehaving.misbehaving(misbehave) as (wrong, server),
    ):
        run = compared_at([right, wrong], *OPTIONS)
    assert run.failed
    assert {one.stack for one in run.breakdowns} == {"wrong"}
    assert what in run.breakdowns[0].what
    assert run.breakdowns[0].request == "GET /api/tags"
    broken = [one for one in run.open if one.kind == "broken"]
    assert [(one.operation, one.blamed) for one in broken] == [("listTags", ["wrong"])]
    assert server.sent < misbehaving.GIGABYTE
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < MOST_KILOBYTES
