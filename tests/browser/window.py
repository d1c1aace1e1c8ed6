"""A page in a browser that remembers what it loaded, and what went wrong in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    FloatRect,
    Page,
    Request,
)

from comparison.stacks import ROOT

Scheme = Literal["light", "dark"]
PICTURES = ROOT / "results" / "pictures"
AXE = ROOT / "node_api" / "node_modules" / "axe-core" / "axe.min.js"
# What a picture shows at most, in CSS pixels of height.
TALLEST = 12_000


@dataclass
class Window:
    """One page; `faults` are errors and warnings of its console, and dialogs."""

    page: Page
    asked: list[Request] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def loaded(self) -> list[str]:
        """The URL of every request that left the browser: not what a policy stopped."""
        return [one.url for one in self.asked if one.failure != "csp"]

    def picture(self, name: str) -> Path:
        """Keep what is to be seen as `results/pictures/NAME.png`."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        height = self.page.evaluate("document.documentElement.scrollHeight")
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
        clip["height"] = min(height, TALLEST)
        self.page.screenshot(path=path, full_page=True, clip=clip)
        return path

    def violations(self) -> list[str]:
        """What axe finds wrong, each with the rule and the first places."""
        # Evaluated, not added: the page's own policy lets no other script in.
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        return [
            f"{one['id']}: {one['help']}: {[n['html'] for n in one['nodes'][:5]]}"
            for one in found["violations"]
        ]

    def _request(self, request: Request) -> None:
        self.asked.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.faults.append(f"a dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def window(
    browser: Browser, width: int = 1440, scheme: Scheme = "light", **more: Any
) -> Iterator[Window]:
    """A page of its own, which is closed with the block."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **more
    )
    try:
        opened = Window(context.new_page())
        page = opened.page
        page.on("request", opened._request)
        page.on("console", opened._hear)
        page.on("pageerror", lambda error: opened.faults.append(str(error)))
        page.on("dialog", opened._dismiss)
        yield opened
    finally:
        context.close()


def address(text: str, folder: Path) -> str:
    """The address of a page that is made here."""
    file = folder / "page.html"
    file.write_text(text, "utf-8")
    return file.as_uri()


def unfold(page: Page) -> None:
    page.evaluate(
        "for (const one of document.querySelectorAll('details')) one.open = true"
    )
