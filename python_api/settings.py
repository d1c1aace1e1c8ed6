"""Settings: what the environment says, validated before anything starts."""

import logging
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

DEVELOPMENT_SECRET = "conduit-development-secret-do-not-deploy"  # noqa: S105


def written(pattern: str) -> BeforeValidator:
    # Else Pydantic would take 8_000, +8000 and 8000.0 for a number too.
    def check(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise ValueError("these are no plain digits")
        return value

    return BeforeValidator(check)


Digits = written("[0-9]+")
Decimal = written(r"[0-9]+(\.[0-9]+)?")
logger = logging.getLogger("uvicorn.error")


class Settings(BaseModel):
    """One attribute per variable; its description completes "NAME must be …"."""

    environment: Annotated[
        Literal["development", "production"],
        Field(description="development or production"),
    ] = "development"
    host: Annotated[
        str, Field(min_length=1, description="an address to listen on, as 127.0.0.1")
    ] = "127.0.0.1"
    port: Annotated[
        int, Digits, Field(ge=0, le=65535, description="a port number from 0 to 65535")
    ] = 8000
    workers: Annotated[
        int,
        Digits,
        Field(ge=1, le=100, description="processes that share the socket, 1 to 100"),
    ] = 2
    database_url: Annotated[
        str,
        Field(
            description="sqlite:///conduit.db (beside the stack), "
            "sqlite:////an/absolute/path.db, or postgresql://user:password@host/name"
        ),
    ] = "sqlite:///conduit.db"
    database_timeout: Annotated[
        float,
        Decimal,
        Field(gt=0, le=60, description="seconds to wait for the database, up to 60"),
    ] = 5
    database_pool: Annotated[
        int,
        Digits,
        Field(ge=1, le=100, description="PostgreSQL connections a process, 1 to 100"),
    ] = 10
    sqlite_synchronous: Annotated[
        Literal["normal", "full"],
        Field(
            description="normal (a power cut may cost the last moments) "
            "or full (it costs nothing, and each write waits for the disk)"
        ),
    ] = "normal"
    secret_key: Annotated[
        str, Field(min_length=1, description="a secret of 32 characters or more")
    ] = DEVELOPMENT_SECRET
    token_lifetime: Annotated[
        int,
        Digits,
        Field(ge=1, le=10**9, description="seconds that a token is valid, 1 or more"),
    ] = 7 * 24 * 3600
    cors_origins: Annotated[
        str,
        Field(
            pattern=r"^(\*|https?://[^\s,/]+(,https?://[^\s,/]+)*)$",
            description="* or origins parted by commas, as https://a.example",
        ),
    ] = "*"
    headers_timeout: Annotated[
        int,
        Digits,
        Field(ge=1, le=600, description="seconds for a request's headers, 1 to 600"),
    ] = 10
    request_timeout: Annotated[
        int,
        Digits,
        Field(
            ge=1,
            le=3600,
            validate_default=True,
            description="seconds for a whole request, HEADERS_TIMEOUT to 3600",
        ),
    ] = 30
    shutdown_timeout: Annotated[
        int,
        Digits,
        Field(ge=1, le=600, description="seconds for the last requests, 1 to 600"),
    ] = 10

    @field_validator("database_url")
    @classmethod
    def database_is_known(cls, url: str) -> str:
        if url.startswith("sqlite:///") and url != "sqlite:///":
            folder = sqlite_path(url).parent
            if not folder.is_dir():
                raise ValueError(f"the folder {folder} does not exist")
        elif not url.startswith(("postgresql://", "postgres://")):
            raise ValueError("the scheme is unknown")
        return url

    @field_validator("request_timeout")
    @classmethod
    def headers_come_first(cls, seconds: int, known: ValidationInfo) -> int:
        if seconds < known.data.get("headers_timeout", 0):
            raise ValueError(f"HEADERS_TIMEOUT is {known.data['headers_timeout']}")
        return seconds

    @model_validator(mode="after")
    def secret_is_safe(self) -> Self:
        default = self.secret_key == DEVELOPMENT_SECRET
        if self.environment == "production" and (default or len(self.secret_key) < 32):
            raise ValueError(
                "SECRET_KEY must be a secret of 32 characters or more of your own in "
                "production; make one with: openssl rand -hex 32"
            )
        return self

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    def warn(self) -> None:
        """Say aloud what must not stay so on a real server."""
        if self.secret_key == DEVELOPMENT_SECRET:
            logger.warning(
                "INSECURE: SECRET_KEY is the public development default, so anybody "
                "can sign tokens. Set SECRET_KEY before others reach this server."
            )


def sqlite_path(url: str) -> Path:
    """Return the file of a `sqlite:///` URL; a relative one lies beside the stack."""
    return Path(__file__).parent / url.removeprefix("sqlite:///")


def explain(error: ValidationError) -> str:
    """Turn each fault into a sentence that says what to set."""
    sentences = []
    for fault in error.errors():
        if not fault["loc"]:
            sentences.append(fault["msg"].removeprefix("Value error, "))
            continue
        name = str(fault["loc"][0])
        description = Settings.model_fields[name].description
        given = os.environ.get(name.upper(), "")
        reason = fault["msg"].removeprefix("Value error, ")
        note = f" ({reason})" if fault["type"] == "value_error" else ""
        secret = name == "secret_key" or "@" in given
        shown = note if secret else f"; it is {given!r}{note}"
        sentences.append(f"{name.upper()} must be {description}{shown}.")
    return "\n".join(sentences)


def load() -> Settings:
    """Read the environment, or end the start with a sentence for each fault."""
    try:
        return Settings.model_validate(
            {
                name: os.environ[name.upper()]
                for name in Settings.model_fields
                if name.upper() in os.environ
            }
        )
    except ValidationError as error:
        raise SystemExit(explain(error)) from None


settings = load()
