"""What is never to be sent is not sent, however it is spelt."""

import pytest

from comparison.configuration.never import Never, unmatched
from comparison.contracts.contract import Operation

OPERATIONS = [
    Operation("getUser", "GET", "/users/{id}", {}),
    Operation("getMe", "GET", "/users/me", {}),
    Operation("deleteUser", "DELETE", "/users/{id}", {}, ("danger",)),
    Operation("purge", "POST", "/admin/purge", {}),
    Operation("deleteFile", "DELETE", "/files/{name}", {}),
    Operation("deletePage", "DELETE", "/files/{name}-{page}", {}),
]


@pytest.mark.parametrize(
    ("glob", "method", "path"),
    [
        ("deleteUser", "DELETE", "/users/1"),
        ("delete*", "DELETE", "/users/1"),
        ("tag:danger", "DELETE", "/users/1"),
        ("DELETE /users/{id}", "DELETE", "/users/1"),
        ("DELETE *", "DELETE", "/users/1"),
        ("deleteUser", "DELETE", "/users/1?force=true"),
        ("deleteUser", "DELETE", "/users/a%2Fb"),
        ("deleteUser", "DELETE", "/users/1/"),
        ("deleteUser", "DELETE", "//users//1"),
        ("deleteUser", "DELETE", "/USERS/1"),
        ("deleteUser", "DELETE", "/%75sers/1"),
        ("deleteUser", "DELETE", "/x/../users/./1"),
        ("deleteUser", "delete", "/users/1"),
        ("POST /admin/*", "POST", "/admin/anything/else"),
        ("purge", "POST", "/admin/purge/"),
        ("getUser", "HEAD", "/users/1"),
        # Which of two is meant, a server may see in another way.
        ("getUser", "GET", "/users/me"),
        ("deletePage", "DELETE", "/files/a-1"),
        ("deleteFile", "DELETE", "/files/a-1"),
        ("*", "GET", "/elsewhere"),
    ],
)
def test_a_forbidden_request_is_known_in_every_spelling(
    glob: str, method: str, path: str
) -> None:
    assert Never(["nothing", glob], OPERATIONS).forbids(method, path) == glob


@pytest.mark.parametrize(
    ("glob", "method", "path"),
    [
        ("deleteUser", "GET", "/users/1"),
        ("deleteUser", "HEAD", "/users/1"),
        ("deleteUser", "DELETE", "/users"),
        ("deletePage", "DELETE", "/files/a"),
        ("getMe", "GET", "/users/1"),
        ("POST /admin/*", "POST", "/administrators"),
        ("tag:dang", "DELETE", "/users/1"),
    ],
)
def test_what_only_looks_like_it_is_sent(glob: str, method: str, path: str) -> None:
    assert Never([glob], OPERATIONS).forbids(method, path) is None


def test_without_globs_everything_is_sent() -> None:
    assert Never([], OPERATIONS).forbids("DELETE", "/users/1") is None


def test_a_slip_of_the_pen_is_a_mistake_and_not_a_licence() -> None:
    found = unmatched(["deleteUsr", "DELETE /users/*", "tag:danger"], OPERATIONS)
    assert found == [
        "never: 'deleteUsr' fits no operation of the contract; did you mean"
        " deleteUser? Write an operationId, METHOD /path or tag:TAG, or remove it."
    ]
