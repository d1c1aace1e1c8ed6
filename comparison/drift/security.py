"""Who may ask: the alternatives of an operation, by what they are and not by names."""

from collections.abc import Iterator, Mapping
from typing import Any

from comparison.contracts.contract import Contract, Operation

NOBODY = "no credentials"


def alternatives(document: Contract, operation: Operation) -> list[str]:
    """Each way to be let in: `apiKey in header authorization`, or `no credentials`."""
    above = document.document.get("security", [])
    needs = operation.definition.get("security", above)
    schemes = document.document.get("components", {}).get("securitySchemes", {})
    found = [_alternative(document, one, schemes) for one in needs] or [NOBODY]
    return [*dict.fromkeys(found)]


def _alternative(
    document: Contract, needs: Mapping[str, Any], schemes: Mapping[str, Any]
) -> str:
    said = []
    for name, scopes in needs.items():
        scheme = document.resolve(schemes.get(name))
        what = " ".join(_words(scheme)) if isinstance(scheme, Mapping) else name
        # Only those of OAuth and OpenID are more than names of roles.
        some = sorted(map(str, scopes)) if isinstance(scopes, list) else []
        said.append(f"{what} with {', '.join(some)}" if some else what)
    return " and ".join(sorted(said)) or NOBODY


def _words(scheme: Mapping[str, Any]) -> Iterator[str]:
    kind = str(scheme.get("type"))
    yield kind
    if kind == "http":
        yield str(scheme.get("scheme")).lower()
    if kind == "apiKey":
        name, place = str(scheme.get("name")), str(scheme.get("in"))
        yield f"in {place} {name.lower() if place == 'header' else name}"
