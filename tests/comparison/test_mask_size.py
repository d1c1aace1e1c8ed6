"""However long a text is, or the place of a secret in it, it is masked, and soon."""

import pytest

from comparison.known_secrets import HIDDEN
from comparison.mask import Mask, is_secret
from tests.comparison.work import little_work

SECRET = 'p"ä ss/w+rd'


@pytest.mark.parametrize(
    "part",
    [
        *("a", "a.", "x-", "\\", '"', '"a":"', '\\"a\\":\\"', ", ", "authorization:\t"),
        *("${", "eyJaaaa-", "eyJaaaa.", "-x-", "${a}", "a=", "cookie: a=b;", "…", "<"),
    ],
)
def test_a_megabyte_of_anything_comes_through(part: str) -> None:
    """What took a time that grows with its square would not come to an end here."""
    mask, text = Mask([SECRET]), part * (1_000_000 // len(part))
    end = f'&password=x {{"token": "y"}} {SECRET}'
    with little_work():
        masked = mask.text(text + end)
        assert mask.value({text: [text]}) is not None
    assert HIDDEN in masked
    assert SECRET not in masked
    assert is_secret(f"{text}-password")


@pytest.mark.parametrize(
    "text",
    [
        f"X-{'a' * 99}-Token: s3cretvalue",
        f"a-x-{'a' * 50}-token: s3cretvalue",
        f"-eyJ{'a' * 300}.s3cretvalue.b",
        f"eyJ{'a' * 9999}.s3cretvalue.b",
        *(
            f'{{{slashes}"token{slashes}": {slashes}"s3cretvalue{slashes}"}}'
            for slashes in ("", *("\\" * (2**deep - 1) for deep in range(1, 9)))
        ),
    ],
)
def test_a_secret_is_found_however_long_or_deep_its_place_is(text: str) -> None:
    assert "s3cretvalue" not in Mask().text(text)
