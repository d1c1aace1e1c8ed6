"""The numbered rules in the README beside a contract, where there is one."""

import re
from pathlib import Path

RULE = re.compile(r"^\| \*\*([A-Z]+\d+)\*\* \| (.+) \|$", re.MULTILINE)


def rules_beside(contract: Path) -> dict[str, str]:
    """The text of every rule by its name."""
    try:
        text = (contract.parent / "README.md").read_text("utf-8", "replace")
    except OSError:
        return {}
    return dict(RULE.findall(text))
