"""What a run was: versions, machine, seed and flags."""

from collections.abc import Iterator, Mapping

from comparison.report import excerpt
from comparison.report.page.appendix import Appendix
from comparison.run import Run


def fingerprint(run: Run, beside: Appendix) -> list[tuple[str, str]]:
    """Names and values, as text on one line each."""
    return [(name, excerpt.line(value)) for name, value in _told(run, beside) if value]


def _told(run: Run, beside: Appendix) -> Iterator[tuple[str, str]]:
    header, footer = run.header, run.footer
    contract = header["contract"]
    yield "started", str(header.get("started", ""))
    yield "took", f"{footer.get('seconds', 0):g} s"
    for stack in header["stacks"]:
        where = stack.get("url") or stack.get("title", "")
        yield f"stack {stack['name']}", where or stack["name"]
        yield f"{stack['name']} runs with", _said(stack.get("versions", {}))
    yield "contract", contract["path"]
    yield "its SHA-256", contract["sha256"]
    yield "seed", str(header["seed"])
    for name, value in header.get("budget", {}).items():
        yield f"budget, {name}", "no limit" if value is None else str(value)
    yield "configuration", header.get("config") or "none"
    yield "selected", " ".join(header.get("select", []))
    yield "ignored", " ".join(header.get("ignore", []))
    yield "fails on", run.fail_on
    yield "plans", f"{footer.get('plans', 0):,}"
    yield "their SHA-256", footer.get("plans_sha256", "")
    for name, value in header.get("machine", {}).items():
        yield name, str(value)
    for side, versions in beside.versions.items():
        yield f"{side} of the atlas", _said(versions)


def _said(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())
