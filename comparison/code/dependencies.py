"""What a stack installs: by its lock file, on this platform, for production alone."""

import importlib.metadata
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import Marker

HOW = (
    "Python: uv.lock from the dependencies of pyproject.toml on; where several share"
    " one, from those below the comment that names the folder. JavaScript:"
    " package-lock.json without what is for development. Only what this platform"
    " installs. Sizes are the bytes of the files of all these packages, without"
    " compiled bytecode, and without Python and Node themselves."
)


@dataclass(frozen=True)
class Dependencies:
    """Names of packages, and their size in bytes.

    That is None where one is not installed, or nobody has asked.
    """

    lock: str
    direct: list[str]
    transitive: list[str]
    bytes: int | None


def dependencies(folder: Path, *, sized: bool = True) -> Dependencies | None:
    """Those of the stack in this folder; None if no lock file speaks of it.

    To be `sized` all their files are looked at, which takes a while.
    """
    try:
        return _locked(folder, sized)
    except (OSError, ValueError, KeyError, TypeError):
        # A lock file of another form says nothing that could be counted.
        return None


def _locked(folder: Path, sized: bool) -> Dependencies | None:
    if (folder / "package-lock.json").is_file():
        return _of_npm(folder, sized)
    for place in (folder, *folder.parents):
        if (place / "uv.lock").is_file() and (place / "pyproject.toml").is_file():
            return _of_uv(place, folder, sized)
    return None


def _of_npm(folder: Path, sized: bool) -> Dependencies:
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    packages: Mapping[str, Any] = lock["packages"]
    direct = sorted(packages[""].get("dependencies", {}))
    paths = [
        path
        for path, one in packages.items()
        if path
        and not one.get("dev")
        and not one.get("devOptional")
        # Of those for several platforms the others are not there.
        and (not one.get("optional") or (folder / path).is_dir())
    ]
    # The same package may be there in two versions.
    names = {path.rpartition("node_modules/")[2] for path in paths}
    there = sized and all((folder / path).is_dir() for path in paths)
    size = sum(_size_of_package(folder / path) for path in paths) if there else 0
    return Dependencies(
        "package-lock.json", direct, sorted(names - {*direct}), size if there else None
    )


def _size_of_package(folder: Path) -> int:
    total = 0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "node_modules"]
        total += sum(Path(place, name).lstat().st_size for name in files)
    return total


def _of_uv(place: Path, folder: Path, sized: bool) -> Dependencies | None:
    text = (place / "pyproject.toml").read_text("utf-8")
    wanted = tomllib.loads(text)["project"].get("dependencies", [])
    if place != folder:
        wanted = _section(text, folder.name)
    lock = tomllib.loads((place / "uv.lock").read_text("utf-8"))
    packages = {one["name"]: one for one in lock["package"]}
    roots = [one for one in packages.values() if _is_project(one)]
    direct = sorted({_name(requirement) for requirement in wanted})
    if not direct or not roots:
        return None
    first = [one for one in roots[0]["dependencies"] if one["name"] in direct]
    found = _closure(first, packages)
    return Dependencies(
        "uv.lock",
        [name for name in direct if name in found],
        sorted(found - {*direct}),
        _size_of_distributions(found) if sized else None,
    )


def _section(text: str, folder: str) -> list[str]:
    """The requirements below the comment that names the folder, until the next one."""
    found = re.search(rf"^ *# *{re.escape(folder)}\n((?: *\".*\n)*)", text, re.M)
    return re.findall(r'"([^"]+)"', found[1]) if found else []


def _is_project(package: Mapping[str, Any]) -> bool:
    return bool({"virtual", "editable"} & package.get("source", {}).keys())


def _name(requirement: str) -> str:
    [name] = re.findall(r"^[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(
    first: Iterable[Mapping[str, Any]], packages: Mapping[str, Mapping[str, Any]]
) -> set[str]:
    """All that these need on this platform, they included."""
    waiting, seen = list(first), set[tuple[str, str]]()
    while waiting:
        wanted = waiting.pop()
        if "marker" in wanted and not Marker(wanted["marker"]).evaluate():
            continue
        package = packages[wanted["name"]]
        optional = package.get("optional-dependencies", {})
        for extra in ("", *wanted.get("extra", ())):
            if (wanted["name"], extra) not in seen:
                seen.add((wanted["name"], extra))
                more = optional if extra else package
                waiting += more.get(extra or "dependencies", [])
    return {name for name, _ in seen}


def _size_of_distributions(names: Iterable[str]) -> int | None:
    total = 0
    for name in names:
        try:
            files = importlib.metadata.distribution(name).files or []
        except importlib.metadata.PackageNotFoundError:
            return None
        paths = (Path(str(one.locate())) for one in files if one.suffix != ".pyc")
        total += sum(path.lstat().st_size for path in paths if path.is_file())
    return total
