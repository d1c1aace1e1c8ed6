"""Where a file is, as people and other programs look for it."""

from pathlib import Path

from comparison.stacks import ROOT


def shown(path: Path) -> str:
    """A path below this project, or below the current folder, from there on.

    Any other path is given in full.
    """
    whole = path.resolve()
    for folder in (ROOT, Path.cwd()):
        if whole.is_relative_to(folder):
            return whole.relative_to(folder).as_posix()
    return whole.as_posix()
