"""Swagger UI and ReDoc of a server, as somebody sees and uses them."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.conduit import User
from tests.contract import DOCUMENT
from tests.servers import Server

pytestmark = pytest.mark.any_backend
METHODS = {"get", "put", "post", "delete", "patch"}
OPERATIONS = [
    operation
    for path in DOCUMENT["paths"].values()
    for method, operation in path.items()
    if method in METHODS
]


def test_swagger_ui_shows_every_operation_and_sends_one(
    stack: Server, open_window: Open, alice: User
) -> None:
    """P13: all of it from this server, and a request from the page is answered."""
    tag = "seen-in-swagger"
    alice.publish(tagList=[tag])
    opened = open_window()
    page = opened.page
    page.goto(urljoin(stack.url, "/docs"))
    expect(page.locator(".opblock")).to_have_count(len(OPERATIONS))
    opened.picture(f"swagger-ui-{stack.name}")
    block = page.locator("[id$=-listTags]")
    block.get_by_role("button").first.click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    reply = block.locator(".live-responses-table")
    expect(reply.locator(".response-col_status").last).to_have_text(re.compile("^200"))
    expect(reply).to_contain_text(tag)
    expect(block.locator(".request-url")).to_contain_text(f"{stack.url}/api/tags")
    block.scroll_into_view_if_needed()
    opened.picture(f"swagger-ui-executed-{stack.name}")
    assert all(url.startswith((stack.url, "data:", "blob:")) for url in opened.loaded())


def test_redoc_shows_every_operation(stack: Server, open_window: Open) -> None:
    """P13: all of it from this server."""
    opened = open_window()
    page = opened.page
    page.goto(urljoin(stack.url, "/redoc"))
    expect(page.get_by_role("heading", level=1).first).to_contain_text(
        DOCUMENT["info"]["title"]
    )
    for operation in OPERATIONS:
        section = page.locator(f'div[id$="operation/{operation["operationId"]}"]').first
        expect(section).to_contain_text(operation["summary"])
    opened.picture(f"redoc-{stack.name}")
    assert all(url.startswith((stack.url, "data:", "blob:")) for url in opened.loaded())
    # What a policy stopped, ReDoc's logo, is told as an error.
    opened.faults = [one for one in opened.faults if "Security Policy" not in one]
