"""What is asked: `workloads.toml`, which lies beside the contract."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from comparison.running import StackError

NAME = "workloads.toml"
ASK = r"(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) /\S*"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
# The name of the workload that is made of all others by their shares.
MIX = "mix"


class WorkloadError(StackError):
    """`workloads.toml` is not as it should be; says where, and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ask(_Strict):
    """One request, with placeholders in braces."""

    ask: Annotated[str, StringConstraints(pattern=f"^{ASK}$")]
    headers: dict[str, str] = Field(default_factory=dict)
    # Absent, there is no body.
    json_body: Annotated[Any, Field(alias="json")] = None
    status: Annotated[int, Field(ge=100, le=599)] = 200


def _asked(value: Any) -> Any:
    return {"ask": value} if isinstance(value, str) else value


class Value(_Strict):
    """What a placeholder stands for: one of a list, or of what a reply has at `at`."""

    of: list[str] = Field(default_factory=list)
    ask: Annotated[str, StringConstraints(pattern=f"^{ASK}$")] | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    json_body: Annotated[Any, Field(alias="json")] = None
    at: Annotated[str, StringConstraints(pattern=r"^(/[^/]+)+$")] | None = None

    @property
    def asks(self) -> Ask:
        """The request whose reply has it."""
        told = {"ask": self.ask, "headers": self.headers, "json": self.json_body}
        return Ask.model_validate(told)

    @model_validator(mode="after")
    def _one_way(self) -> "Value":
        if bool(self.of) == (self.ask is not None) or (self.ask is None) != (
            self.at is None
        ):
            raise ValueError("has either `of`, or `ask` and `at`")
        return self


class Rows(_Strict):
    """How a fresh database of a stack is filled, and with how many articles."""

    command: Annotated[list[str], Field(min_length=1)]
    articles: Annotated[int, Field(gt=0)] = 10_000
    many_articles: Annotated[int, Field(gt=0)] = 1_000_000


class WorkloadPlan(_Strict):
    """A workload as the file has it.

    Its replies `vary` where they differ each time though nothing has changed; those of
    a workload that `changes` something too. A `reference` can answer it from memory,
    `quick` ones are measured by default, `share` is its weight in the mix.
    """

    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    requests: Annotated[
        list[Annotated[Ask, BeforeValidator(_asked)]], Field(min_length=1)
    ]
    changes: bool = False
    varies: bool = False
    quick: bool = False
    reference: bool = False
    apart: bool = False
    share: Annotated[int, Field(ge=0, le=1000)] = 0


class WorkloadFile(_Strict):
    """All of `workloads.toml`."""

    version: Literal[1] = 1
    rows: Rows | None = None
    values: dict[str, Value] = Field(default_factory=dict)
    workloads: Annotated[dict[Name, WorkloadPlan], Field(min_length=1)]

    @model_validator(mode="after")
    def _not_the_mix(self) -> "WorkloadFile":
        if MIX in self.workloads:
            raise ValueError("`mix` is made of the shares of all others")
        return self


def load_workloads(path: Path) -> WorkloadFile:
    """Read the file. Raises `WorkloadError`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return WorkloadFile.model_validate(document)
    except OSError as error:
        raise WorkloadError(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkloadError(f"{path} is not TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise WorkloadError(
            f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}."
            " See docs/configuration.md, then run again."
        ) from None
