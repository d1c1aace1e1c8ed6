"""How much a difference matters: breaking, visible or cosmetic."""

from collections.abc import Mapping
from typing import Literal, get_args

Severity = Literal["cosmetic", "visible", "breaking"]
FailOn = Literal["cosmetic", "visible", "breaking", "never"]

# From the least to the worst.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

# What a client stumbles over is breaking, what only a person sees is visible.
KINDS: Mapping[str, Severity] = {
    "broken": "breaking",
    "status": "breaking",
    "missing": "breaking",
    "null": "breaking",
    "type": "breaking",
    "not-json": "breaking",
    "length": "breaking",
    "media-type": "breaking",
    "header": "visible",
    "duplicate-key": "visible",
    "surplus": "visible",
    "extra": "visible",
    "value": "visible",
    "format": "visible",
    "time": "visible",
    "order": "visible",
}

# What a reply breaks the contract by, beside what is called as a difference is.
VIOLATIONS = ("schema", "request", "written")

# Headers that advertise a server or a proxy, or measure it, and bind no client;
# of Content-Length only whether it is there and 0, which follows from the framing.
COSMETIC_HEADERS = frozenset(
    {
        "alt-svc",
        "content-length",
        "server",
        "server-timing",
        "via",
        "x-aspnet-version",
        "x-generator",
        "x-powered-by",
        "x-process-time",
        "x-response-time",
        "x-runtime",
        "x-served-by",
    }
)


def default_severity(kind: str, where: str) -> Severity:
    """What a difference matters if no rule says otherwise; `where` as compared."""
    if kind == "header" and where.lower() in COSMETIC_HEADERS:
        return "cosmetic"
    return KINDS.get(kind, "visible")


def fails(severity: Severity, fail_on: FailOn) -> bool:
    """Whether a difference of this severity fails a run; with `never` none does."""
    if fail_on == "never":
        return False
    return SEVERITIES.index(severity) >= SEVERITIES.index(fail_on)
