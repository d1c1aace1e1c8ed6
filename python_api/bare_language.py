"""Bare language: what the language itself makes of values, without any framework."""

import locale
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException

router = APIRouter()

OPERATIONS: dict[str, Callable[[Any], Any]] = {
    "sort": sorted,
    "sort-numbers": sorted,
    "upper": lambda v: v.upper(),
    "lower": lambda v: v.lower(),
    "title": lambda v: v.title(),
    "trim": lambda v: v.strip(),
    "length": len,
    "reverse": lambda v: v[::-1],
    "first": lambda v: v[0],
    "split": lambda v: v.split(),
    "split-comma": lambda v: v.split(","),
    "lines": lambda v: v.splitlines(),
    "replace": lambda v: v.replace("a", "b"),
    "digits": lambda v: v.isdigit(),
    "index": lambda v: v.find("b"),
    "text": str,
    "integer": int,
    "float": float,
    "truth": bool,
    "round": round,
    "round-2": lambda v: round(v, 2),
    "divide": lambda v: v[0] / v[1],
    "remainder": lambda v: v[0] % v[1],
    "power": lambda v: v[0] ** v[1],
    "add": lambda v: v[0] + v[1],
    "equal": lambda v: v[0] == v[1],
    "less": lambda v: v[0] < v[1],
    "largest": max,
    "keys": list,
    "unique": lambda v: list(dict.fromkeys(v)),
    "contains": lambda v: v[1] in v[0],
    "join": lambda v: ",".join(str(one) for one in v),
    "slice": lambda v: v[-2:],
    "at": lambda v: v[-1],
    "get": lambda v: v["missing"],
    "date": lambda v: datetime.fromisoformat(v).isoformat(),
    "timestamp": lambda v: datetime.fromisoformat(v).timestamp(),
    "money": lambda v: f"{v:.2f}",
    "grouped": lambda v: locale.format_string("%d", v, grouping=True),
}


@router.post("/language/{operation}")
async def apply_operation(operation: str, v: Annotated[Any, Body(embed=True)]) -> Any:
    if operation not in OPERATIONS:
        raise HTTPException(404)
    return {"v": OPERATIONS[operation](v)}
