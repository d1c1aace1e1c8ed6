"""Where the program runs within a test, whoever interrupts it means the tests."""

from collections.abc import Iterator
from types import FrameType

import pytest

from comparison.spawning import interrupt


@pytest.fixture(autouse=True, scope="session")
def interruptions(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends the tests when the program was interrupted, which only returns its code.

    Else they would go on, until pytest kills the process that runs them, and stacks
    would be left behind.
    """

    def heard(number: int, frame: FrameType | None) -> None:
        request.session.shouldstop = "interrupted while the program ran"
        interrupt(number, frame)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("comparison.cli.interrupt", heard)
        yield
