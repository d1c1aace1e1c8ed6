"""What the README shows of a report: pictures of the page, and the end of the text.

    uv run python -m tests.browser.pictures

Our own stacks are compared, one of which has a mistake of `mutants.toml`, in a folder
of their own. The pictures go to `docs/pictures`, the text into the README.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from comparison.stacks import ROOT
from tests.browser.chromium import launched
from tests.browser.window import Scheme, window
from tests.comparison.mutants import mutants, planted

MISTAKE = "js-comment-created-200"
OPERATION = "createComment"
README = ROOT / "README.md"
FOLDER = ROOT / "docs" / "pictures"
WIDTH = 1120
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SAMPLE = re.compile(r"(<!-- sample of a report -->\n```text\n).*?(```\n)", re.DOTALL)
# All workloads but the first, each with its ratio.
MORE = re.compile(r"(?<= as fastapi\n).*?(?=  Geometric mean )", re.DOTALL)


def main() -> int:
    """Compare, take the pictures, and write the sample; 1 if nothing was found."""
    [mistake] = [one for one in mutants() if one.name == MISTAKE]
    with planted(mistake) as (folder, _):
        for name in ("compare.py", "comparison", "docs", "README.md"):
            place = ROOT / name
            copy = shutil.copytree if place.is_dir() else shutil.copy
            copy(place, folder / name)
        done = subprocess.run(
            [sys.executable, "compare.py"],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 1:
            print(f"exit code {done.returncode}, not 1:\n{done.stdout}")
            return 1
        FOLDER.mkdir(exist_ok=True)
        with launched() as browser:
            for scheme in SCHEMES:
                take(browser, folder / "results" / "report.html", scheme)
    write_sample(done.stdout)
    return 0


def take(browser: Browser, report: Path, scheme: Scheme) -> None:
    """The first screen, and the section of the operation that differs."""
    with window(browser, WIDTH, scheme) as opened:
        page = opened.page
        page.goto(report.as_uri())
        page.screenshot(path=FOLDER / f"report-{scheme}.png")
        section = page.locator(f"#operation-{OPERATION}")
        section.screenshot(path=FOLDER / f"operation-{scheme}.png")


def write_sample(text: str) -> None:
    """The end of the text, from the number of differences on, with one workload."""
    sample = text[text.index("\n1 difference") + 1 :]
    sample = MORE.sub("  …\n", sample, count=1)
    before = README.read_text("utf-8")
    after = SAMPLE.sub(lambda at: f"{at[1]}{sample}{at[2]}", before)
    README.write_text(after, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
