"""Bare language: what the language itself makes of values, without any framework."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Body, HTTPException

router = APIRouter()

OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "sort": sorted,
    "largest": max,
    "less": lambda v: v[0] < v[1],
    "equal": lambda v: v[0] == v[1],
    "contains": lambda v: v[1] in v[0],
    "count": lambda v: len(set(v)),
    "upper": lambda v: v.upper(),
    "lower": lambda v: v.lower(),
    "title": lambda v: v.title(),
    "trim": lambda v: v.strip(),
    "length": len,
    "reverse": lambda v: v[::-1],
    "first": lambda v: v[0],
    "cut": lambda v: v[:2],
    "split": lambda v: v.split(),
    "split-comma": lambda v: v.split(","),
    "split-once": lambda v: v.split(",", 1),
    "lines": lambda v: v.splitlines(),
    "replace": lambda v: v[0].replace("a", v[1]),
    "substitute": lambda v: re.sub(r"(b)", v[1], v[0]),
    "digits": lambda v: bool(re.search(r"^\d+$", v)),
    "word": lambda v: bool(re.search(r"^\w+$", v)),
    "blank": lambda v: bool(re.search(r"^\s+$", v)),
    "any": lambda v: bool(re.search(r"^.$", v)),
    "k": lambda v: bool(re.search(r"^k$", v, re.IGNORECASE)),
    "parts": lambda v: re.split(r"(,)", v),
    "text": str,
    "integer": int,
    "float": float,
    "truth": bool,
    "or": lambda v: v or "default",
    "round": round,
    "fixed": lambda v: f"{v:.2f}",
    "divide": lambda v: v[0] / v[1],
    "whole": lambda v: v[0] // v[1],
    "remainder": lambda v: v[0] % v[1],
    "power": lambda v: v[0] ** v[1],
    "shift": lambda v: v[0] << v[1],
    "add": lambda v: v[0] + v[1],
    "times": lambda v: v[0] * v[1],
    "sum": sum,
    "keys": list,
    "join": ",".join,
    "merge": lambda v: {**v[0], **v[1]},
    "minus-one": lambda v: v[-1],
    "last": lambda v: v[-2:],
    "missing": lambda v: v["missing"],
    "deeper": lambda v: v["missing"]["deeper"],
    "json": json.dumps,
    "quote": quote,
    "unquote": unquote,
    "date": lambda v: datetime.fromisoformat(v).isoformat(),
    "timestamp": lambda v: datetime.fromisoformat(v).timestamp(),
    "earlier": lambda v: datetime.fromisoformat(v[0]) < datetime.fromisoformat(v[1]),
}


@router.post("/language/{operation}")
async def apply_operation(operation: str, v: Annotated[Any, Body(embed=True)]) -> Any:
    if operation not in OPERATIONS:
        raise HTTPException(404)
    return {"v": OPERATIONS[operation](v)}
