"""Cases generated from the contract; the only module that imports schemathesis.

Schemathesis is the generator here and never sends anything. A case becomes what goes
over the wire once, and the whole corpus is kept, so that the same contract, version
and seed generate nothing the second time.
"""

import importlib.metadata
import json
import logging
import random
import re
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comparison.contract import Contract
from comparison.output import replace_file

# Of the headers that schemathesis would send only these belong to the case.
_KEPT = ("content-type", "x-")
_DROPPED = ("x-schemathesis-testcaseid",)
_BOUNDARY = "comparison-boundary"


@dataclass(frozen=True)
class Case:
    """One request as generated, without credentials.

    `path` is below the contract's base path and `query` without question mark, both as
    on the wire; `about` says what the case is for; the body is `text` or `hex`.
    """

    operation: str
    about: str
    method: str
    path: str
    query: str
    headers: dict[str, str | None]
    text: str | None = None
    hex: str | None = None


def generate(
    contract: Contract,
    seed: int,
    cache: Path,
    say: Callable[[str], None] = lambda _: None,
) -> list[Case]:
    """The coverage-phase cases of every operation, from `cache` where they are there.

    The key is contract, version of schemathesis and of this format, and seed.
    """
    version = importlib.metadata.version("schemathesis")
    path = cache / f"cases-{contract.digest[:16]}-{version}-{seed}-1.jsonl"
    if saved := _saved(path):
        return saved
    say(f"generating cases from {contract.path.name} (once for this contract and seed)")
    cases = list(_cases(contract, seed))
    try:
        cache.mkdir(parents=True, exist_ok=True)
        # An interrupted run must not leave half a corpus.
        replace_file(path, "".join(json.dumps(asdict(case)) + "\n" for case in cases))
    except OSError as error:
        say(f"the cases could not be kept in {cache}: {error.strerror}")
    return cases


def _saved(path: Path) -> list[Case]:
    """The corpus of an earlier run; nothing if there is none, or it is damaged."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Case(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError):
        return []


def _cases(contract: Contract, seed: int) -> Iterator[Case]:
    # Imported here: it takes seconds, which a saved corpus does not need.
    import schemathesis  # noqa: PLC0415
    from hypothesis.internal.entropy import deterministic_PRNG  # noqa: PLC0415
    from schemathesis.config import GenerationConfig  # noqa: PLC0415

    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
    # Without security parameters: empty ones would stand where a token belongs.
    config = GenerationConfig(modes=modes, with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(dict(contract.document))
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        random.seed(seed)
        with deterministic_PRNG(seed):
            found = list(
                schema.iter_coverage_cases(
                    operation, generation_modes=modes, generation_config=config
                )
            )
        name = operation.definition.raw.get("operationId", operation.label)
        for case in found:
            yield _on_the_wire(case, name, contract.base)


def _on_the_wire(case: Any, operation: str, base: str) -> Case:
    import requests  # noqa: PLC0415 - only needed where cases are generated

    transport = case.as_transport_kwargs(base_url=f"http://stack{base}")
    names = ("method", "url", "headers", "data", "json", "params", "cookies", "files")
    prepared = requests.Request(
        **{name: transport[name] for name in names if name in transport}
    ).prepare()
    url = urllib.parse.urlsplit(str(prepared.url))
    headers = _kept(prepared.headers)
    body = prepared.body if prepared.body is not None else b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    content = _without_random_boundary(headers, content)
    if content and "Content-Type" not in headers:
        headers["Content-Type"] = None
    text, hexed = _as_text(content) if content else (None, None)
    phase = case.meta.phase.data
    about = getattr(getattr(phase, "scenario", None), "value", None) or "case"
    return Case(
        operation=operation,
        about=str(about).replace("_", "-"),
        method=str(prepared.method),
        path=url.path.removeprefix(base),
        query=url.query,
        headers=headers,
        text=text,
        hex=hexed,
    )


def _kept(headers: Mapping[str, str | bytes]) -> dict[str, str | None]:
    return {
        name: _latin(value)
        for name, value in headers.items()
        if name.lower().startswith(_KEPT) and name.lower() not in _DROPPED
    }


def _as_text(content: bytes) -> tuple[str | None, str | None]:
    try:
        return content.decode(), None
    except UnicodeDecodeError:
        return None, content.hex()


def _without_random_boundary(headers: dict[str, str | None], content: bytes) -> bytes:
    found = re.search(r"boundary=\"?([^\";]+)", headers.get("Content-Type") or "")
    if not found:
        return content
    headers["Content-Type"] = str(headers["Content-Type"]).replace(found[1], _BOUNDARY)
    return content.replace(found[1].encode(), _BOUNDARY.encode())


def _latin(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
