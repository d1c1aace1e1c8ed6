"""Which servers the suite talks to, and who talks to them; who runs which tests."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import pytest
from hypothesis import HealthCheck, settings

from tests import postgres
from tests.conduit import Conduit, Document, User
from tests.processes import workers
from tests.servers import POSTGRESQL, SEVERAL, SQLITE, SUFFIX, Server, Servers

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

SERVERS = pytest.StashKey[Servers | None]()
# One seed, so that a red run is red again; no deadline, since servers share a machine.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("suite")
# More gain little where most wait for servers, each of which has its own.
MOST_WORKERS = 4
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conduit", "the server under test")
    group.addoption(
        "--stack",
        action="append",
        metavar="NAME",
        help="a stack of stacks.toml (repeatable; default: its default pair)",
    )
    group.addoption(
        "--url", metavar="URL", help="a server that runs already: http://host:port"
    )
    group.addoption(
        "--max-examples",
        type=int,
        default=10,
        metavar="N",
        help="generated requests per operation in test_contract.py (default: 10)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "any_backend: the storage does not matter; SQLite is enough"
    )
    config.addinivalue_line(
        "markers", "several: on the stacks of several processes too"
    )
    config.addinivalue_line(
        "markers", "long: begins before the others, so that nobody waits for its end"
    )
    config.stash[SERVERS] = None
    # As Ctrl-C: pytest comes to its end, and so do the stacks.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if config.getoption("--url"):
        if config.getoption("--stack"):
            raise pytest.UsageError("give --stack or --url, not both")
        return
    from comparison.stacks import StackError, load_stacks  # noqa: PLC0415

    try:
        stacks = load_stacks()
        for name in config.getoption("--stack") or stacks.default:
            stacks.get(name)
    except StackError as error:
        raise pytest.UsageError(str(error)) from None
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    say = reporter.write_line if reporter else print
    config.stash[SERVERS] = Servers(stacks, say)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Install the stacks before there are workers, which have no terminal to say so."""
    from comparison.stacks import StackError  # noqa: PLC0415

    servers = config.stash[SERVERS]
    if servers is None:
        return
    # What goes wrong is told by the first test that wants a stack.
    with suppress(StackError):
        for name in stack_names(config):
            servers.install(name)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes run tests: none where somebody looks at one test closely."""
    alone = config.getoption("capture") == "no" or config.getoption("trace")
    single = bool(config.args) and all("::" in one for one in config.args)
    # A server that is given has only one state for all.
    if alone or single or config.getoption("--url"):
        return 0
    return min(os.cpu_count() or 1, MOST_WORKERS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(SERVERS, None)
    if servers is not None:
        servers.close(keep_logs=False, at_once=True)


def pytest_sessionfinish(
    session: pytest.Session, exitstatus: int | pytest.ExitCode
) -> None:
    servers = session.config.stash[SERVERS]
    if servers is None:
        return
    # Who is impatient and interrupts again, as a worker is after five seconds, would
    # leave servers behind.
    before = {one: signal.signal(one, signal.SIG_IGN) for one in INTERRUPTIONS}
    try:
        interrupted = exitstatus == pytest.ExitCode.INTERRUPTED
        servers.close(keep_logs=session.testsfailed > 0, at_once=interrupted)
        session.config.stash[SERVERS] = None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, Any, Any]:
    report = yield
    servers = item.config.stash[SERVERS]
    if report.failed and servers is not None:
        call = getattr(item, "callspec", None)
        report.sections += servers.report(call.params.get("stack") if call else None)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped is told, once for each reason, and so what it takes."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(one.longrepr[2]) for one in skipped)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} times {reason}")


def stack_names(config: pytest.Config) -> list[str]:
    servers = config.stash[SERVERS]
    if servers is None:
        return []
    return list(config.getoption("--stack") or servers.stacks.default)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test runs on every stack, and on both storages where these matter."""
    reason = postgres.missing()
    marks = [pytest.mark.skip(reason=reason)] if reason else []
    if "backend" in metafunc.fixturenames:
        backends = [SQLITE, pytest.param(POSTGRESQL, marks=marks)]
        metafunc.parametrize("backend", backends)
    if "stack" not in metafunc.fixturenames:
        return
    names = stack_names(metafunc.config)
    marked = metafunc.definition.get_closest_marker("several")
    if names and marked and not metafunc.config.getoption("--stack"):
        names += SEVERAL
    labels: list[Any] = list(names) or [metafunc.config.getoption("--url")]
    if metafunc.definition.get_closest_marker("any_backend") is None:
        labels += [pytest.param(f"{name}{SUFFIX}", marks=marks) for name in names]
    metafunc.parametrize("stack", labels, indirect=True, scope="session")


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Server:
    """The server under test."""
    servers = request.config.stash[SERVERS]
    if servers is None:
        return given_server(request)
    from comparison.stacks import StackError  # noqa: PLC0415

    try:
        return servers.shared(request.param)
    except (StackError, postgres.PostgresError) as error:
        give_up(request.session, f"{request.param}: {error}")


def give_up(session: pytest.Session, reason: str) -> NoReturn:
    """End the run; where this is a worker, that of all others too."""
    session.shouldstop = reason
    pytest.exit(reason, pytest.ExitCode.USAGE_ERROR)


def given_server(request: pytest.FixtureRequest) -> Server:
    url = request.param.rstrip("/")
    try:
        httpx.get(f"{url}/api/tags", timeout=10, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        give_up(request.session, f"nothing answers at {url}: {error}")
    return Server(url, url)


@pytest.fixture
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Starts more processes of the stacks, which end with the test."""
    found = request.config.stash[SERVERS]
    if found is None:
        pytest.skip("starts a process; with --url the server is somebody else's")
    yield found
    found.stop_extra()


@pytest.fixture
def launch(servers: Servers, stack: Server) -> "Launch":
    """Start another process of the stack on a database of its own, or a given one."""

    def start(database: str | None = None, **environment: str) -> "RunningStack":
        fresh = database or servers.database(stack.backend or SQLITE)
        return servers.start(stack.name, fresh, environment)

    return start


@pytest.fixture
def several(stack: Server) -> None:
    """Only for a stack that is a manager with workers."""
    if stack.process is None or not workers(stack.process):
        pytest.skip("is about several processes, and this stack is one")


@pytest.fixture
def pair(servers: Servers, request: pytest.FixtureRequest, backend: str) -> list[str]:
    """The URLs of all stacks on one database of their own."""
    names = request.config.getoption("--stack") or servers.stacks.default
    if len(names) < 2:
        pytest.skip("shares a database between stacks; only one was asked for")
    return [server.url for server in servers.sharing(names, backend)]


@pytest.fixture(scope="session")
def api(stack: Server) -> Iterator[Conduit]:
    """Nobody in particular."""
    with Conduit(stack.url) as conduit:
        yield conduit


# Hashing a password is slow on purpose, so tests that leave a user as it was share
# these three.
@pytest.fixture(scope="session")
def alice(api: Conduit) -> User:
    return api.register()


@pytest.fixture(scope="session")
def bob(api: Conduit) -> User:
    return api.register()


@pytest.fixture
def stranger(api: Conduit) -> User:
    """A user whom nobody knows yet."""
    return api.register()


@pytest.fixture
def article(alice: User) -> Document:
    """A new article by Alice."""
    return alice.publish()
