"""What is asked: `workloads.toml`, which lies beside the contract."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from comparison.configuration import checks
from comparison.configuration.messages import problems
from comparison.configuration.tables import HeaderName, HeaderValue, Table
from comparison.running import StackError
from comparison.speed.asked import UNIQUE

NAME = "workloads.toml"
# The name of the workload that is made of all others by their shares.
MIX = "mix"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ASK = re.compile(r"(GET|OPTIONS|POST|PUT|PATCH|DELETE) /[^\s#]*")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_POINTER = re.compile(r"(/[^/]+)+")


class WorkloadError(StackError):
    """`workloads.toml` is not as it should be; says where, and what to do."""


def _ask(value: str) -> str:
    if not _ASK.fullmatch(value):
        # To HEAD the load generator waits for a body in vain.
        raise ValueError('must be "METHOD /path", any method but HEAD, in capitals.')
    return value


def _json(value: Any) -> Any:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError("must be what JSON has: no date, no nan, no inf.") from None
    return value


def _pointer(value: str) -> str:
    if not _POINTER.fullmatch(value):
        raise ValueError("must be a JSON pointer, in which * is every item of a list.")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("must be up to 41 of a-z, 0-9 and -, a letter first.")
    if value == MIX:
        raise ValueError("must be another: the mix is made of the shares of all.")
    return value


def _word(value: str) -> str:
    if not re.fullmatch(r"\w+", value) or value == UNIQUE.strip("{}"):
        raise ValueError("must be a word, and not `unique`, which is a number.")
    return value


Json = Annotated[Any, AfterValidator(_json), Field(alias="json")]
Headers = dict[HeaderName, HeaderValue]
AskText = Annotated[str, AfterValidator(_ask)]


class Ask(Table):
    """One request, with placeholders in braces."""

    ask: AskText
    headers: Headers = Field(default_factory=dict)
    # Absent, there is no body.
    json_body: Json = None
    status: Annotated[int, Field(ge=100, le=599)] = 200

    @property
    def words(self) -> set[str]:
        """What stands in braces."""
        whole = json.dumps([self.ask, self.headers, self.json_body])
        return {*PLACEHOLDER.findall(whole)}


def _asked(value: Any) -> Any:
    return {"ask": value} if isinstance(value, str) else value


class Value(Table):
    """What a placeholder stands for: one of a list, or of what a reply has at `at`."""

    of: list[str] = Field(default_factory=list)
    ask: AskText | None = None
    headers: Headers = Field(default_factory=dict)
    json_body: Json = None
    at: Annotated[str, AfterValidator(_pointer)] | None = None

    @property
    def asks(self) -> Ask:
        """The request whose reply has it."""
        told = {"ask": self.ask, "headers": self.headers, "json": self.json_body}
        return Ask.model_validate(told)

    @model_validator(mode="after")
    def _one_way(self) -> "Value":
        asked = self.model_fields_set - {"of"}
        if bool(self.of) == bool(asked) or (asked and not {"ask", "at"} <= asked):
            raise ValueError("must have either `of`, or `ask` and `at`.")
        return self


class Rows(Table):
    """How a fresh database of a stack is filled, and with how many articles."""

    command: Annotated[list[str], Field(min_length=1)]
    articles: Annotated[int, Field(gt=0)] = 10_000
    few_articles: Annotated[int, Field(gt=0)] = 1_000
    many_articles: Annotated[int, Field(gt=0)] = 1_000_000


class WorkloadPlan(Table):
    """A workload as the file has it.

    Its replies `vary` where they differ each time though nothing has changed; those of
    a workload that `changes` something too. A `reference` can answer it from memory,
    `quick` ones are measured by default, `share` is its weight in the mix. From the
    form named by `closely` on there is latency against load, and a profile.
    """

    title: Annotated[str, Field(min_length=1, max_length=80)]
    requests: Annotated[
        list[Annotated[Ask, BeforeValidator(_asked)]], Field(min_length=1)
    ]
    changes: bool = False
    varies: bool = False
    quick: bool = False
    reference: bool = False
    apart: bool = False
    closely: Literal["full", "thorough"] | None = None
    share: Annotated[int, Field(ge=0, le=1000)] = 0

    @property
    def steady(self) -> bool:
        """Whether each request is answered the same, however often it is asked."""
        return not self.changes and not self.varies

    @model_validator(mode="after")
    def _from_memory(self) -> "WorkloadPlan":
        reads = all(one.ask.startswith("GET ") for one in self.requests)
        if self.reference and not (reads and self.steady):
            raise ValueError(
                "must only read, with one and the same reply, if it is a `reference`."
            )
        return self


class WorkloadFile(Table):
    """All of `workloads.toml`."""

    version: Literal[1] = 1
    rows: Rows | None = None
    values: dict[Annotated[str, AfterValidator(_word)], Value] = Field(
        default_factory=dict
    )
    workloads: Annotated[
        dict[Annotated[str, AfterValidator(_name)], WorkloadPlan], Field(min_length=1)
    ]

    def looked_at(self, forms: Sequence[str]) -> list[str]:
        """Those to be looked at closely, the first quick one where none is named."""
        found = [name for name, one in self.workloads.items() if one.closely in forms]
        if forms and not any(one.closely for one in self.workloads.values()):
            quick = [name for name, one in self.workloads.items() if one.quick]
            return [*quick, *self.workloads][:1]
        return found


def load_workloads(path: Path) -> WorkloadFile:
    """Read the file. Raises `WorkloadError` with all mistakes that are in it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        file = WorkloadFile.model_validate(document)
    except OSError as error:
        raise WorkloadError(
            f"{path} cannot be read: {error.strerror}. Let it be read, or remove it."
        ) from None
    except ValidationError as error:
        raise _refused(path, problems(error, (), WorkloadFile)) from None
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise WorkloadError(f"{path} is not TOML: {error}. Mend it there.") from None
    if mistakes := [*_meaningless(file)]:
        raise _refused(path, mistakes)
    return file


def _refused(path: Path, mistakes: Iterable[str]) -> WorkloadError:
    lines = [f"{path}: {mistake}" for mistake in mistakes]
    return WorkloadError(
        "\n".join([*lines, "docs/configuration.md has what may stand in it."])
    )


def _meaningless(file: WorkloadFile) -> Iterator[str]:
    """Placeholders that stand for nothing, with their places."""
    above: list[str] = []
    for name, value in file.values.items():
        if value.ask is not None:
            yield from _unknown(f"values.{name}", value.asks, above, unique=False)
        above.append(name)
    for name, plan in file.workloads.items():
        for number, ask in enumerate(plan.requests, 1):
            place = f"workloads.{name}.requests.{number}"
            yield from _unknown(place, ask, above, unique=True)


def _unknown(
    place: str, ask: Ask, known: Iterable[str], *, unique: bool
) -> Iterator[str]:
    words = ask.words
    if unique and not any(UNIQUE in text for text in ask.headers.values()):
        words.discard(UNIQUE.strip("{}"))
    for word in sorted(words.difference(known)):
        if f"{{{word}}}" == UNIQUE:
            yield f"{place} has {UNIQUE} elsewhere than in the path and body of a load."
            continue
        where = "[values]" if unique else "the values above it"
        near = checks.nearest(word, known)
        yield f"{place} has {{{word}}}, which is none of {where}{near}"
