"""Storage: shared by processes, outliving them, away and back."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import TYPE_CHECKING

import httpx
import pytest

from tests import postgres
from tests.conduit import PASSWORD, Conduit, User, profile_of, unique
from tests.servers import SQLITE, Server, Servers

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = pytest.mark.long
CLIENTS = 20
TAKEN = "has already been taken"


def race(urls: list[str]) -> list[int]:
    """The replies to CLIENTS registrations of one address at the same moment."""
    address = f"{unique()}@example.org"
    barrier = threading.Barrier(CLIENTS)

    def register(url: str) -> int:
        with Conduit(url) as conduit:
            user = {"username": unique(), "email": address, "password": PASSWORD}
            barrier.wait()
            reply = conduit.post("/users", {"user": user})
        if reply.status != 201:
            reply.refuses(409, email=TAKEN)
        return reply.status

    with ThreadPoolExecutor(CLIENTS) as pool:
        turns = [url for url, _ in zip(cycle(urls), range(CLIENTS), strict=False)]
        return list(pool.map(register, turns))


def test_one_address_registered_at_once(stack: Server) -> None:
    """U1: one gets it, and the others hear that it is taken."""
    assert Counter(race([stack.url])) == {201: 1, 409: CLIENTS - 1}


def test_one_address_registered_at_once_on_all_stacks(pair: list[str]) -> None:
    """U1, S2: though they share nothing but the database."""
    assert Counter(race(pair)) == {201: 1, 409: CLIENTS - 1}


def test_stacks_share_everything(pair: list[str]) -> None:
    """S2: users, password hashes, tokens, articles, comments: either's are both's."""
    for here, there in (pair, pair[::-1]):
        with Conduit(here) as one, Conduit(there) as other:
            share(one, other)


def share(one: Conduit, other: Conduit) -> None:
    user = one.register()
    assert other.log_in(user.email, PASSWORD).gives("user")["bio"] is None
    bearer = other.bearing(user.token or "")
    assert bearer.put("/user", {"user": {"bio": "\U0001f409"}}).gives("user")
    assert one.get(user.profile).gives("profile")["bio"] == "\U0001f409"

    tags = ["b", "a", "\u00e9"]
    article = user.publish(title="Shared", body="\u2028 x", tagList=tags)
    path = f"/articles/{article['slug']}"
    profile = {"bio": "\U0001f409"}
    assert article["author"].items() >= profile.items()
    assert other.get(path).gives("article") == article
    edited = bearer.put(path, {"article": {"tagList": ["z"]}}).gives("article")
    assert one.get(path).gives("article") == edited
    assert edited["updatedAt"] > article["updatedAt"]

    comment = user.comment(article["slug"])
    assert other.get(f"{path}/comments").gives("comments") == [comment]
    assert bearer.post(f"{path}/favorite").gives("article")["favoritesCount"] == 1
    assert user.get(path).gives("article")["favorited"] is True
    assert one.get("/tags").json == other.get("/tags").json
    assert one.get("/articles").json == other.get("/articles").json
    bearer.delete(f"{path}/comments/{comment['id']}").is_empty()
    bearer.delete(path).is_empty()
    user.get(path).refuses(404, article="not found")


def test_both_write_at_once(pair: list[str]) -> None:
    """S2: nothing is lost and nothing is refused while all write."""
    with Conduit(pair[0]) as conduit:
        user = conduit.register()

    def write(url: str) -> list[str]:
        with Conduit(url) as conduit:
            writer = conduit.bearing(user.token or "")
            return [writer.publish(title="Same")["slug"] for _ in range(15)]

    with ThreadPoolExecutor(8) as pool:
        written = [slug for slugs in pool.map(write, pair * 4) for slug in slugs]
    assert len(set(written)) == len(written) == 15 * 4 * len(pair)
    with Conduit(pair[-1]) as conduit:
        reply = conduit.get("/articles", author=user.username)
        assert reply.gives("articlesCount") == len(written)


def test_started_at_once(servers: Servers, stack: Server) -> None:
    """S2: several processes may make the tables of one database at once."""
    database = servers.database(stack.backend or SQLITE)
    with ThreadPoolExecutor() as pool:
        urls = list(
            pool.map(lambda _: servers.start(stack.name, database).url, range(2))
        )
    with Conduit(urls[0]) as one, Conduit(urls[1]) as other:
        user = one.register()
        assert other.log_in(user.email, PASSWORD).gives("user")


def test_acknowledged_writes_survive_a_kill(
    servers: Servers, stack: Server, launch: "Launch"
) -> None:
    """S1: kill -9 in a stream of writes loses nothing that was acknowledged."""
    database = servers.database(stack.backend or SQLITE)
    process = launch(database)
    acknowledged: list[str] = []

    def write(user: User) -> None:
        while True:
            try:
                acknowledged.append(user.publish()["slug"])
            except httpx.TransportError:
                return

    users = [Conduit(process.url).register() for _ in range(4)]
    with ThreadPoolExecutor(len(users)) as pool:
        writing = [pool.submit(write, user) for user in users]
        time.sleep(1.0)
        process.kill()
    for future in writing:
        future.result()
    assert len(acknowledged) > len(users)
    with Conduit(launch(database).url) as conduit:
        for slug in acknowledged:
            assert conduit.get(f"/articles/{slug}").gives("article")["slug"] == slug
        names = [profile_of(user.username) for user in users]
        assert all(conduit.get(name).status == 200 for name in names)


@pytest.mark.any_backend
def test_a_locked_file(
    servers: Servers, launch: "Launch", monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3: a write waits for DATABASE_TIMEOUT, is 503, and works again afterwards."""
    monkeypatch.delenv("DATABASE_TIMEOUT", raising=False)
    database = servers.database(SQLITE)
    conduit = Conduit(launch(database, DATABASE_TIMEOUT="1").url)
    user = conduit.register()
    lock = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    begin = time.monotonic()
    article = {"title": "T", "description": "D", "body": "B"}
    reply = user.post("/articles", {"article": article})
    reply.refuses(503, database="is unavailable")
    assert 0.5 <= time.monotonic() - begin <= 5
    assert user.get("/user").gives("user")["username"] == user.username
    lock.execute("ROLLBACK")
    lock.close()
    assert user.publish()["slug"]


@pytest.mark.any_backend
def test_a_lock_that_is_let_go(servers: Servers, launch: "Launch") -> None:
    """S3: a write waits while another holds the lock, and then succeeds."""
    database = servers.database(SQLITE)
    user = Conduit(launch(database, DATABASE_TIMEOUT="10").url).register()
    file = database.removeprefix("sqlite:///")
    lock = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, lock.execute, ["ROLLBACK"])
    release.start()
    assert user.publish()["slug"]
    release.join()
    lock.close()


def test_an_id_is_given_once(stranger: User) -> None:
    """S6: not even after the last row is deleted."""
    path = f"/articles/{stranger.publish()['slug']}/comments"
    first = stranger.post(path, {"comment": {"body": "one"}}).gives("comment", 201)
    stranger.delete(f"{path}/{first['id']}").is_empty()
    second = stranger.post(path, {"comment": {"body": "two"}}).gives("comment", 201)
    assert second["id"] > first["id"]


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL to stop and start."""
    reason = postgres.missing() or postgres.not_ours()
    if reason:
        pytest.skip(reason)
    cluster = postgres.Cluster()
    yield cluster
    cluster.close()


@pytest.mark.any_backend
def test_a_database_that_goes_and_comes_back(
    cluster: postgres.Cluster, launch: "Launch"
) -> None:
    """S3, P13: 503 for whatever needs it, and again 200 without a restart."""
    url = launch(cluster.create_database(), DATABASE_TIMEOUT="2").url
    user = Conduit(url).register()
    for _ in range(2):
        cluster.stop()
        for path in ("/user", "/tags", "/articles", user.profile):
            refuse_for_want_of_a_database(user, "GET", path)
        refuse_for_want_of_a_database(user, "POST", f"{user.profile}/follow")
        health = httpx.get(f"{url}/health", timeout=10, trust_env=False)
        assert health.status_code == 503
        user.get("/articles/%20%20/x").refuses(404, path="not found")
        cluster.start()
        wait_for_health(url)
        assert user.get("/user").gives("user")["username"] == user.username
        assert user.publish()["slug"]


def refuse_for_want_of_a_database(user: User, method: str, path: str) -> None:
    reply = user.request(method, path)
    reply.refuses(503, database="is unavailable")
    assert reply.headers["retry-after"] == "1"


def wait_for_health(url: str) -> None:
    end = time.monotonic() + 10
    while httpx.get(f"{url}/health", timeout=10, trust_env=False).status_code != 200:
        assert time.monotonic() < end, "not healthy 10 s after the database came back"
        time.sleep(0.1)
