"""Every operation under requests that schemathesis generates from the contract."""

import logging
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any, TypeAlias

import pytest
import requests
import schemathesis
from hypothesis import given, settings, strategies
from schemathesis import Case, GenerationMode
from schemathesis.config import GenerationConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import ensure_resource_availability

from tests.conduit import Conduit, unique
from tests.contract import DOCUMENT, OPERATIONS

pytestmark = pytest.mark.long
TIMEOUT = 30
AnyCase: TypeAlias = Case[Any]
SHOWN = 5
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# What the contract says to valid requests, beside success: names are taken, slugs
# unknown, articles somebody else's, and credentials wrong.
VALID = ["2xx", "401", "403", "404", "409"]
# And to invalid ones: 404 is its word for an invalid slug, name or id in a path.
INVALID = ["400", "401", "403", "404", "405", "413", "415", "422"]
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 1,
        "suppress-health-check": ["all"],
        "generation": {
            "database": "none",
            "deterministic": True,
            # Credentials come from the test, so that they are real.
            "with-security-parameters": False,
        },
        "checks": {
            "positive_data_acceptance": {"expected-statuses": VALID},
            "negative_data_rejection": {"expected-statuses": INVALID},
        },
    }
)


class World:
    """Users, articles, comments, favourites and follows to hit upon."""

    def __init__(self, api: Conduit) -> None:
        self.url = f"{api.url}/api"
        self.alice, self.bob = api.register(), api.register()
        for user, other in ((self.alice, self.bob), (self.bob, self.alice)):
            slugs = [user.publish(tagList=["dragons"])["slug"] for _ in range(3)]
            user.post(f"{other.profile}/follow").gives("profile")
            for slug in slugs:
                other.comment(slug)
                other.post(f"/articles/{slug}/favorite").gives("article")
        self.session = requests.Session()
        self.session.trust_env = False

    def parameters(self, path: str) -> dict[str, Any]:
        """Parameters for which there is something, unharmed by earlier requests."""
        found: dict[str, Any] = {}
        if "{username}" in path:
            found["username"] = self.bob.username
        if "{slug}" in path:
            found["slug"] = self.alice.publish(title=unique("World"))["slug"]
        if "{id}" in path:
            found["id"] = self.alice.comment(found["slug"])["id"]
        return found

    def arguments(self) -> dict[str, Any]:
        return {
            "base_url": self.url,
            "session": self.session,
            "headers": {"Authorization": f"Token {self.alice.token}"},
            "timeout": TIMEOUT,
        }


@cache
def contract() -> Any:
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    return schemathesis.openapi.from_dict(deepcopy(DOCUMENT), config=CONFIG)


@pytest.fixture(scope="module")
def world(api: Conduit) -> Iterator[World]:
    world = World(api)
    yield world
    world.session.close()


@cache
def coverage(name: str) -> list[AnyCase]:
    """The examples of the contract, and each keyword kept and broken by turns."""
    operation = contract().find_operation_by_id(name)
    config = GenerationConfig(modes=MODES, with_security_parameters=False)
    return list(
        contract().iter_coverage_cases(
            operation, generation_modes=MODES, generation_config=config
        )
    )


@cache
def fuzzing(name: str, count: int) -> list[AnyCase]:
    """What Hypothesis thinks of; kept, since thinking takes longer than sending."""
    operation = contract().find_operation_by_id(name)
    modes = [operation.as_strategy(generation_mode=mode) for mode in MODES]
    cases: list[AnyCase] = []

    @settings(max_examples=count)
    @given(case=strategies.one_of(modes))
    def collect(case: AnyCase) -> None:
        cases.append(case)

    collect()
    return cases


def has_valid_path(case: AnyCase) -> bool:
    if case.meta is None:
        return False
    component = case.meta.components.get(ParameterLocation.PATH)
    return component is None or component.mode is GenerationMode.POSITIVE


def send(world: World, case: AnyCase, real: bool) -> None:
    """Send it, where it is `real` to something that there is."""
    given_parameters = dict(case.path_parameters or {})
    if real and given_parameters and has_valid_path(case):
        case.path_parameters = world.parameters(case.operation.path)
    try:
        case.call_and_validate(**world.arguments())
    finally:
        case.path_parameters = given_parameters


def send_all(world: World, cases: list[AnyCase]) -> None:
    found: list[str] = []
    for number, case in enumerate(cases):
        try:
            send(world, case, real=number % 2 == 1)
        except FailureGroup as failures:
            found.append(str(failures))
    if found:
        shown = "\n\n".join(found[:SHOWN])
        pytest.fail(f"{len(found)} of {len(cases)} failed:\n{shown}", False)


@pytest.mark.parametrize("name", OPERATIONS)
def test_coverage(world: World, name: str) -> None:
    """E1 to E5, T1 to T5, B1, B4, Q1, Q2, P7: all that the schemas say."""
    send_all(world, coverage(name))


@pytest.mark.parametrize("name", OPERATIONS)
def test_fuzzing(world: World, name: str, request: pytest.FixtureRequest) -> None:
    """E1 to E5, T1 to T5, B8, Q1, Q2: what nobody thought of."""
    send_all(world, fuzzing(name, request.config.getoption("--max-examples")))


def test_links(world: World, request: pytest.FixtureRequest) -> None:
    """R6, C2, P7: sequences along the contract's links."""
    moved: set[str] = set()

    class Links(contract().as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: AnyCase) -> dict[str, Any]:  # noqa: ARG002
            return world.arguments()

        def after_call(self, response: Response, case: AnyCase) -> None:
            super().after_call(response, case)
            if case.method == "PUT" and "slug" in case.path_parameters:
                moved.update(left_by(response, case))

        def validate_response(
            self, response: Response, case: AnyCase, **_: Any
        ) -> None:
            gone = case.path_parameters.get("slug") in moved
            excluded = [ensure_resource_availability] if gone else []
            case.validate_response(
                response, excluded_checks=excluded, recorder=self.recorder
            )

    examples = request.config.getoption("--max-examples")
    Links.run(settings=settings(max_examples=examples, stateful_step_count=8))


def left_by(response: Response, case: AnyCase) -> set[str]:
    """The slug that an article had before its title changed (R3), which is 404 now.

    Schemathesis takes nothing but DELETE for a reason that what was created is gone.
    """
    old = case.path_parameters["slug"]
    if response.status_code != HTTPStatus.OK:
        return set()
    return {old} - {response.json()["article"]["slug"]}
