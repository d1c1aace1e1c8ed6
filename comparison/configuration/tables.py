"""The tables of `compare.toml` as they are written, and what is allowed in them."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from comparison.configuration import checks
from comparison.configuration.severity import FailOn, Severity


class Table(BaseModel):
    """One table; it has no keys but those of its class."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @classmethod
    def allowed(cls) -> list[str]:
        """The keys that may stand in it."""
        return [field.alias or name for name, field in cls.model_fields.items()]


Text = Annotated[str, AfterValidator(checks.text)]
HeaderName = Annotated[str, AfterValidator(checks.header_name)]
HeaderValue = Annotated[str, AfterValidator(checks.header_value)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]

OptionalHeader = Annotated[HeaderValue | None, BeforeValidator(checks.optional)]
UserName = Annotated[str, AfterValidator(checks.user_name)]
Source = Annotated[str, AfterValidator(checks.source)]
Saved = Annotated[dict[str, Source], BeforeValidator(checks.dotted)]


class StepTable(Table):
    """One request; the keys are those of scenarios.yaml, and `form`."""

    request: Annotated[str, AfterValidator(checks.request)]
    as_: Text = Field("anonymous", alias="as")
    headers: dict[HeaderName, OptionalHeader] = {}
    json_: Any = Field(None, alias="json")
    form: dict[str, str] | None = None
    text: str | None = None
    hex: Annotated[str, Field(pattern=r"^([0-9a-fA-F]{2})*$")] | None = None
    save: Saved = {}
    expect: Annotated[int, Field(ge=100, le=599)] | None = None
    errors: dict[str, str] | None = None
    holds: dict[str, Any] = {}
    sends: dict[HeaderName, OptionalHeader] = {}
    times: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _one_body(self) -> "StepTable":
        found = self.model_fields_set & {"json_", "form", "text", "hex"}
        if len(found) > 1:
            names = " and ".join(sorted(name.rstrip("_") for name in found))
            raise ValueError(f"has {names}, and may have one body only.")
        return self


class CommandTable(Table):
    """A command that brings a stack into its first state."""

    command: Annotated[list[Text], Field(min_length=1)]
    timeout: Seconds = 60.0


def _way(value: object) -> str:
    if isinstance(value, str):
        return "<word>"
    return "<request>" if isinstance(value, dict) and "request" in value else "<table>"


ResetTable = Annotated[
    Annotated[Literal["restart", "none"], Tag("<word>")]
    | Annotated[CommandTable, Tag("<table>")]
    | Annotated[StepTable, Tag("<request>")],
    Discriminator(_way),
]


class StackTable(Table):
    """One stack."""

    url: Annotated[str, AfterValidator(checks.url)] | None = None
    openapi: Text | None = None
    headers: dict[HeaderName, HeaderValue] = {}
    tokens: dict[UserName, Annotated[Text, AfterValidator(checks.header_value)]] = {}
    secret: Text | None = None
    reset: ResetTable | None = None


class CredentialsTable(Table):
    """How the token of a user is sent."""

    header: HeaderName = "Authorization"
    format: Annotated[str, AfterValidator(checks.token_format)] = "Bearer {token}"


class UserTable(Table):
    """A user who logs in."""

    login: StepTable
    token: Source


class GeneratedTable(Table):
    """How generated cases of some operations reach what exists."""

    operations: Annotated[list[Text], Field(min_length=1)]
    as_: Text = Field("anonymous", alias="as")
    path: dict[str, str] = {}
    before: list[StepTable] = []


class PlacedTable(Table):
    """What all rules have."""

    operation: Text = "*"
    where: str


class IgnoreTable(PlacedTable):
    """`[[ignore]]`"""

    kind: Annotated[str, AfterValidator(checks.kind)] = "*"
    reason: Text

    @model_validator(mode="after")
    def _not_everything(self) -> "IgnoreTable":
        if {self.operation, self.kind, self.where} == {"*"}:
            raise ValueError("ignores every difference; name a place in `where`.")
        return self


class UnorderedTable(PlacedTable):
    """`[[unordered]]`"""

    reason: Text


class ToleranceTable(PlacedTable):
    """`[[tolerance]]`"""

    reason: Text
    absolute: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    relative: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="after")
    def _allows_something(self) -> "ToleranceTable":
        if not (self.absolute or self.relative):
            raise ValueError("needs `absolute` or `relative`, above 0.")
        return self


class SeverityTable(PlacedTable):
    """`[[severity]]`"""

    where: str = "*"
    kind: Annotated[str, AfterValidator(checks.kind)] = "*"
    severity: Severity


class File(Table):
    """The whole of `compare.toml`."""

    contract: Text | None = None
    scenarios: Text | None = None
    known: Text | None = None
    reference: Text | None = None
    timeout: Seconds | None = None
    time: Seconds | None = None
    fail_on: FailOn = "cosmetic"
    never: list[Text] = []
    reset: ResetTable | None = None
    credentials: CredentialsTable | None = None
    stacks: dict[Annotated[str, AfterValidator(checks.stack_name)], StackTable] = {}
    users: dict[UserName, UserTable] = {}
    seed: list[StepTable] = []
    generated: list[GeneratedTable] = []
    ignore: list[IgnoreTable] = []
    unordered: list[UnorderedTable] = []
    tolerance: list[ToleranceTable] = []
    severity: list[SeverityTable] = []
