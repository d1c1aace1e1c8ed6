"""A recording as a plan: the exchanges with the API, below the contract's base path."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comparison.contracts.contract import Contract
from comparison.plans.plan import OUTSIDE, Plan
from comparison.recordings.har import Recorded, Recording, RecordingError
from comparison.recordings.infer import Asked, bound


@dataclass(frozen=True)
class Replay:
    """A recording as a plan, without its secrets.

    `secrets` are the values of `${secret.N}` by N, to be had as `values["secret"]`.
    `notes` say in sentences what was left out and what may be missing.
    """

    plan: Plan
    origin: str
    base: str
    secrets: Mapping[str, str]
    notes: tuple[str, ...]


def plan_of(
    recording: Recording, contract: Contract, *, outside: bool = False
) -> Replay:
    """The plan of a recording; with `outside` also what the contract doesn't know.

    Of several origins that was recorded of which most requests fit the contract.
    Raises `RecordingError` where none does.
    """
    origin, base = _api(recording, contract)
    left_out = Counter(dict(recording.left_out))
    asked = []
    for one in recording.exchanges:
        if one.origin != origin:
            left_out[f"to {one.origin}"] += 1
        elif step := _asked(one, base, contract, outside):
            asked.append(step)
        else:
            left_out["not in the contract"] += 1
    steps, secrets = bound(asked)
    notes = tuple(_notes(asked, left_out, contract))
    title = f"recorded at {origin}"
    plan = Plan(f"replay/{recording.name}", steps, title=title)
    return Replay(plan, origin, base, secrets, notes)


def _api(recording: Recording, contract: Contract) -> tuple[str, str]:
    """Origin and base path of which most exchanges fit the contract."""
    fits: Counter[tuple[str, str]] = Counter()
    for one in recording.exchanges:
        parts = one.path.split("/")
        # A template with parameters alone fits everything: fixed words count more.
        for end in range(1, len(parts)):
            below = "/" + "/".join(parts[end:])
            template = contract.template(below)
            if template is not None:
                known = contract.find(one.method, below) is not None
                fixed = sum(bool(p) and p[0] != "{" for p in template.split("/"))
                fits[one.origin, "/".join(parts[:end])] += (1 + known) * (1 + 4 * fixed)
    if not fits:
        hosts = ", ".join(sorted({one.origin for one in recording.exchanges}))
        raise RecordingError(
            f"Nothing in the recording {recording.name!r} fits a path of the contract;"
            f" it holds requests to {hosts}. --contract names another one."
        )
    return max(fits, key=lambda at: (fits[at], at[1] == contract.base, -len(at[1])))


def _asked(one: Recorded, base: str, contract: Contract, outside: bool) -> Asked | None:
    inside = one.path.startswith(f"{base}/")
    below = one.path.removeprefix(base) if inside else one.path
    template = contract.template(below) if inside else None
    if template is not None:
        return Asked(one, below + one.query, template)
    if not outside:
        return None
    return Asked(one, ("" if inside else OUTSIDE) + below + one.query)


def _notes(
    asked: Sequence[Asked], left_out: Mapping[str, int], contract: Contract
) -> Iterator[str]:
    if left_out:
        total = sum(left_out.values())
        said = ", ".join(f"{count} {why}" for why, count in left_out.items())
        yield f"{total} of the recorded requests were left out: {said}."
    bare = sum(_lacks_credentials(one, contract) for one in asked)
    if bare:
        yield (
            f"{bare} of the requests need credentials and have none. Chrome leaves them"
            " out of a sanitized HAR: allow HARs with sensitive data in its settings"
            " for Network, and save the recording again."
        )


def _lacks_credentials(one: Asked, contract: Contract) -> bool:
    path = one.target.partition("?")[0]
    operation = contract.find(one.recorded.method, path)
    if operation is None or contract.is_open(operation):
        return False
    # What was answered 401 is as it was.
    said = one.recorded.header("authorization") or one.recorded.header("cookie")
    refused = 401
    return not said and one.recorded.status != refused
