"""How a path is shown."""

from pathlib import Path

import pytest

from comparison.paths import shown
from comparison.stacks import ROOT


def test_a_path_is_shown_from_the_project_or_the_current_folder_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(ROOT / "contract" / "openapi.yaml") == "contract/openapi.yaml"
    assert shown(tmp_path / "theirs" / "app.py") == "theirs/app.py"
    assert shown(Path("theirs/app.py")) == "theirs/app.py"
    assert shown(tmp_path.parent / "app.py") == str(tmp_path.parent / "app.py")
