"""Docs: the contract, Swagger UI and ReDoc, all from this machine."""

from pathlib import Path
from typing import Any

import fastapi_offline
import yaml
from fastapi import APIRouter
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from database import CONTRACT
from errors import not_found
from protocol import ContractRoute

FOLDER = Path(fastapi_offline.__file__).parent / "static"
ASSETS = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js")
# ReDoc would fetch its logo from elsewhere.
POLICY = "default-src 'self' 'unsafe-inline' data: blob:"

router = APIRouter(route_class=ContractRoute, include_in_schema=False)


def read_contract() -> dict[str, Any]:
    # The loader in C, where there is one, takes a fifth of the time.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (CONTRACT / "openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, loader)  # noqa: S506
    return document


contract = read_contract()


@router.get("/openapi.json")
async def openapi() -> JSONResponse:
    return JSONResponse(contract)


@router.get("/docs")
async def swagger_ui() -> HTMLResponse:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Conduit · Swagger UI",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    return from_here(page)


@router.get("/redoc")
async def redoc() -> HTMLResponse:
    page = get_redoc_html(
        openapi_url="/openapi.json",
        title="Conduit · ReDoc",
        redoc_js_url="/docs/assets/redoc.standalone.js",
        redoc_favicon_url="data:,",
        with_google_fonts=False,
    )
    return from_here(page)


def from_here(page: HTMLResponse) -> HTMLResponse:
    """The page, which loads nothing from anywhere else."""
    page.headers["Content-Security-Policy"] = POLICY
    return page


@router.get("/docs/assets/{name}")
async def asset(name: str) -> FileResponse:
    if name not in ASSETS:
        raise not_found("path")
    return FileResponse(FOLDER / name)
