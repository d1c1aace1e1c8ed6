"""Workers under load: whichever of them ends, what was acknowledged is kept."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests import postgres
from tests.conduit import Conduit
from tests.processes import needs_proc, ready
from tests.servers import Servers
from tests.test_shutdown_under_load import FRESH, KEEPING, Load

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = [
    pytest.mark.several,
    pytest.mark.any_backend,
    pytest.mark.long,
    pytest.mark.usefixtures("several"),
    needs_proc,
]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_writes_while_workers_end(
    servers: Servers, launch: "Launch", number: signal.Signals, backend: str
) -> None:
    """S1: one worker after another ends; what was acknowledged is in the database."""
    database = servers.database(backend)
    stack = launch(database)
    with Conduit(stack.url) as nobody:
        user = nobody.register()
        slugs = [user.publish()["slug"] for _ in range(KEEPING + FRESH)]
    load = Load(stack.url, user, slugs)
    for _ in range(2):
        [ended, *_] = ready(stack, 2)
        os.kill(ended, number)
        ready(stack, 2, without=ended)
    stack.stop()
    load.join()
    assert load.acknowledged
    kept = comments_in(database)
    assert not set(load.acknowledged) - set(kept)
    assert len(kept) == len(set(kept))
    if number == signal.SIGTERM:
        assert not load.cut
        assert not set(kept) - set(load.acknowledged)


def comments_in(database: str) -> list[str]:
    """All of them, whoever wrote them: a list of the API ends after 1,000."""
    asked = "SELECT body FROM comments"
    if database.startswith("sqlite:///"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as db:
            return [body for (body,) in db.execute(asked)]
    return [row["body"] for row in asyncio.run(postgres.fetch(database, asked))]
