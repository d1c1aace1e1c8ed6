"""Users: registration, login, the current user."""

import pytest

from tests.conduit import PASSWORD, Conduit, User, unique
from tests.texts import (
    ASTRAL,
    FAMILY,
    NOT_TEXTS,
    NOT_WHITE_SPACE,
    PRECIOUS,
    WHITE_SPACE,
)

TAKEN = "has already been taken"
BLANK = "can't be blank"


def new_user(**fields: object) -> dict[str, object]:
    user: dict[str, object] = {
        "username": unique(),
        "email": f"{unique()}@example.org",
        "password": PASSWORD,
    }
    return {"user": user | fields}


def test_registration_gives_the_user_with_a_token(api: Conduit) -> None:
    """U2: bio and image are null until set."""
    sent = {"username": unique(), "email": f"{unique()}@example.org"}
    user = api.post("/users", {"user": sent | {"password": PASSWORD}}).gives(
        "user", 201
    )
    token = user.pop("token")
    assert user == sent | {"bio": None, "image": None}
    assert api.bearing(token).get("/user").gives("user")["email"] == sent["email"]


def test_login_gives_the_user(api: Conduit, alice: User) -> None:
    """A1: the token of a login is accepted as that of the registration is."""
    user = api.log_in(alice.email, alice.password).gives("user")
    assert (user["username"], user["email"]) == (alice.username, alice.email)
    assert api.bearing(user["token"]).get("/user").gives("user")


def test_login_ignores_the_case_of_the_address(api: Conduit) -> None:
    """T5: an address is kept as sent and compared without regard to case."""
    address = f"{unique('Mixed')}@Example.ORG"
    user = api.register(email=address)
    for spelling in (address.lower(), address.upper(), address):
        assert api.log_in(spelling, user.password).gives("user")["email"] == address


@pytest.mark.parametrize("password", ["wrong password", "x", "Correct horse battery"])
def test_wrong_password(api: Conduit, alice: User, password: str) -> None:
    """A6: wrong, short, in another case: the reply is the same."""
    api.log_in(alice.email, password).refuses(401, credentials="invalid")


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", "@", "é@x.org"])
def test_unknown_address(api: Conduit, email: str) -> None:
    """A6: login does not check the pattern of the address."""
    api.log_in(email, PASSWORD).refuses(401, credentials="invalid")


def test_password_is_not_trimmed_or_normalised(api: Conduit) -> None:
    """T1: a password is the code points that were sent."""
    user = api.register(password=" caf\u00e9 \u212b pass ")
    assert api.log_in(user.email, " caf\u00e9 \u212b pass ").gives("user")
    for other in ("caf\u00e9 \u212b pass", " cafe\u0301 \u212b pass "):
        api.log_in(user.email, other).refuses(401, credentials="invalid")


@pytest.mark.parametrize("password", ["x" * 8, ASTRAL * 8, "x" * 128, ASTRAL * 128])
def test_passwords_of_extreme_length(api: Conduit, password: str) -> None:
    """T1: 8 to 128 code points, none of which is cut off."""
    user = api.register(password=password)
    assert api.log_in(user.email, password).gives("user")
    other = password[:-1] + "y"
    api.log_in(user.email, other).refuses(401, credentials="invalid")


def test_name_and_address_taken(api: Conduit, alice: User) -> None:
    """U1: both are named if both are taken, one if one is."""
    both = new_user(username=alice.username, email=alice.email)
    api.post("/users", both).refuses(409, username=TAKEN, email=TAKEN)
    name = new_user(username=alice.username)
    api.post("/users", name).refuses(409, username=TAKEN)
    address = new_user(email=alice.email.upper())
    api.post("/users", address).refuses(409, email=TAKEN)


def test_names_differ_by_case(api: Conduit) -> None:
    """T4: a user name is case-sensitive."""
    name = unique("Case")
    api.register(name)
    assert api.register(name.lower()).username == name.lower()


USERNAME_FAULTS = [
    *[("\u0020" * 3, BLANK), ("", BLANK), (None, BLANK), (WHITE_SPACE, BLANK)],
    *[(value, "must be a string") for value in NOT_TEXTS],
    *[("a\u0000b", "contains invalid characters"), ("a/b", "is invalid")],
    *[(f"a{character}b", "is invalid") for character in "\\?#%\u001f\u007f\n\t"],
    *[(".", "is invalid"), ("..", "is invalid"), (". .", "is invalid")],
    ("x" * 65, "is too long (maximum is 64 characters)"),
    (ASTRAL * 65, "is too long (maximum is 64 characters)"),
]
EMAIL_FAULTS: list[tuple[object, str]] = [
    *[(None, BLANK), ("", BLANK), ("\u3000", BLANK), ({}, "must be a string")],
    *[
        (bad, "is invalid")
        for bad in ("plain", "abc@b", "abc@b.", "@b.org", "a b@c.org")
    ],
    *[(bad, "is invalid") for bad in (" a@b.org", "a@b.org ", "a@b.org\n")],
    *[(bad, "is invalid") for bad in ("é@b.org", "a@é.org", "a@b_c.org", "a@@b.org")],
    ("a\u0000@b.org", "contains invalid characters"),
    (f"{'a' * 250}@b.org", "is too long (maximum is 254 characters)"),
    ("a@.b", "is invalid"),
]
PASSWORD_FAULTS = [
    *[(None, BLANK), ("", BLANK), (" " * 9, BLANK), (12345678, "must be a string")],
    ("1234567", "is too short (minimum is 8 characters)"),
    (ASTRAL * 7, "is too short (minimum is 8 characters)"),
    ("x" * 129, "is too long (maximum is 128 characters)"),
    ("pass\u0000word", "contains invalid characters"),
]
FAULTS = [
    *[("username", value, message) for value, message in USERNAME_FAULTS],
    *[("email", value, message) for value, message in EMAIL_FAULTS],
    *[("password", value, message) for value, message in PASSWORD_FAULTS],
]


@pytest.mark.parametrize(
    ("field", "value", "message"), FAULTS, ids=[str(i) for i in range(len(FAULTS))]
)
def test_faulty_fields(
    api: Conduit, alice: User, field: str, value: object, message: str
) -> None:
    """E3, T2 to T5: registration and update refuse the same, in the same words."""
    api.post("/users", new_user(**{field: value})).refuses(422, **{field: message})
    alice.change(**{field: value}).refuses(422, **{field: message})


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_absent_fields(api: Conduit, field: str) -> None:
    """E3: what is absent is missing."""
    sent = new_user()
    del sent["user"][field]  # type: ignore[attr-defined]
    api.post("/users", sent).refuses(422, **{field: "is missing"})


def test_all_faulty_fields_are_named(api: Conduit) -> None:
    """E1: each faulty field, each with its first fault."""
    sent = {"user": {"username": " ", "email": "x" * 300}}
    api.post("/users", sent).refuses(
        422,
        username=BLANK,
        email="is too long (maximum is 254 characters)",
        password="is missing",
    )


NAMES = [
    *["x", "x" * 64, ASTRAL * 64, FAMILY, ".hidden", " a ", "a+b&c=d;e", "a:b@c"],
    *["\u4f60\u597d", "e\u0301", *NOT_WHITE_SPACE[4:], "\u0085x", "~!*'()", "feed"],
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_unusual_names(api: Conduit, alice: User, name: str) -> None:
    """T1, T4: such a name is allowed, kept as sent, and stands in a path."""
    taken = api.get("/profiles/" + quoted(name)).status == 200
    if not taken:
        assert api.register(name).username == name
    profile = alice.get("/profiles/" + quoted(name)).gives("profile")
    assert profile["username"] == name


def quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


def test_update_changes_what_is_sent(api: Conduit) -> None:
    """U3: what is absent stays; A5: the token stays valid."""
    user = api.register()
    name, email = unique(), f"{unique()}@example.org"
    changed = user.change(username=name, bio="About me").gives("user")
    assert (changed["username"], changed["email"]) == (name, user.email)
    assert (changed["bio"], changed["image"]) == ("About me", None)
    changed = user.change(email=email, image="https://x.org/a.png").gives("user")
    assert (changed["username"], changed["bio"]) == (name, "About me")
    stored = user.get("/user").gives("user")
    assert stored | {"token": ""} == changed | {"token": ""}
    assert api.log_in(email, user.password).gives("user")["username"] == name


def test_update_of_nothing(alice: User) -> None:
    """U3: an empty update changes nothing."""
    before = alice.get("/user").gives("user")
    after = alice.change().gives("user")
    assert before | {"token": ""} == after | {"token": ""}


def test_one_s_own_name_again(alice: User) -> None:
    """U3: one's own name or address again is no conflict."""
    changed = alice.change(username=alice.username, email=alice.email).gives("user")
    assert (changed["username"], changed["email"]) == (alice.username, alice.email)


def test_own_address_in_another_case(stranger: User) -> None:
    """T5, U3: it is kept as sent, and it is no conflict."""
    address = stranger.email.upper()
    assert stranger.change(email=address).gives("user")["email"] == address


def test_update_to_what_is_taken(alice: User, bob: User) -> None:
    """U1: a conflict names what is taken, and changes nothing."""
    sent = {"username": bob.username, "email": bob.email.upper(), "bio": "lost"}
    alice.change(**sent).refuses(409, username=TAKEN, email=TAKEN)
    assert alice.get("/user").gives("user")["bio"] is None


def test_password_change(api: Conduit) -> None:
    """A5: the new password counts, the old one does not, the token stays valid."""
    user = api.register()
    assert user.change(password="another password").gives("user")
    api.log_in(user.email, user.password).refuses(401, credentials="invalid")
    assert api.log_in(user.email, "another password").gives("user")
    assert user.get("/user").gives("user")["username"] == user.username


@pytest.mark.parametrize("field", ["bio", "image"])
@pytest.mark.parametrize("empty", ["", None])
def test_emptied_fields_are_null(stranger: User, field: str, empty: str | None) -> None:
    """U2: empty text and null store null."""
    assert stranger.change(**{field: "set"}).gives("user")[field] == "set"
    assert stranger.change(**{field: empty}).gives("user")[field] is None
    assert stranger.get("/user").gives("user")[field] is None


@pytest.mark.parametrize(("field", "most"), [("bio", 1000), ("image", 2048)])
def test_limits_of_optional_fields(stranger: User, field: str, most: int) -> None:
    """T1, E3: lengths count code points; white space is a text like any other."""
    for value in (ASTRAL * most, " ", *PRECIOUS):
        assert stranger.change(**{field: value}).gives("user")[field] == value
    long = f"is too long (maximum is {most} characters)"
    stranger.change(**{field: "x" * (most + 1)}).refuses(422, **{field: long})
    stranger.change(**{field: 1}).refuses(422, **{field: "must be a string"})
    invalid = "contains invalid characters"
    stranger.change(**{field: "a\u0000"}).refuses(422, **{field: invalid})
