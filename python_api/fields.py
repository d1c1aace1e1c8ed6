"""Fields: the kinds of text and numbers in requests and replies."""

import re
import time
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

LARGEST_INTEGER = 2**53 - 1
EPOCH = datetime(1970, 1, 1)  # in UTC, as every time here
BLANK = re.compile(
    r"[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*"
)
DECIMAL = re.compile(r"0|-?[1-9][0-9]*")


class Shape(BaseModel):
    """An object of the contract: snake_case here, camelCase in JSON."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class Input(Shape):
    """An object that a client sends, who knows its camelCase names alone.

    Differs: Zod's schemas have no second name that would have to be refused.
    """

    model_config = ConfigDict(validate_by_name=False)


def fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("contract", "{message}", {"message": message})


def not_blank(value: Any) -> Any:
    if value is None or (isinstance(value, str) and BLANK.fullmatch(value)):
        raise fault("can't be blank")
    return without_nul(value)


def without_nul(value: Any) -> Any:
    if isinstance(value, str) and "\0" in value:
        raise fault("contains invalid characters")
    return value


def or_null(value: Any) -> Any:
    return None if value == "" else without_nul(value)


def given_once(value: Any) -> Any:
    if isinstance(value, list):
        raise fault("must be given once")
    return value


def now() -> int:
    """Return milliseconds since 1970."""
    return time.time_ns() // 1_000_000


# What is read at all is mostly read again soon.
@lru_cache(maxsize=10_000)
def timestamp(milliseconds: int) -> str:
    """Write a time as the contract does: UTC, three fractional digits, Z."""
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds") + "Z"


class Between:
    """A query's integer: decimal digits only, given once, within its range."""

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum, self.maximum = minimum, maximum

    def __call__(self, value: Any) -> Any:
        if isinstance(value, int):
            return value  # the default
        if isinstance(value, list):
            raise fault("must be given once")
        if not DECIMAL.fullmatch(value):
            raise fault("must be an integer")
        # 17 characters and more are beyond every range, and int() refuses 4,301.
        number = int(value) if len(value) < 18 else LARGEST_INTEGER + 1
        if not self.minimum <= number <= self.maximum:
            raise fault(f"must be between {self.minimum} and {self.maximum}")
        return number


Required = BeforeValidator(not_blank)
Nullable = BeforeValidator(or_null)
